"""Names of months in the languages that bank files are written in."""

from typing import Final

from core.schema import normalise

SHORTEST: Final = 3  # letters that name a month
# English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish and Danish, Polish, Turkish.
# January to December in each.
_NAMES: Final = (
    "january february march april may june july august september october november december",
    "januar februar maerz april mai juni juli august september oktober november dezember",
    "jaenner feber märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november december",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
)
_SHORT: Final = {"mrt": 3, "sept": 9, "fevr": 2, "juil": 7, "janv": 1}


def month_number(word: str) -> int:
    """The number of a month by its name or the beginning of it, in any language; 0 for no month."""
    name = normalise(word)
    return MONTHS.get(name, 0)


def _beginnings() -> dict[str, int]:
    """Every beginning of a name that only one month has."""
    months: dict[str, set[int]] = {}
    for names in _NAMES:
        for number, name in enumerate(names.split(), start=1):
            plain = normalise(name)
            for length in range(SHORTEST, len(plain) + 1):
                months.setdefault(plain[:length], set()).add(number)
    return {name: next(iter(numbers)) for name, numbers in months.items() if len(numbers) == 1} | _SHORT


MONTHS: Final = _beginnings()
