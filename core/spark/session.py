"""A Spark session, and what its workers need: this program's own modules."""

import atexit
import io
import os
import shlex
import shutil
import socket
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from core.errors import DataError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CONNECT_PORT: Final = 15002  # Spark's own
CONNECT_SECONDS: Final = 10
ROOT: Final = Path(__file__).parents[2]
BATCH_ROWS = 100_000  # Arrow's; with the usual 10,000 it takes twice the time
# Of every session, a remote one too: a part of the rows is a task, whatever Spark thinks of its size.
OPTIONS: Final = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH_ROWS),
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.adaptive.enabled": "true",
    # Rows are worked on in Python; Java's own part is short, and compiling it for each query takes longer than it does.
    "spark.sql.codegen.wholeStage": "false",
}
# Of a session on this machine, unless its user sets others: most of Java's time went to compiling for long runs.
JAVA: Final = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
LOCAL: Final = {
    "spark.driver.extraJavaOptions": JAVA,
    "spark.executor.extraJavaOptions": JAVA,
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
}
SUBMIT: Final = "PYSPARK_SUBMIT_ARGS"


@contextmanager
def connected(*, master: str = "", remote: str = "") -> Iterator["SparkSession"]:
    """A session on a master such as `local[2]`, or of a Spark Connect server such as `sc://host:15002`.

    Without either, Spark's own settings decide. A session that was there before, as in a notebook, is used and stays.

    Raises
    ------
    DataError
        PySpark is not installed, or there is no session to be had.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise DataError("PySpark is not installed.", "Install the extra: pip install -e '.[spark]'.") from None
    if remote:
        _check_reachable(remote)
    # Of pandas' new text, which is handed over as Python's (`work.over`).
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    if (remote or master).startswith("local"):  # workers on this machine have the libraries that this Python has
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ[SUBMIT] = with_local(os.environ.get(SUBMIT, "pyspark-shell"))
    builder = SparkSession.builder.appName("customer segments")
    for name, value in OPTIONS.items():
        builder = builder.config(name, value)
    if remote:
        builder = builder.remote(remote)
    else:
        builder = builder.config("spark.ui.showConsoleProgress", "true")
        builder = builder.master(master) if master else builder
    before = SparkSession.getActiveSession()
    try:
        session = builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        where = remote or master or "Spark's own settings"
        raise DataError(
            f"There is no Spark session at {where}: {_first_line(error)}", "See --master and --remote."
        ) from None
    try:
        _hand_out(session, remote=bool(remote))
        yield session
    finally:
        if before is None:
            session.stop()


def with_local(given: str) -> str:
    """Spark's arguments with `LOCAL` before those of the user, of which the last one counts."""
    ours = [f"--conf {name}={shlex.quote(value)}" for name, value in LOCAL.items() if f"{name}=" not in given]
    return " ".join([*ours, given])


def _check_reachable(remote: str) -> None:
    """Refuse an address that nobody listens at: PySpark itself tries for minutes.

    Raises
    ------
    DataError
        There is no connection to be had.
    """
    address = urlsplit(remote)
    if address.scheme != "sc" or not address.hostname:  # such as local[2], which starts a server
        return
    try:
        socket.create_connection((address.hostname, address.port or CONNECT_PORT), CONNECT_SECONDS).close()
    except OSError as error:
        raise DataError(f"Nobody answers at {remote}: {error}.", "See --remote, and whether the server runs.") from None


def _hand_out(session: "SparkSession", *, remote: bool) -> None:
    """Give the workers the modules of core and the countries, as they are here."""
    if remote:
        session.addArtifacts(archive(), pyfile=True)
    else:
        session.sparkContext.addPyFile(archive())


@cache
def archive() -> str:
    """The path of `modules`, the same while this process lasts: workers that come later take it from there, too."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "core.zip"
    path.write_bytes(modules())
    return str(path)


def modules() -> bytes:
    """The modules of core, countries, currencies and words, as a ZIP archive that Python imports from."""
    archive = io.BytesIO()
    data = ROOT / "data"
    tables = [data / "__init__.py", data / "currencies.csv", *(data / "countries").glob("*/*")]
    tables += (data / "words").iterdir()
    paths = [*(ROOT / "core").rglob("*.py"), *tables]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(paths):
            zipped.write(path, path.relative_to(ROOT).as_posix())
    return archive.getvalue()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
