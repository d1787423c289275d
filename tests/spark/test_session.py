"""The archive that the workers of Spark import core from."""

import subprocess
import sys
from pathlib import Path

from core.spark.session import archive, with_local


def test_countries_are_read_from_the_archive(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {archive()!r})\n"
        "from core.countries import registry\n"
        "australia = registry.countries()['AU']\n"
        "print('.zip' in registry.__file__, australia.name, len(australia.borders) > 0, len(australia.places) > 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "True Australia True True\n"


def test_settings_for_short_jobs_stand_before_those_of_the_user_which_win() -> None:
    given = "--conf spark.ui.enabled=true --conf spark.executor.memory=1g pyspark-shell"
    found = with_local(given)
    assert found.endswith(given)
    assert found.count("spark.ui.enabled") == 1
    assert "--conf spark.driver.extraJavaOptions='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'" in found
