"""Tables whose numbers are written in the style in force, and sort as numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core import figures

# Kind → the format of Streamlit, which knows English and the browser's language, and how else it is written.
KINDS: dict[str, tuple[str, Callable[[float], str]]] = {
    "count": ("localized", figures.count),
    "percent": ("percent", partial(figures.share, digits=0)),
    "ratio": ("%.2f", figures.coefficient),
}


@dataclass(frozen=True)
class Number:
    """A column of numbers: its title, how they are written, and its explanation."""

    title: str | None = None
    kind: Literal["count", "percent", "ratio"] = "count"
    help: str | None = None


def number_table(frame: pd.DataFrame, columns: Mapping[str, Any], **how: Any) -> None:
    """A table without its index.

    Parameters
    ----------
    frame : DataFrame
        What it shows.
    columns : mapping of str
        Column → a `Number`, or its configuration as `st.dataframe` takes it.
    **how
        Further arguments of `st.dataframe`.
    """
    numbers = {name: one for name, one in columns.items() if isinstance(one, Number) and name in frame}
    english = figures.style().is_english
    config = {
        name: st.column_config.NumberColumn(one.title, format=KINDS[one.kind][0] if english else None, help=one.help)
        for name, one in numbers.items()
    }
    forms = {name: KINDS[one.kind][1] for name, one in numbers.items()}
    shown = frame if english else frame.style.format(forms, na_rep=figures.NONE)
    others = {name: one for name, one in columns.items() if not isinstance(one, Number)}
    st.dataframe(shown, hide_index=True, column_config=others | config, **how)
