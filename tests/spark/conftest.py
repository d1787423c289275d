"""One Spark session for all its tests, with separate worker processes where the machine allows."""

import os
import shutil
import socket
from importlib.util import find_spec

import pytest

MASTER = "local-cluster[2,1,768]"  # two workers, each with one core and this memory in MB
# The tests' tables are small and their jobs short: compiling these as if for long ones takes longer than they do.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SETTINGS = {
    "spark.driver.memory": "1g",
    "spark.executor.memory": "512m",
    "spark.ui.enabled": "false",
    "spark.ui.liveUpdate.period": "0",  # how many tasks run is known at once
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.driver.extraJavaOptions": JAVA,
    "spark.executor.extraJavaOptions": JAVA,
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",  # the same cluster behind a server
}


def need_java():
    """Skip where Spark cannot run."""
    if not find_spec("pyspark") or not shutil.which("java"):
        if os.environ.get("CI"):
            pytest.fail("The tests of Spark need the extra `spark` and Java.")
        pytest.skip("needs PySpark and Java")


@pytest.fixture(scope="session")
def server():
    """The address of the Spark Connect server that the session starts, at a port that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"sc://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture(scope="session")
def spark(server):
    """A session, its settings handed over as the command line's user would: in the environment."""
    need_java()
    from core.spark.session import connected

    port = {"spark.connect.grpc.binding.port": server.rpartition(":")[2]}
    settings = " ".join(f"--conf {name}='{value}'" for name, value in {**SETTINGS, **port}.items())
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"{settings} pyspark-shell"
    with connected(master=MASTER) as session:
        yield session
