"""Which encoding a text has that is not UTF-8: the one under which its letters make words of some language."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Final

from charset_normalizer import from_bytes

# Shown name, codec, and the letters beyond ASCII of the languages written in it, one string per language.
WESTERN: Final = (
    "àâæçéèêëîïôœùûüÿ", "äöüß", "áéíñóúüªº", "áâãàçéêíóôõúüªº", "àèéìíîòóùú", "åäöæøéü", "áéíóúýðþæö", "éèëïóöü",
    "àçéèíïóòúü·",
)  # fmt: skip
CENTRAL: Final = ("ąćęłńóśźż", "áčďéěíňóřšťúůýžäĺľŕô", "áéíóöőúüű", "ăâîşţșț", "čćđšž", "äöüß")
CYRILLIC: Final = ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя№", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя№")
SINGLE: Final = (
    ("Windows-1252", "cp1252", WESTERN),
    ("Mac Roman", "mac_roman", WESTERN),
    ("Windows-1250", "cp1250", CENTRAL),
    ("ISO-8859-2", "iso8859_2", CENTRAL),
    ("Windows-1254", "cp1254", ("çğıöşüâîi̇",)),
    ("Windows-1257", "cp1257", ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž")),
    ("CP850", "cp850", WESTERN),
    ("Windows-1255", "cp1255", ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",)),
    ("Windows-1251", "cp1251", CYRILLIC),
    ("KOI8-R", "koi8_r", CYRILLIC[:1]),
    ("CP866", "cp866", CYRILLIC[:1]),
    ("Windows-1253", "cp1253", ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",)),
    ("Windows-1256", "cp1256", ("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ",)),
    ("CP874", "cp874", ("กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะัาำิีึืฺุูเแโใไๅๆ็่้๊๋์ํ",)),
)
# Shown name, codec, and the bytes of its usual characters: those of the first level, and signs and kana.
DOUBLE: Final = (
    ("GB18030", "gb18030", rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]"),
    ("Big5", "big5", rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]"),
    ("Shift-JIS", "cp932", rb"[\x81-\x83\x88-\x97][\x40-\x7e\x80-\xfc]"),
    ("EUC-JP", "euc_jp", rb"[\xa1-\xa5\xb0-\xcf][\xa1-\xfe]"),
    ("EUC-KR", "cp949", rb"[\xa1-\xa3\xb0-\xc8][\xa1-\xfe]"),
)
NAMES: Final = {codec: name for name, codec, _ in SINGLE} | {codec: name for name, codec, _ in DOUBLE}
FIRST: Final = "cp1252"  # taken unless another fits better: most files that are not UTF-8 have it
SURER: Final = 1  # letters that must fit better than under the first
CLOSE: Final = 0.05  # of the letters: encodings that fit nearly as well as the best one are told apart by the library
SAMPLE: Final = 1 << 14  # bytes of lines beyond ASCII that are looked at
SIGNS: Final = "€£¥§©®°–—‘’“”„‚«»…•·™¡¿ \xad´±²³µ½¼¾"  # of names, prices and notes
APOSTROPHES: Final = "’·´-\xad"  # may stand inside a word
EASTERN_WORD = re.compile("[а-яёєіїґα-ωάέήίόύώϊϋ]{3,}")  # in Cyrillic or Greek, which write their vowels
FINAL_INSIDE = re.compile("[ךםןףץ][א-ת]")  # Hebrew letters that end a word
VOWEL = re.compile("[аеёиоуыэюяєіїαεηιουωάέήίόύώϊϋ]")
NOT_ASCII_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def not_ascii_sample(content: bytes, most: int = SAMPLE) -> bytes:
    """The first lines beyond ASCII of a text, until they have so many bytes; those of chunks of whole lines add up."""
    lines, length = [], 0
    for match in NOT_ASCII_LINE.finditer(content):
        lines.append(match[0])
        length += len(lines[-1]) + 1
        if length >= most:
            break
    return b"\n".join(lines)


def guessed_encoding(sample: bytes) -> tuple[str, str]:
    """Name and codec of a sample of lines beyond ASCII that are not UTF-8."""
    sample = sample[: 2 * SAMPLE]
    costs = {codec: _cost_of_words(sample, codec, languages) for _, codec, languages in SINGLE}
    costs |= {codec: _cost_of_pairs(sample, codec, usual) for _, codec, usual in DOUBLE}
    best = min(costs.values())
    if costs[FIRST] < best + SURER:
        return NAMES[FIRST], FIRST
    close = [codec for codec, cost in costs.items() if cost <= best + CLOSE * len(sample)]
    likeliest = min(close, key=lambda codec: costs[codec])
    if len(close) > 1 and any(codec in close for _, codec, _ in DOUBLE):
        found = from_bytes(sample, cp_isolation=close, steps=1, chunk_size=len(sample)).best()
        likeliest = found.encoding if found and found.encoding in close else likeliest
    return NAMES[likeliest], likeliest


def _cost_of_words(sample: bytes, codec: str, languages: tuple[str, ...]) -> float:
    """Characters beyond ASCII that do not fit: not of the likeliest language, or not where they could be in a word."""
    text = sample.decode(codec, "replace")
    letters = [character.lower() for character in NOT_ASCII.findall(text)]
    words = [letter for letter in letters if letter not in SIGNS]
    foreign = min(sum(letter not in language for letter in words) for language in languages)
    unspeakable = sum(not VOWEL.search(word) for word in EASTERN_WORD.findall(text.lower()))
    unspeakable += len(FINAL_INSIDE.findall(text))
    return foreign + unspeakable + 2 * text.count("\ufffd") + sum(_misplaced(text))


def _misplaced(text: str) -> Iterator[bool]:
    """For each pair of characters with one beyond ASCII, whether no word has them side by side."""
    for at, (left, right) in enumerate(pairwise(text)):
        if left < "\x80" and right < "\x80":
            continue
        if left.isalpha() and right.isalpha():
            before_upper = left.islower() and right.isupper()
            twice = left.isupper() and right.isupper() and text[at + 2 : at + 3].islower() and right >= "\x80"
            yield before_upper or twice or _alphabet(left) != _alphabet(right) or _is_accented_run(text, at)
        elif left.isalpha() and right >= "\x80":
            yield right not in APOSTROPHES and text[at + 2 : at + 3].isalpha()
        elif left.isalpha() and left >= "\x80" and right.isdigit():
            yield True
        elif right.isalpha() and left >= "\x80":
            yield left in "£¥§©®°²³½¼¾±µ¯¹¨¸¦" or left not in SIGNS + "ºª"


def _is_accented_run(text: str, at: int) -> bool:
    """Whether three letters of the Latin alphabet beyond ASCII follow each other."""
    run = text[at : at + 3]
    return len(run) == 3 and all(letter >= "\x80" and letter.isalpha() and _alphabet(letter) == 0 for letter in run)


@cache
def _alphabet(letter: str) -> int:
    """A number for the script of a letter: 0 for Latin."""
    return 0 if letter < "\u0250" else ord(letter) >> 8 if letter < "\u2e80" else 1 << 10


def _cost_of_pairs(sample: bytes, codec: str, usual: bytes) -> float:
    """Pairs of bytes that are rare characters or none, each counted as two bytes; letters of ASCII beside them too."""
    text = sample.decode(codec, "replace")
    broken = text.count("\ufffd")
    characters = NOT_ASCII.findall(text)
    rare = sum(
        not re.fullmatch(usual, character.encode(codec, "replace")) for character in characters if character != "\ufffd"
    )
    mixed = len(re.findall(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]", text))
    return 2 * rare + 4 * broken + mixed
