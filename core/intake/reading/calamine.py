"""What workbooks have in common that calamine reads as a whole, after their bytes were checked."""

import io
from collections.abc import Iterator, Sequence

from python_calamine import CalamineWorkbook, SheetTypeEnum

from core.intake.reading.cells import SheetCells, read_cells


class BinaryWorkbook:
    """A workbook of binary records. Its formulas always have a stored value: `uncomputed` is 0."""

    uncomputed = 0

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self._book = name, CalamineWorkbook.from_filelike(io.BytesIO(content))
        self.titles = [sheet.name for sheet in self._book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]

    def cells(self, titles: Sequence[str]) -> Iterator[tuple[str, SheetCells]]:
        """The cells of some sheets."""
        for title in titles:
            yield title, read_cells(self.name, self._book.get_sheet_by_name(title))
