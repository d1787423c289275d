"""The analyst's notes on visuals and segments: plain text, kept in the session and in a project, shown in exports."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta

from core.errors import RulesError
from core.plain import check_fields

LONGEST: Final = 1000  # characters
MOST: Final = 100
SEGMENT: Final = "segment:"  # begins `Remark.of` of a segment
MADE_OF: Final = "@"  # before what identifies the segments that a note was written on


@dataclass(frozen=True)
class Remark:
    """A note: what it is `of`, which is the key of a visual or `of_segment`, and its text."""

    of: Annotated[str, Meta(min_length=1, max_length=100)]
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST)]

    def __post_init__(self) -> None:
        check_fields(self)


def of_segment(label: str, made_of: str = "") -> str:
    """What a note on a segment is of; `made_of` identifies the segments (`project.names_key`)."""
    return f"{SEGMENT}{label}{MADE_OF}{made_of}" if made_of else f"{SEGMENT}{label}"


def segment_of(remark: Remark) -> str:
    """The label of the segment that a note is on; empty for one on a visual."""
    return remark.of.removeprefix(SEGMENT).partition(MADE_OF)[0] if remark.of.startswith(SEGMENT) else ""


def on(remarks: Iterable[Remark], of: str) -> str:
    """The text of the note on something; empty without one."""
    return next((one.text for one in remarks if one.of == of), "")


def with_remark(remarks: Iterable[Remark], of: str, text: str) -> tuple[Remark, ...]:
    """The notes with a text in place of the one there was; an empty one removes it.

    Raises
    ------
    RulesError
        There are more than `MOST`.
    """
    texts = {one.of: one.text for one in remarks} | {of: text.strip()[:LONGEST]}
    found = tuple(Remark(of, text) for of, text in texts.items() if text)
    if len(found) > MOST:
        raise RulesError(f"There are {MOST} notes already.", "Delete one first.")
    return found


def of_these(remarks: Iterable[Remark], made_of: str) -> tuple[Remark, ...]:
    """The notes on visuals, and those on the segments of now, which are `of_segment` without what identifies them.

    A note on other segments is left out: number 2 of five says nothing about number 2 of six.
    """
    end = MADE_OF + made_of
    return tuple(
        Remark(one.of.removesuffix(end), one.text) for one in remarks if not segment_of(one) or one.of.endswith(end)
    )
