"""Files of Stata, SAS and SPSS → tables of text. Values with a label are read as their label, dates as dates."""

import io
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.arrow_table import text_table
from core.intake.reading.bounds import check, check_columns, check_rows
from core.intake.reading.header import unique_names
from core.intake.reading.package import AS_CSV
from core.intake.reading.serials import value_text
from core.intake.reading.tables import NamedBytes, ReadChoices, Reading
from core.intake.reading.workbook import DAMAGE
from core.intake.steps import rejected_frame

BATCH: Final = 100_000  # rows turned into text at a time
NUMBERED: Final = re.compile(r"[A-Za-z]{1,4}_?\d+([_.]\d+)*[a-z]?")  # v12, q3_1: the label says what it is
Loaded = tuple[pd.DataFrame, Mapping[str, str]]  # the rows, and the labels of columns


def read_stata(file: NamedBytes, _: ReadChoices) -> Reading:
    """Read a Stata file (.dta).

    Raises
    ------
    UnreadableFileError
        Damaged, of an unknown version, beyond a bound, or without rows.
    """
    return _read(file, "Stata", _load_stata)


def _by_readstat(format_name: str, function: str) -> Callable[[NamedBytes, ReadChoices], Reading]:
    return lambda file, _: _read(file, format_name, lambda file: _load_by_readstat(file, function))


# Each raises `UnreadableFileError` for a file that is damaged, beyond a bound, or without rows.
read_sas: Final = _by_readstat("SAS", "read_sas7bdat")
read_sas_transport: Final = _by_readstat("SAS transport", "read_xport")
read_spss: Final = _by_readstat("SPSS", "read_sav")
read_spss_portable: Final = _by_readstat("SPSS portable", "read_por")


def _read(file: NamedBytes, format_name: str, load: Callable[[NamedBytes], Loaded]) -> Reading:
    try:
        frame, labels = load(file)
        decisions = {"format": format_name}
        if labelled := {name: labels[name] for name in frame if NUMBERED.fullmatch(str(name)) and labels.get(name)}:
            decisions["columns named by their labels"] = ", ".join(map(str, labelled))
            frame = frame.rename(columns=labelled)
        check_columns(file.name, len(frame.columns))
        names = unique_names(map(str, frame.columns))  # labels may repeat
        table = pa.table({name: _arrow(frame.iloc[:, at]) for at, name in enumerate(names)})
        read = text_table(file.name, table.to_batches(BATCH), decisions, position="line")
    except UnreadableFileError:
        raise
    except (*DAMAGE, pa.ArrowException) as error:
        what = f"The {format_name} file cannot be read: {str(error)[:200].rstrip('.')}."
        raise UnreadableFileError(what, AS_CSV, file=file.name) from None
    return Reading((read,), rejected_frame(file.name, [], [], []))


def _arrow(column: pd.Series) -> pa.Array:
    """A column for Arrow; labels and mixed values as text."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        texts = pa.array([value_text(value) for value in column.cat.categories], pa.string())
        codes = column.cat.codes.to_numpy()
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype("int32"), mask=codes < 0), texts)
    if column.dtype == object:
        return pa.array([None if _is_missing(value) else value_text(value) for value in column], pa.string())
    return pa.Array.from_pandas(column)


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NaT or value != value


def _load_stata(file: NamedBytes) -> Loaded:
    with pd.io.stata.StataReader(io.BytesIO(file.content)) as reader:
        labels = reader.variable_labels()
        check_columns(file.name, len(labels))
        try:
            return reader.read(), labels
        except ValueError as error:
            if "not unique" not in str(error):
                raise
    return pd.read_stata(io.BytesIO(file.content), convert_categoricals=False), labels


def _load_by_readstat(file: NamedBytes, function: str) -> Loaded:
    import pyreadstat  # loads in a fifth of a second, for formats that few have

    read = getattr(pyreadstat, function)
    try:
        _, about = read(io.BytesIO(file.content), metadataonly=True)
        check_columns(file.name, len(about.column_names))
        widths = sum(max(8, width) for width in about.variable_storage_width.values())
        _check_size(file.name, about.number_rows or 0, widths)
        most = min(bounds.MAX_ROWS, bounds.MAX_UNZIPPED // max(widths, 1))
        labels = {"apply_value_formats": True} if about.variable_value_labels else {}
        frame, about = read(io.BytesIO(file.content), row_limit=most + 1, **labels)
        if len(frame) > most:  # some files do not say how many rows they have
            _check_size(file.name, len(frame), widths)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise ValueError(str(error)) from None
    return frame, {name: label or "" for name, label in about.column_names_to_labels.items()}


def _check_size(name: str, rows: int, width: int) -> None:
    check_rows(name, rows)
    check(name, "bytes when unpacked", rows * width, bounds.MAX_UNZIPPED, "Split the file, or leave out columns.")
