"""A visual that is a table (`core.views.sheet`): sorted by a click on a header, filtered by a click on its rows."""

from functools import partial
from typing import Final

import streamlit as st

from core.figures import count
from core.views.export import to_csv
from core.views.sheet import Sheet, file_of, styled
from core.visuals.visual import Visual
from pages.components.clicks import listen_in_table
from pages.components.text import escape_markdown
from pages.components.trail import download_button
from pages.components.view import View

# Pixels, so that a table fits beside a map. Only words are cut off where they are longer, figures never are.
WIDTHS: Final = {"text": 140, "code": 84, "share": 126, "count": 80, "number": 78}
ORDER: Final = ("share", "count", "number", "code", "text")  # after the first column: a phone shows two of them

ROW: Final = 35  # pixels


def sheet_table(sheet: Sheet, visual: Visual, view: View, most: int = 0) -> None:
    """The rows of the sheet, and a button for all of them as a file; `most` is the greatest height in pixels."""
    (first, *others), everything = sheet.columns, len(sheet.everything)
    st.dataframe(
        styled(sheet),
        hide_index=True,
        height=most if 0 < most < ROW * (len(sheet.rows) + 1) else "content",
        placeholder="–",
        column_order=[first.name, *(one.name for one in sorted(others, key=lambda one: ORDER.index(one.form)))],
        column_config={
            column.name: st.column_config.Column(
                column.title,
                help=escape_markdown(column.hint) or None,
                pinned=column is first or None,
                width=WIDTHS.get(column.form),
            )
            for column in sheet.columns
        },
        alt=visual.alt(view),
        **_listening(sheet, visual, view),
    )
    label = f"All {count(everything)} rows as CSV" if everything > len(sheet.rows) else "Table as CSV"
    download_button(
        label, partial(_file, sheet), f"{visual.key}.csv", "text/csv",
        key=f"{visual.key} file", on_click="ignore", type="tertiary", icon=":material/download:",
    )  # fmt: skip


def _listening(sheet: Sheet, visual: Visual, view: View) -> dict[str, object]:
    return listen_in_table(visual.key, sheet.marks, view.own, view.column_shown) if view.columns else {}


def _file(sheet: Sheet) -> bytes:
    return to_csv(file_of(sheet))
