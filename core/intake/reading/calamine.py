"""What workbooks have in common that calamine reads as a whole, after their bytes were checked."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from core.intake.reading.cells import Merge, SheetCells, read_cells


class BinaryWorkbook:
    """A workbook of binary records. Its formulas always have a stored value: `uncomputed` is 0."""

    uncomputed = 0

    def __init__(self, name: str, content: bytes, *, from_1904: bool) -> None:
        self.from_1904 = from_1904
        self.name, self._book = name, CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [sheet for sheet in self._book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        self.titles = [sheet.name for sheet in sheets]
        self.hidden = [sheet.name for sheet in sheets if sheet.visible != SheetVisibleEnum.Visible]

    def cells(self, titles: Sequence[str]) -> Iterator[tuple[str, SheetCells]]:
        """The cells of some sheets."""
        for title in titles:
            sheet = self._book.get_sheet_by_name(title)
            ranges = sheet.merged_cell_ranges or ()
            merges = [
                Merge(left, top + 1, low + 1) for (top, left), (low, right) in ranges if left == right and low > top
            ]
            yield title, replace(read_cells(self.name, sheet), merges=merges)
