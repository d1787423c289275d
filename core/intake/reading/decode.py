"""Bytes of any usual encoding → UTF-8 bytes without BOM and NULs, and the decisions."""

import codecs
import re

from core.encodings import codec_of
from core.errors import UnreadableFileError
from core.intake.reading.guess import FIRST, NAMES, guessed_encoding, not_ascii_sample
from core.intake.reading.marks import without_invisible
from core.intake.reading.tables import NamedBytes

# UTF-32 before UTF-16, whose mark it begins with.
MARKS = {
    codecs.BOM_UTF8: ("UTF-8", "utf-8"),
    codecs.BOM_UTF32_LE: ("UTF-32", "utf-32"),
    codecs.BOM_UTF32_BE: ("UTF-32", "utf-32"),
    codecs.BOM_UTF16_LE: ("UTF-16", "utf-16"),
    codecs.BOM_UTF16_BE: ("UTF-16", "utf-16"),
}
CHUNK_BYTES = 1 << 20  # bytes decoded at a time, so that no second copy of the file is held
HEAD = 4096  # bytes that tell text from a renamed binary
NUL_SHARE = 0.2  # UTF-16 text of western languages has a NUL in nearly every second byte
CONTROLS = re.compile(r"[\x02-\x08\x0b\x0e-\x1b\x7f]")  # \x01 and \x1c-\x1f serve as delimiters
NOT_BLANK = re.compile(rb"[^\x00 \t\r\n]")
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
NOT_ASCII = re.compile(rb"[\x80-\xff]")
# What Python's "surrogateescape" makes of bytes that are no UTF-8, and what they are in Windows-1252.
ESCAPED = re.compile("[\udc80-\udcff]")
WINDOWS_1252 = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
JUDGED = "encoding judged by"  # subject of a decision
REPLACED = "\ufffd"
REMEDY = "Save the table as CSV and choose that file."


def decode(file: NamedBytes, encoding: str = "") -> tuple[bytes, dict[str, str]]:
    """The file's text as UTF-8, and the decisions on its encoding.

    Raises
    ------
    UnreadableFileError
        Empty, not text, or the chosen encoding is unknown.
    """
    content = file.content
    if not NOT_BLANK.search(content):
        raise UnreadableFileError("The file is empty.", "Choose a file with one row per customer.", file=file.name)
    name, codec = _chosen_encoding(file, encoding) if encoding else _detected_encoding(content)
    text, mended, unknown = _as_utf8(content, codec)
    text, nuls = _without_nuls(file, text)
    text, invisible = without_invisible(text.removeprefix(codecs.BOM_UTF8))
    _check_is_text(file, text)
    decisions = {"encoding": name}
    if not encoding and codec in NAMES and codec != FIRST:
        decisions[JUDGED] = "its letters"
    if mended:
        decisions["bytes that are not UTF-8"] = f"{mended:,}, read as Windows-1252"
    if unknown:
        decisions["characters not understood"] = f"{unknown:,}, each shown as {REPLACED}"
    if nuls:
        decisions["NUL characters removed"] = f"{nuls:,}"
    if invisible:
        decisions["invisible marks removed"] = f"{invisible:,}"
    return text, decisions


def _without_nuls(file: NamedBytes, text: bytes) -> tuple[bytes, int]:
    """The text without NULs, and their number. NULs at the end do not make it a binary file."""
    padded = len(text)
    text = text.rstrip(b"\x00")
    inside = text.count(0) if 0 in text else 0  # `in` takes a sixth of the time of `count`
    if inside > len(text) * NUL_SHARE:
        raise UnreadableFileError("This is not a text file.", REMEDY, file=file.name)
    return text.replace(b"\x00", b"") if inside else text, padded - len(text) + inside


