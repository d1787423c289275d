"""A result as one file without rows: `summary.zip`, its cubes and what is told beside them. Read back, all is checked.

The file comes from anybody: nothing in it is run, and what does not fit together is refused.
"""

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.archives import ArchiveError, Limits, open_archive
from core.cubes.check import check_cells, check_counts, check_metadata, check_schema, check_sums
from core.cubes.make import typed
from core.cubes.metadata import Metadata
from core.cubes.plan import ALWAYS, MOST_BYTES, most_cubes, number_columns
from core.documents import Document
from core.files import json_bytes, larger_than, zip_bytes
from core.plain import WrongError, from_plain, shown
from core.segments.model import Model
from core.segments.model_file import from_dict
from core.segments.profile import groups
from core.views.counted import COUNT

NAME: Final = "summary.zip"
METADATA: Final = "summary.json"
FORMAT, VERSION = "summary of customer segments", 2
MOST_MEMBERS: Final = 1000  # entries of the archive: zipfile holds an object for each
DOCUMENT: Final = Document("a result", "JSON", f"Open a {NAME} that this program wrote.", 2**25)
DAMAGES: Final = (
    zipfile.BadZipFile, zlib.error, pa.ArrowException, OSError, ValueError, NotImplementedError, RuntimeError, EOFError,
)  # fmt: skip


@dataclass(frozen=True)
class Contents:
    """What the file has: the cubes, first the one that the cards are made from; what is told; the model."""

    cubes: tuple[pd.DataFrame, ...]
    metadata: Metadata
    model: Model


def to_bytes(contents: Contents) -> bytes:
    """The file; equal contents give equal bytes."""
    metadata = asdict(contents.metadata)
    for column in metadata["columns"]:
        del column["cleaning"]  # a result is clean
    document = {"format": FORMAT, "version": VERSION, "model": contents.model.to_dict(), "told": metadata}
    named = {f"cube_{number}.parquet": _parquet(cube) for number, cube in enumerate(contents.cubes, 1)}
    return zip_bytes({METADATA: json_bytes(document), **named})


def read(content: bytes, file: str = NAME) -> Contents:
    """What is in the file.

    Raises
    ------
    DocumentError
        It is no such file, one of another version, damaged, or its parts do not fit together.
    """
    with DOCUMENT.refusing(file):
        try:
            return _contents(_members(content))
        except DAMAGES:
            raise WrongError("it is damaged, or of another kind") from None


def _members(content: bytes) -> list[bytes]:
    """The bytes of what is told, and of each cube in order."""
    try:
        opened = open_archive(content, Limits(MOST_MEMBERS, MOST_BYTES))
    except ArchiveError as error:
        raise WrongError(str(error)) from None
    with opened as archive:
        sizes = {member.filename: member.file_size for member in archive.infolist()}
        names = [
            METADATA,
            *(name for number in range(1, most_cubes() + 1) if (name := f"cube_{number}.parquet") in sizes),
        ]
        if METADATA not in sizes or len(names) == 1:
            raise WrongError(f"there is no {METADATA} with cubes in it")
        if sizes[METADATA] > DOCUMENT.most_bytes:
            raise WrongError(f"unpacked, it {larger_than(DOCUMENT.most_bytes)}")
        return [archive.read(name) for name in names]


def _contents(members: Sequence[bytes]) -> Contents:
    document = DOCUMENT.plain(members[0], METADATA)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise WrongError(f"{METADATA} is of another kind")
    if document.get("version") != VERSION:
        raise WrongError(f"it is of version {shown(document.get('version'))}, and this program reads {VERSION}")
    metadata, model = from_plain(Metadata, document.get("told"), "told"), from_dict(document.get("model"), METADATA)
    check_metadata(metadata, model)
    cubes = tuple(_cube(content, metadata, model) for content in members[1:])
    for number, cube in enumerate(cubes):
        check_sums({*cube}, number_columns(metadata.columns), first=number == 0)
    if cubes[0].groupby(ALWAYS[0], observed=True)[COUNT].sum().to_dict() != _sizes(model):
        raise WrongError("the customers by segment are not those of the model")
    return Contents(cubes, metadata, model)


def _sizes(model: Model) -> dict[str, int]:
    return {label: size for label, size in model.sizes.items() if size}


def _cube(content: bytes, metadata: Metadata, model: Model) -> pd.DataFrame:
    source = pq.ParquetFile(pa.BufferReader(content))
    check_schema(source, metadata)
    texts = [field.name for field in source.schema_arrow if not pa.types.is_primitive(field.type)]
    # As dictionaries: a text is unpacked once, however many cells have it.
    table = pq.read_table(pa.BufferReader(content), read_dictionary=texts).replace_schema_metadata(None)
    check_counts(table)
    cells = typed(table.to_pandas(), model.rules, groups(model.feature_specs, model.k))
    check_cells(
        cells, sum(model.sizes.values()), {column.name for column in metadata.columns if column.kind == "yes_no"}
    )
    return cells


def _parquet(cube: pd.DataFrame) -> bytes:
    target = io.BytesIO()
    table = pa.Table.from_pandas(cube, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, target, compression="zstd", store_schema=False)
    return target.getvalue()
