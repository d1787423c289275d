"""The archive that the workers of Spark import core from."""

import subprocess
import sys
from pathlib import Path

from core.spark.session import archive


def test_countries_are_read_from_the_archive(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {archive()!r})\n"
        "from core.countries import registry\n"
        "australia = registry.countries()['AU']\n"
        "print('.zip' in registry.__file__, australia.name, len(australia.borders) > 0, len(australia.places) > 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "True Australia True True\n"
