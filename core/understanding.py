"""What was understood of some files: what a row is, wealth, features, place, and what is no feature; with doubts."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from core.countries.decide import AUTO, NONE
from core.countries.registry import country_of, home_of
from core.customer_base import CustomerBase
from core.figures import count
from core.intake.country_question import KEY as COUNTRY_KEY
from core.intake.flags import NOT_DEFINED
from core.intake.match import TableSource
from core.intake.meaning.header import without_unit
from core.intake.meaning.role import SURE, Match
from core.intake.rows.decide import A_ROW
from core.meanings import MEANINGS
from core.questions import Question
from core.schema import BY_NAME, in_sentence, normalise
from core.segments.profile import Segments

ROWS, WEALTH, FEATURES, PLACE, BORDERS = "rows", "wealth", "features", "place", "borders"
UNUSED = "unused"
# Meanings that are no feature unless asked for, in the order they are listed in.
NO_FEATURES: Final = ("outcome", "result", "code", "area", "weight", "constant")
MOST_LISTED: Final = 6  # headers of one meaning; the table of columns has all
SCALED: Final = {"log": " (by logarithm)", "robust": " (by median and quartiles)"}
DIGITS: Final = 15  # of a digest: enough to tell the files of a bank apart


@dataclass(frozen=True)
class Finding:
    """One thing that was understood.

    Parameters
    ----------
    key, label : str
        Its name in the code, and on the page.
    text : str
        What was understood.
    doubts : tuple of str
        Why it may be wrong, as sentences.
    headers : tuple of str
        The columns of the files it comes from.
    """

    key: str
    label: str
    text: str
    doubts: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


def findings(study: CustomerBase, segments: Segments) -> tuple[Finding, ...]:
    """What was understood of the files of some customers, whose segments show the features in use."""
    unused = _unused(study)
    return (
        Finding(ROWS, "Rows", _rows(study), _asked(study, ROWS)),
        _wealth(study),
        _features(study, segments),
        Finding(PLACE, "Country", _place(study), _asked(study, PLACE)),
        *_borders(study),
        *([Finding(UNUSED, "Not features", unused)] if unused else []),
    )


def in_one_line(found: Collection[Finding]) -> str:
    """All findings but what is no feature, as a line."""
    rows, *others = (one for one in found if one.key != UNUSED)
    return " · ".join([rows.text, *(f"{one.label.lower()}: {one.text}" for one in others)])


def confirmation(study: CustomerBase, found: Collection[Finding]) -> str:
    """What identifies the columns of some files and the doubts about them: next month's file has the same.

    Neither the order of files and columns counts, nor what is in them.
    """
    headers = sorted({normalise(match.header) for source in study.sources for match in source.matches})
    doubtful = sorted(one.key for one in found if one.doubts)
    digest = hashlib.sha256(repr((headers, doubtful)).encode()).hexdigest()[:DIGITS]
    return f"c{digest}"  # no text that could be a number


def about(question: Question) -> str:
    """The finding that a question is on."""
    return PLACE if question.key == COUNTRY_KEY else ROWS


def _asked(study: CustomerBase, key: str) -> tuple[str, ...]:
    """The questions on a finding."""
    return tuple(one.text for one in study.questions if about(one) == key)


def _rows(study: CustomerBase) -> str:
    used = [source for source in study.sources if not source.use.startswith("not used")]
    customers = f"{count(study.size)} {'customer' if study.size == 1 else 'customers'}"
    if decided := _what_rows_are(used):
        return f"{customers}; {decided}"
    if asked := [question for question in study.questions if about(question) == ROWS]:
        taken = "; ".join(map(_proposal, asked))
        return f"{customers}; {taken}"
    return f"{customers}, one per row" if len(used) == 1 else f"{customers}, from {len(used)} tables"


def _what_rows_are(sources: Collection[TableSource]) -> str:
    """What a row of each table is, where it is no customer: once for the tables of which it is the same."""
    tables: dict[str, list[str]] = {}
    for source in sorted(sources, key=lambda one: one.table):
        if A_ROW in source.decisions:
            tables.setdefault(source.decisions[A_ROW], []).append(source.table)
    return "; ".join(f"a row of {_listed(names)} is {way}" for way, names in tables.items())


def _proposal(question: Question) -> str:
    label = next((one.label for one in question.options if one.value == question.proposal), question.proposal)
    return f"a row of {question.about} is taken for {label[:1].lower()}{label[1:]}"


def _wealth(study: CustomerBase) -> Finding:
    wealth = study.wealth
    headers = () if wealth.by_segment or not wealth.source else (wealth.source,)
    doubts = [*filter(None, [wealth.doubt]), *_unsure(study, headers)]
    if wealth.by_segment:
        return Finding(WEALTH, "Wealth", "the wealth segment", tuple(doubts))
    if not wealth.has_band:
        text = f"{NOT_DEFINED[:1].lower()}{NOT_DEFINED[1:]}: {wealth.why}"
        return Finding(WEALTH, "Wealth", text, (*doubts, "Nothing tells the mass affluent."), headers)
    kind = "relative band, " if wealth.relative else ""
    text = f"{without_unit(wealth.name)}, {wealth.band} {wealth.currency}".strip() + f" ({kind}{wealth.why})"
    return Finding(WEALTH, "Wealth", text, tuple(doubts), headers)


def _features(study: CustomerBase, segments: Segments) -> Finding:
    names = [f"{_label(study, name)}{SCALED.get(how, '')}" for name, how in segments.scalings.items()]
    made_of = {column: header for header, column in study.result_columns.items()}
    headers = tuple(made_of[name] for name in segments.made_of if name in made_of)
    few = {0: "No column of numbers varies: there is nothing to make segments from.",
           1: "There is only one feature: the segments are bands of it."}.get(len(names))  # fmt: skip
    doubts = (*filter(None, [few]), *_unsure(study, headers))
    return Finding(FEATURES, "Features", ", ".join(names) or "none", doubts, headers)


def _unsure(study: CustomerBase, headers: Collection[str]) -> Iterator[str]:
    """A sentence on each of some columns whose meaning is less sure than the analyst need not be asked about."""
    for header, match in _matches(study).items():
        if header in headers and match.confidence < SURE:
            yield f"“{header}” is taken for {match.label.lower()}, which is not sure: {match.evidence}."


def _place(study: CustomerBase) -> str:
    country = country_of(study.country)
    chosen = study.rules.intake.currency
    codes = sorted({column.currency for column in study.columns if column.currency})
    money = " and ".join(codes) or (home_of(study.country) if chosen == AUTO else "" if chosen == NONE else chosen)
    return ", ".join(filter(None, [country.name if country else "", money])) or "not known"


def _borders(study: CustomerBase) -> Iterator[Finding]:
    territories = study.territories
    if text := territories.described:
        headers = (territories.fit.header,) if territories.fit else ()
        yield Finding(BORDERS, "Borders", text, tuple(filter(None, [territories.doubt])), headers)


def _unused(study: CustomerBase) -> str:
    """The columns that are no feature by what they mean, by meaning."""
    left_out = [
        match for match in _matches(study).values() if match.role not in BY_NAME and match.meaning in NO_FEATURES
    ]
    by_meaning = groupby(sorted(left_out, key=lambda one: NO_FEATURES.index(one.meaning)), key=lambda one: one.meaning)
    return "; ".join(f"{_listed([one.header for one in of])} ({MEANINGS[key].label.lower()})" for key, of in by_meaning)


def _listed(headers: list[str]) -> str:
    more = len(headers) - MOST_LISTED
    return ", ".join(headers[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def _matches(study: CustomerBase) -> Mapping[str, Match]:
    """The columns of all tables by header; of several the surest, in the order of the headers."""
    found = sorted((match for source in study.sources for match in source.matches), key=lambda one: one.confidence)
    return dict(sorted({match.header: match for match in found}.items()))


def _label(study: CustomerBase, name: str) -> str:
    column = study.column(name) or BY_NAME.get(name)
    return in_sentence(name, column.label) if column else name
