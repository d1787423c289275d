"""The cleaned customers and the segments as files; text a spreadsheet would run is defused."""

import re

import pandas as pd

from core.schema import CLUSTER

# A cell that starts with one of these is a formula to a spreadsheet (OWASP: CSV injection), also after
# characters that some of them trim, and in the widths that Japanese and Chinese ones take for the same sign.
SIGNS = "=+@\\-＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−"
UNSEEN = "\0-\x20\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
FORMULA_START = re.compile(f"[{UNSEEN}]*[{SIGNS}]|[\t\r\0]")
FIGURES = 8  # of a computed number: means are sure to 9 decimals of a standard deviation
WHOLE = 2**53  # from here on a float cannot tell a whole number from the next


def to_csv(table: pd.DataFrame) -> bytes:
    """UTF-8 CSV with every risky text cell and header prefixed by `'`; numbers stay numbers."""
    safe = table.rename(columns=_defuse)
    for name in safe.select_dtypes("float").columns:
        known = safe[name].dropna()
        if ((known % 1 == 0) & (known.abs() < WHOLE)).all():
            safe[name] = safe[name].astype("Int64")
    for name in safe.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in safe.dtypes]]:
        safe[name] = _defuse_column(safe[name])
    text: str = safe.to_csv(index=False, lineterminator="\r\n", date_format="%Y-%m-%d")
    return text.encode()


def segment_sheet(profile: pd.DataFrame, everybody: int, unsure: pd.Series | None = None) -> pd.DataFrame:
    """Per-cluster profile with its share of all customers (`everybody`), clustered or not.

    `unsure` has how many customers of each cluster are unsure of it, where that is known.
    """
    sheet = profile.rename(columns={"cluster": CLUSTER})
    sheet.insert(3, "share_of_all_customers", profile["customers"] / max(everybody, 1))
    if unsure is not None:
        sheet.insert(4, "share_unsure", unsure.to_numpy() / profile["customers"].clip(lower=1))
    return without_noise(sheet)


def without_noise(table: pd.DataFrame) -> pd.DataFrame:
    """A small table with its computed numbers rounded to their significant figures."""
    computed = table.select_dtypes("float")
    return table.assign(
        **{name: [float(f"{value:.{FIGURES}g}") + 0.0 for value in computed[name]] for name in computed}
    )


def _defuse(text: str) -> str:
    return f"'{text}" if FORMULA_START.match(text) else text


def _defuse_column(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.CategoricalDtype):
        if not pd.api.types.is_string_dtype(column.cat.categories.dtype):
            return column
        risky = [text for text in column.cat.categories if _defuse(text) != text]
        return column.astype("str").map(_defuse, na_action="ignore") if risky else column
    if not pd.api.types.is_string_dtype(column.dtype):
        return column
    risky = column.str.match(FORMULA_START).fillna(value=False).to_numpy(bool)
    return column.mask(risky, "'" + column) if risky.any() else column
