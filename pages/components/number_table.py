"""Tables whose numbers are written in the style in force: those that sort as numbers, and those whose texts wrap."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core import figures
from core.views.sheet import with_texts
from pages.components.text import escape_markdown

KINDS: Mapping[str, Callable[[float], str]] = {
    "count": figures.count,
    "percent": partial(figures.share, digits=0),
    "share": figures.share,
    "ratio": figures.coefficient,
}


@dataclass(frozen=True)
class Number:
    """A column of numbers: its title, how they are written, and its explanation."""

    title: str | None = None
    kind: Literal["count", "percent", "share", "ratio"] = "count"
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
    config = {name: st.column_config.NumberColumn(one.title, help=one.help) for name, one in numbers.items()}
    others = {name: one for name, one in columns.items() if not isinstance(one, Number)}
    # Formats of Streamlit are English, or follow the language of the browser.
    shown = with_texts(frame, {name: KINDS[one.kind] for name, one in numbers.items()})
    st.dataframe(shown, hide_index=True, column_config=others | config, **how)


def wrapped_table(frame: pd.DataFrame, columns: Mapping[str, str | Number], *, alt: str | None = None) -> None:
    """A table of a few rows to read, without its index: a long text wraps where `number_table` cuts it off.

    Parameters
    ----------
    frame : DataFrame
        What it shows.
    columns : mapping of str
        Column → its title, or a `Number`; others are left out.
    alt : str, optional
        What a screen reader says of it.
    """
    shown = {}
    for name, one in columns.items():
        title, write = (one.title or name, KINDS[one.kind]) if isinstance(one, Number) else (one, str)
        shown[title] = [escape_markdown(write(value)) for value in frame[name]]
    st.table(pd.DataFrame(shown), hide_index=True, alt=alt)
