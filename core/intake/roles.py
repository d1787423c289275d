"""Propose the role and the meaning of each column of a table, by its header and its values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from core.countries.votes import called
from core.errors import RulesError
from core.figures import exact
from core.intake.column_profile import ColumnProfile, Profiles, profile_table
from core.intake.meaning.canonical import age_times, candidates, header_key, without_noise_words
from core.intake.meaning.fit import FEW, answers_only
from core.intake.meaning.header import parse_header
from core.intake.meaning.nations import with_nations
from core.intake.meaning.own import chosen_match, own_match
from core.intake.meaning.role import (
    CATEGORY,
    CHOSEN,
    COUNTING,
    MEASURE,
    NO_ROLE,
    OTHER_ROLES,
    PERSONAL_EVIDENCE,
    PERSONAL_ROLE,
    ROLES,
    SURE,
    Match,
    label_of,
)
from core.intake.meaning.vocabulary import senses
from core.intake.rows.words import ACCOUNTS, ALONE, NAMES
from core.schema import (
    ADDED,
    BY_HEADER,
    CERTAINTIES,
    CLUSTER,
    HIGH_POTENTIAL,
    ID,
    MASS_AFFLUENT,
    PERSONAL,
    PERSONAL_WORDS,
    POSTCODE,
    SCORED,
    Column,
    normalise,
)  # fmt: skip

__all__ = [
    "CATEGORY",
    "CHOSEN",
    "COUNTING",
    "MEASURE",
    "NO_ROLE",
    "OTHER_ROLES",
    "PERSONAL_ROLE",
    "ROLES",
    "SURE",
    "Match",
    "label_of",
    "left_out",
    "propose",
    "propose_by",
]

TIED: Final = 0.55  # confidence in one of several columns that fit a role alike
FIRST_JOB: Final = 14  # years; nobody is a customer in their own right much before
# Columns of this program's own output, by those of them that are no one else's headers.
RESULTS: Final = tuple(
    (frozenset(map(normalise, signs)), frozenset(map(normalise, columns)))
    for signs, columns in (
        ((MASS_AFFLUENT, HIGH_POTENTIAL), (*ADDED, CLUSTER, *CERTAINTIES)),
        (SCORED[-2:], (*SCORED, CLUSTER)),
    )
)
# Numbers of these stand for a customer where nothing else does.
STANDING: Final = ACCOUNTS - {"mandate", "deposit"}


def propose(frame: pd.DataFrame, chosen: Mapping[str, str]) -> tuple[Match, ...]:
    """Give every column of a table a role, each canonical one at most once; the analyst's choices come first.

    Raises
    ------
    RulesError
        The analyst chose a role that there is not.
    """
    return propose_by(profile_table(frame), chosen)


def propose_by(profiles: Profiles, chosen: Mapping[str, str]) -> tuple[Match, ...]:
    """The roles of columns by the profile of each (`propose`)."""
    choices = {normalise(header): role for header, role in chosen.items()}
    matches = {
        header: chosen_match(header, _check_role(choices[normalise(header)]), CHOSEN, profile)
        for header, profile in profiles.items()
        if normalise(header) in choices
    }
    for header in _results(profiles):
        matches.setdefault(header, Match(header, NO_ROLE, 1.0, "a result of an earlier run", meaning="result"))
    open_profiles = {header: profile for header, profile in profiles.items() if header not in matches}
    personal = {header: _personal(header) for header, one in open_profiles.items() if _is_personal(header, one)}
    matches |= personal
    matches = _with_canonical(matches, {h: one for h, one in open_profiles.items() if h not in personal})
    matches |= {header: own_match(header, one) for header, one in open_profiles.items() if header not in matches}
    matches = with_nations(matches, profiles)
    _check_tenure(matches, profiles)
    _check_id(matches, profiles)
    return tuple(_complete(matches[header], profile) for header, profile in profiles.items())


def _results(headers: Iterable[str]) -> list[str]:
    keys = {header: normalise(header) for header in headers}
    results = {name for signs, columns in RESULTS if signs & {*keys.values()} for name in columns}
    return [header for header, key in keys.items() if key in results]


def left_out(matches: Iterable[Match]) -> dict[str, Match]:
    """Columns without a role, by the name they would have; not those that the analyst left out."""
    return {normalise(match.header): match for match in matches if match.role == NO_ROLE and match.evidence != CHOSEN}


def known_column(header: str) -> Column | None:
    """The canonical column that a header names, whatever its values; None for any other header."""
    key = header_key(header)
    return BY_HEADER.get(key) or BY_HEADER.get(without_noise_words(key))


def _check_role(role: str) -> str:
    if role not in ROLES:
        known = ", ".join(name for name in ROLES if name)
        raise RulesError(f"“{role}” is not a role of a column.", f'Use one of {known}, or "" for none.')
    return role


def _with_canonical(matches: dict[str, Match], profiles: Profiles) -> dict[str, Match]:
    """The matches and, for each role of the schema that is free, the column that fits best."""
    matches, taken = dict(matches), {match.role for match in matches.values()}
    by_role = defaultdict[str, list[Match]](list)
    possible = [match for header, profile in profiles.items() for match in candidates(header, profile)]
    for match in possible:
        by_role[match.role].append(match)
    for match in sorted(possible, key=lambda match: (-match.confidence, match.header)):
        if match.header not in matches and match.role not in taken:
            rivals = [one.header for one in by_role[match.role] if one.confidence == match.confidence]
            matches[match.header] = match if rivals == [match.header] else _tied(match, rivals)
            taken.add(match.role)
    return matches


def _tied(match: Match, rivals: list[str]) -> Match:
    others = ", ".join(f"“{header}”" for header in rivals if header != match.header)
    evidence = f"{match.evidence}; so does {others}" if others else match.evidence
    return replace(match, confidence=min(match.confidence, TIED) if others else match.confidence, evidence=evidence)


def _check_tenure(matches: dict[str, Match], profiles: Profiles) -> None:
    """A tenure in years that is longer than the oldest customer could have is in months."""
    by_role = {match.role: match for match in matches.values()}
    tenure, age = by_role.get("tenure"), by_role.get("age")
    if not tenure or not age or tenure.evidence == CHOSEN or "years" in parse_header(tenure.header).units:
        return
    longest, oldest = profiles[tenure.header].limits[1], profiles[age.header].limits[1]
    if longest > oldest - FIRST_JOB and "tenure_months" not in by_role:
        why = f"up to {exact(longest)}, too long for years of customers up to {exact(oldest)} years old"
        matches[tenure.header] = replace(
            tenure, role="tenure_months", confidence=round(tenure.confidence * 0.6, 2),
            evidence=f"{tenure.evidence}; {why}",
        )  # fmt: skip


def _check_id(matches: dict[str, Match], profiles: Profiles) -> None:
    """Without a customer id, the one account number is it; a personal one only if rows of a customer repeat it."""
    if any(match.role == ID for match in matches.values()):
        return
    found = [header for header, match in matches.items() if match.evidence != CHOSEN and _numbers_accounts(header)]
    if len(found) != 1 or profiles[found[0]].distinct <= FEW:
        return
    header, profile = found[0], profiles[found[0]]
    if matches[header].role != PERSONAL_ROLE or not profile.unique:
        matches[header] = Match(header, ID, TIED, "an account, since no column is the customer's id", meaning="code")


def _numbers_accounts(header: str) -> bool:
    key = header_key(header)
    *thing, name = key.split("_")
    return ALONE.get(key) == "account" or (name in NAMES and bool(STANDING & {*thing}))


def _complete(match: Match, profile: ColumnProfile) -> Match:
    """The match with a few values, none of a personal column, and with the unit that the header names."""
    if match.role == PERSONAL_ROLE:
        return replace(match, samples=(), phones=called(profile.values.tolist()))
    if match.role == NO_ROLE:
        return replace(match, samples=_samples(profile))
    parsed = parse_header(match.header)
    times = age_times(profile, parsed) if match.role == "age" else parsed.times
    return replace(match, samples=_samples(profile), times=times, currency=parsed.currency)


def _samples(profile: ColumnProfile) -> tuple[str, ...]:
    return tuple(value[:40] for value in profile.values.head(3))


def _personal(header: str) -> Match:
    return Match(header, PERSONAL_ROLE, 1.0, PERSONAL_EVIDENCE, meaning="personal")


def _is_personal(header: str, profile: ColumnProfile) -> bool:
    key = header_key(header)
    words = key.split("_")
    if answers_only(profile):  # whether there is a phone, not its number
        return False
    if key in PERSONAL or without_noise_words(key) in PERSONAL - {"name"}:
        return True
    found = senses(parse_header(header).words)
    if words[-1] not in BY_HEADER and (set(words) & PERSONAL_WORDS or (found and found[0].means == "personal")):
        return not found or found[0].means == "personal"
    return key not in BY_HEADER and profile.holds_contacts and not (found and found[0].means == POSTCODE)  # ZIP+4
