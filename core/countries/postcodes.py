"""The shapes of a country's postcodes, and repair of zeros that a spreadsheet dropped."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

IGNORED = str.maketrans("", "", " -")
LONGEST = 10  # characters of a postcode, in any country
_DIGIT, _LETTER = re.compile(r"[0-9]"), re.compile(r"[A-Z]")
_HYPHENED = re.compile(r"[0-9]+-[0-9]+")
_NATION = re.compile(r"^[A-Z]{1,2}-(?=[0-9])")  # D-10115, as some write on letters from abroad
_HIDDEN = re.compile(r"[0-9]+[X*]+")  # "941xx": the rest is kept private


def shape_of(postcode: str) -> str:
    """The shape of a postcode: `"k1a 0b1"` → `"A9A9A9"`."""
    return _DIGIT.sub("9", _LETTER.sub("A", bare(postcode)))


def bare(postcode: str) -> str:
    """A postcode in capitals, without country, spaces and hyphens; zeros stand for digits that are hidden."""
    text = _NATION.sub("", postcode.strip().upper()).translate(IGNORED)
    return re.sub("[X*]", "0", text) if _HIDDEN.fullmatch(text) else text


def written_shape(postcode: str) -> str:
    """The shape of a postcode with a hyphen between digits, where it has one: `"1000-001"` → `"9999-999"`."""
    text = postcode.strip()
    return _DIGIT.sub("9", text) if _HYPHENED.fullmatch(text) else shape_of(text)


@dataclass(frozen=True)
class PostcodeRule:
    """The postcodes of a country.

    Parameters
    ----------
    shapes : tuple of str
        The shapes a postcode can have (`shape_of`).
    shortest : int
        The fewest digits that a postcode of digits has left when a spreadsheet took it for a number; 0 where no
        postcode starts with a zero.
    ignored_end : int
        Characters at the end that do not help to find the place.
    starts : tuple of str
        Shapes of the start alone, as files have it that keep the rest private (`"SW1A"`).
    area : int
        How many first characters name an area with enough customers to compare; 0 for all but the ignored end.
    hyphened : tuple of str
        The shapes with the hyphen that the country writes (`written_shape`): `9999-999` is no `999-9999`.
    """

    shapes: tuple[str, ...] = ()
    shortest: int = 0
    ignored_end: int = 0
    starts: tuple[str, ...] = ()
    area: int = 0
    hyphened: tuple[str, ...] = ()

    @property
    def digits(self) -> int:
        """The number of digits of a postcode of digits, the shortest such shape; 0 if there is none."""
        return min((len(shape) for shape in self.shapes if set(shape) == {"9"}), default=0)

    def fits(self, shape: str) -> bool:
        """Whether a postcode of this shape can be the country's, with or without its leading zeros."""
        return shape in self.shapes or shape in self.starts or self.lost_zeros(shape) > 0

    def lost_zeros(self, shape: str) -> int:
        """The leading zeros that a spreadsheet dropped from a postcode of this shape."""
        lost = set(shape) == {"9"} and shape not in self.starts and 0 < self.shortest <= len(shape) < self.digits
        return self.digits - len(shape) if lost else 0

    def restored(self, text: pd.Series) -> pd.Series:
        """Postcodes with the leading zeros that a spreadsheet dropped."""
        if not self.shortest or self.shortest >= self.digits:
            return text
        lost = text.str.fullmatch(rf"\d{{{self.shortest},{self.digits - 1}}}")
        return text.mask(lost, text.str.zfill(self.digits))

    def key(self, postcode: str) -> str:
        """The key to look up a postcode's place; empty if it cannot be one of the country."""
        text = bare(postcode)
        return self.key_of(shape_of(text), text)

    def key_of(self, shape: str, start: str) -> str:
        """The key by a postcode's shape and its first characters, of which there may be fewer."""
        if shape in self.starts:
            return start
        return start[: len(shape) - self.ignored_end] if shape in self.shapes else ""

    def keys(self, postcodes: pd.Series) -> pd.Series:
        """`key` of each of a column's postcodes, of which there can be a million."""
        text = postcodes.astype("str").fillna("").str.upper().str.replace("[ -]", "", regex=True)
        private = text.str.fullmatch(_HIDDEN.pattern)
        if private.any():
            text = text.mask(private, text[private].str.replace("[X*]", "0", regex=True))
        shapes = text.str.replace("[0-9]", "9", regex=True).str.replace("[A-Z]", "A", regex=True)
        numbers, distinct = pd.factorize(shapes)
        lengths = np.array([len(self.key_of(shape, shape)) for shape in distinct], "int64")[numbers]
        keys = pd.Series("", postcodes.index, "str")
        for length in np.unique(lengths[lengths > 0]).tolist():
            keys = keys.mask(lengths == length, text.str[:length])
        return keys

    def areas(self, keys: pd.Series) -> pd.Series:
        """The start of each postcode that names its area, of its `keys`; empty where it cannot be the country's."""
        return keys.str[: self.area or None]
