"""One Spark session for all its tests, with separate worker processes where the machine allows."""

import os
import shutil
from importlib.util import find_spec

import pytest

MASTER = "local-cluster[2,1,768]"
# Little memory and few shuffle files: the tests' tables are small.
SETTINGS = {
    "spark.driver.memory": "1g",
    "spark.executor.memory": "512m",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.default.parallelism": "2",
    # Jobs of a second: compiling them as if for long ones takes longer than they do.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}


def need_java():
    """Skip where Spark cannot run."""
    if not find_spec("pyspark") or not shutil.which("java"):
        if os.environ.get("CI"):
            pytest.fail("The tests of Spark need the extra `spark` and Java.")
        pytest.skip("needs PySpark and Java")


@pytest.fixture(scope="session")
def spark():
    """A session, its settings handed over as the command line's user would: in the environment."""
    need_java()
    from core.spark.session import connected

    os.environ["PYSPARK_SUBMIT_ARGS"] = arguments(SETTINGS)
    with connected(master=MASTER) as session:
        yield session


def arguments(settings):
    """Settings as Spark takes them from the environment."""
    return " ".join([*(f"--conf {name}='{value}'" for name, value in settings.items()), "pyspark-shell"])
