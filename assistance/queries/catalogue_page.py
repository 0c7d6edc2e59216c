"""What the pages of the catalogue show: the list of a place and year, one measure, its history."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistance.explain import GROUP_NAMES, condition_in_words, is_chinese
from assistance.models import Measure
from assistance.queries.catalogue import (
    in_order,
    latest_version,
    standing_version,
    standing_versions,
    versions_for,
)
from assistance.rights import CATALOGUE_KEEPERS
from divisions.models import Division, Level
from households import codes
from officers.models import Officer
from workflow.queries import speakers_for

KEPT_AT = (Level.PROVINCE, Level.COUNTY)


@dataclass(frozen=True)
class Section:
    """The measures of one category."""

    code: str
    label: str
    measures: list[Measure]


def sections_of(place: str, year: int, *, category: str, unit: str) -> list[Section]:
    """The offered measures of a place and year by category, narrowed where a filter is given."""
    found = [
        one
        for one in in_order(standing_versions(place, year))
        if one.offered and category in ("", one.category) and unit in ("", one.unit)
    ]
    return [
        Section(code, codes.label("need", code), [one for one in found if one.category == code])
        for code in dict.fromkeys(one.category for one in found)
    ]


@dataclass(frozen=True)
class Account:
    """A measure as it holds in a place and year, in the language of the page.

    `standing` says it; where it is not offered, or not in this year, `is_offered` is false.
    `history` are all versions that can hold there, the newest first.
    """

    standing: Measure
    is_offered: bool
    conditions: list[str]
    confirmations: list[str]
    documents: list[str]
    group: str
    rivals: list[Measure]
    history: list[Measure]


def account_of(code: str, place: str, year: int) -> Account | None:
    """The measure of that code; None where no place above wrote one."""
    standing = standing_version(code, place, year)
    shown = standing or latest_version(code, place)
    if shown is None:
        return None
    others = in_order(standing_versions(place, year).exclude(code=code)) if shown.group else []
    return Account(
        standing=shown,
        is_offered=standing is not None and standing.offered,
        conditions=[condition_in_words(one, shown.unit) for one in shown.conditions],
        confirmations=said(shown.confirmations),
        documents=said(shown.documents),
        group=str(GROUP_NAMES.get(shown.group, shown.group)),
        rivals=[one for one in others if one.offered and one.group == shown.group],
        history=list(versions_for(code, speakers_for(place))),
    )


def said(pairs: Iterable[dict[str, str]]) -> list[str]:
    """Names in both languages in that of the page."""
    return [one["zh" if is_chinese() else "en"] for one in pairs]


def keeps_catalogue(officer: Officer) -> Division | None:
    """The province or county that the officer writes versions for; None for whoever does not."""
    if officer.acting_role not in CATALOGUE_KEEPERS:
        return None
    place = Division.objects.filter(pk=officer.acting_division).first()
    return place if place and place.level in KEPT_AT else None
