"""The encodings that a text file can be in."""

import codecs
import re
from typing import Final

from core.errors import DataError

LONGEST: Final = 40  # characters of an encoding's name
# What the Data page offers: those that are recognised (`core.intake.reading.guess`), and UTF-16.
OFFERED: Final = (
    "UTF-8", "Windows-1252", "UTF-16", "Mac Roman", "Windows-1250", "ISO-8859-2", "Windows-1251", "KOI8-R", "CP866",
    "Windows-1253", "Windows-1254", "Windows-1255", "Windows-1256", "Windows-1257", "CP850", "CP874", "GB18030", "Big5",
    "Shift-JIS", "EUC-JP", "EUC-KR",
)  # fmt: skip
# Python knows more: some are no encodings of text (hex, zip), some of other things than files (idna), and UTF-7
# reads most other files without an error.
OF_FILES: Final = re.compile(
    r"ascii|utf_8|utf_8_sig|utf_(16|32)(_le|_be)?|(cp|iso8859_|koi8_|mac_)\w+|hp_roman8|kz1048|ptcp154|tis_620"
    r"|big5\w*|gb2312|gbk|gb18030|euc_\w+|shift_jis\w*|johab|iso2022_\w+"
)


def codec_of(encoding: str, file: str = "") -> str:
    """Python's codec for an encoding by any of its names: `"Windows-1252"` → `cp1252`.

    Raises
    ------
    DataError
        No text file is in such an encoding.
    """
    try:
        codec = codecs.lookup(encoding[: LONGEST + 1]).name
        if OF_FILES.fullmatch(codec.replace("-", "_")):
            return codec
    except (LookupError, ValueError):
        pass
    shown = encoding if len(encoding) <= LONGEST else f"{encoding[:LONGEST]}…"
    raise DataError(f"There is no encoding “{shown}”.", "Choose UTF-8, Windows-1252 or UTF-16.", file=file)