def _chosen_encoding(file: NamedBytes, encoding: str) -> tuple[str, str]:
    codec = codec_of(encoding, file.name)
    marks = tuple(mark for mark, (_, mark_codec) in MARKS.items() if mark_codec == codec)
    if codec not in ("utf-16", "utf-32") or file.content.startswith(marks):
        return encoding, codec
    detected = _detected_encoding(file.content)[1]  # without a mark, Python's codec needs the byte order
    return encoding, detected if detected.startswith(f"{codec}-") else f"{codec}-le"


def _detected_encoding(content: bytes) -> tuple[str, str]:
    """Name and codec: the byte order mark, else NULs at every second byte, else UTF-8 if it fits."""
    known = by_head(content[:HEAD], len(content))
    if known or _is_valid_utf8(content):
        return known or ("UTF-8", "utf-8")
    return by_votes(utf8_votes(content), not_ascii_sample(content))


def by_votes(votes: tuple[int, int], lines: bytes) -> tuple[str, str]:
    """UTF-8 by the counts of `utf8_votes`, else as the letters of a sample say (`guess`).

    Votes and samples of chunks of whole lines add up.
    """
    valid, invalid = votes
    return ("UTF-8", "utf-8") if valid >= invalid else guessed_encoding(lines)


def chunk_text(content: bytes, codec: str) -> bytes:
    """A chunk of whole lines as UTF-8 text; its codec is known."""
    return without_invisible(_as_utf8(content, codec)[0].replace(b"\x00", b""))[0]


def by_head(head: bytes, size: int) -> tuple[str, str] | None:
    """Name and codec by the first bytes and the size of a file; None if they do not decide."""
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding
    odd, even = head[1::2].count(0), head[::2].count(0)
    if size % 2 == 0 and max(odd, even) > NUL_SHARE * len(head) and min(odd, even) * 20 <= max(odd, even):
        return "UTF-16", "utf-16-le" if odd > even else "utf-16-be"
    return None


def _is_valid_utf8(content: bytes) -> bool:
    if content.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), CHUNK_BYTES):
            decoder.decode(content[start : start + CHUNK_BYTES], final=start + CHUNK_BYTES >= len(content))
    except UnicodeDecodeError:
        return False
    return True


def utf8_votes(content: bytes) -> tuple[int, int]:
    """Number of valid UTF-8 sequences, and of other bytes beyond ASCII. Windows-1252 text has hardly any valid ones."""
    valid = invalid = 0
    for start in range(0, len(content), CHUNK_BYTES):
        chunk = content[start : start + CHUNK_BYTES]
        sequences = MULTIBYTE.findall(chunk)
        valid += len(sequences)
        invalid += len(NOT_ASCII.findall(chunk)) - sum(map(len, sequences))
    return valid, invalid


def _as_utf8(content: bytes, codec: str) -> tuple[bytes, int, int]:
    """UTF-8 bytes (not copied if the content is UTF-8), and two counts.

    The counts are bytes read as Windows-1252 because they are not UTF-8, and characters that could not be decoded.
    """
    if codec == "utf-8" and _is_valid_utf8(content):
        return content, 0, 0
    decoder = codecs.getincrementaldecoder(codec)("surrogateescape" if codec == "utf-8" else "replace")
    mended, unknown, parts = 0, 0, []
    for start in range(0, len(content), CHUNK_BYTES):
        text = decoder.decode(content[start : start + CHUNK_BYTES], start + CHUNK_BYTES >= len(content))
        if codec == "utf-8" and (escaped := len(text) - len(ESCAPED.sub("", text))):
            mended += escaped
            text = text.translate(WINDOWS_1252)
        unknown += text.count(REPLACED)
        parts.append(text.encode("utf-8", errors="replace"))
    return b"".join(parts), mended, unknown


def _check_is_text(file: NamedBytes, text: bytes) -> None:
    """Refuse text with many control characters, such as a renamed binary file."""
    head = text[:HEAD].decode("utf-8", errors="ignore")
    if len(CONTROLS.findall(head)) > len(head) / 20:
        raise UnreadableFileError("This is not a text file.", REMEDY, file=file.name)
