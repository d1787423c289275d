r"""The lines of UTF-8 text by number; \n, \r\n and \r end a line, as in an editor."""

import io
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np


class Lines:
    """The lines of a text, indexed on first use."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def __iter__(self) -> Iterator[str]:
        return iter(io.TextIOWrapper(io.BytesIO(self.text), encoding="utf-8", errors="replace", newline=""))

    @cached_property
    def count(self) -> int:
        """Number of lines; the last one may lack its end."""
        text = self.text
        ends = text.count(b"\n")
        if b"\r" in text:
            ends += text.count(b"\r") - text.count(b"\r\n")
        return ends + bool(text and not text.endswith((b"\n", b"\r")))

    @cached_property
    def ends(self) -> np.ndarray:
        """Offset behind each line's end; the last line may lack one."""
        data = np.frombuffer(self.text, dtype="uint8")
        ends = data == ord("\n")
        if b"\r" in self.text:
            returns = data == ord("\r")
            returns[:-1] &= ~ends[1:]
            ends |= returns
        positions = np.flatnonzero(ends) + 1
        return (
            positions
            if not len(data) or (len(positions) and positions[-1] == len(data))
            else np.append(positions, len(data))
        )

    @property
    def filled(self) -> np.ndarray | None:
        """Numbers of the lines that are not empty; None if all are not."""
        text = self.text
        if not text.startswith((b"\n", b"\r")) and not any(pair in text for pair in (b"\n\n", b"\n\r", b"\r\r")):
            return None
        data = np.frombuffer(text, dtype="uint8")
        begins = np.concatenate([[0], self.ends[:-1]]).astype("int64") if len(self.ends) else self.ends
        return np.flatnonzero(~np.isin(data[begins], (ord("\n"), ord("\r")))) + 1

    def between(self, line: int, after: int | None) -> str:
        """The text from one line up to another, or to the end, without the last line end."""
        begin = int(self.ends[line - 2]) if line > 1 else 0
        end = int(self.ends[after - 2]) if after else len(self.text)
        return self.text[begin:end].decode("utf-8", errors="replace").rstrip("\r\n")


class RecordTexts:
    """The text of records by the line they start on; each ends where the next starts."""

    def __init__(self, lines: Lines, starts: Sequence[np.ndarray]) -> None:
        self.lines, self.unsorted = lines, starts

    @cached_property
    def starts(self) -> np.ndarray:
        """The lines on which records start."""
        return np.sort(np.concatenate(self.unsorted))

    def __call__(self, numbers: Sequence[int]) -> list[str]:
        """The text of some records."""
        starts = self.starts
        after = np.searchsorted(starts, numbers, side="right")
        return [
            self.lines.between(number, int(starts[at]) if at < len(starts) else None)
            for number, at in zip(numbers, after, strict=True)
        ]
