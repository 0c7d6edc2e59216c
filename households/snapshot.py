"""The facts that a decision about a household rests on, copied whole, and what changed since.

A snapshot is plain JSON, money as text in yuan: enough to recompute and explain the decision from
it alone.

    household, village      number and village code
    state, exit_year        of the household (households.rules.State)
    year, survey, persons   the year judged, the id of the survey in force then (None: none), and
                            the persons that it counts (without survey: the active members)
    members                 names the set of active members (households.membership)
    facts                   the survey's figures and guarantees by name; None is unknown
    standard                id, number, line, monitoring_line and hash of the standard held to;
                            its guarantees too where it does not demand all of them
    finding                 net_income and per_capita (None while an income is unknown), lacks,
                            gaps, exit_ready, at_risk
    hands                   ids of the officers who recorded that survey or a version of it before:
                            they decide nothing here
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from households.explain import LABELS, Explanation, explain, plain_amount
from households.membership import member_digest
from households.models import Household, Member, Standard, Survey
from households.models.households import STATE_NAMES
from households.models.surveys import GUARANTEE_CHOICES
from households.rules import (
    GAPS,
    GUARANTEES,
    LACKS,
    MONEY,
    State,
    fen,
    find,
    left_out_of,
    named,
    per_capita_fen,
)
from workflow.rules import differences


def snapshots(
    households: Iterable[Household], *, year: int, standard: Standard
) -> dict[int, dict[str, Any]]:
    """The snapshot of each household as it stands now, by household id, in three queries."""
    wanted = list(households)
    keys = [household.pk for household in wanted]
    members = person_numbers(keys)
    recorded = Survey.objects.filter(household_id__in=keys, year=year).in_force()
    surveys = {survey.household_id: survey for survey in recorded}
    hands = recorders(surveys.values())
    found = {}
    for one in wanted:
        survey = surveys.get(one.pk)
        own = hands[survey.pk] if survey else ()
        found[one.pk] = snapshot_of(one, year, standard, members[one.pk], survey, own)
    return found


def recorders(surveys: Iterable[Survey]) -> dict[int, list[int]]:
    """The officers who recorded each survey or, before it, facts of its household and year, by id.

    A correction keeps what it does not change, so whoever recorded before has a hand in it too,
    also where his version was withdrawn.
    """
    wanted = list(surveys)
    if not wanted:
        return {}
    households, years = {one.household_id for one in wanted}, {one.year for one in wanted}
    versions: dict[tuple[int, int], list[tuple[datetime, int]]] = {}
    rows = Survey.objects.filter(household_id__in=households, year__in=years).order_by()
    columns = ("household_id", "year", "recorded_at", "recorded_by_id")
    for household_id, year, recorded_at, officer in rows.values_list(*columns):
        versions.setdefault((household_id, year), []).append((recorded_at, officer))
    return {
        one.pk: sorted(
            {
                officer
                for recorded_at, officer in versions[one.household_id, one.year]
                if recorded_at <= one.recorded_at
            }
        )
        for one in wanted
    }


def person_numbers(households: Iterable[int]) -> dict[int, list[str]]:
    """The person numbers of the active members of each household, by household id."""
    found: dict[int, list[str]] = {key: [] for key in households}
    active = Member.objects.active().filter(household_id__in=list(found)).order_by()
    for household_id, number in active.values_list("household_id", "person_number"):
        found[household_id].append(number)
    return found


def snapshot(household: Household, *, year: int, standard: Standard) -> dict[str, Any]:
    """The snapshot of one household as it stands now."""
    return snapshots([household], year=year, standard=standard)[household.pk]


def snapshot_of(
    household: Household,
    year: int,
    standard: Standard,
    members: Sequence[str],
    survey: Survey | None,
    hands: Sequence[int],
) -> dict[str, Any]:
    """The snapshot of these very rows; `members` are the person numbers of the active members,
    `hands` the `recorders` of the survey.
    """
    facts = survey_values(survey)
    persons = survey.persons if survey else len(members)
    return {
        "household": household.number,
        "village": household.village_id,
        "state": int(household.state),
        "exit_year": household.exit_year,
        "year": year,
        "survey": survey.pk if survey else None,
        "persons": persons,
        "members": str(member_digest(members)),
        "facts": facts,
        "standard": {
            "id": standard.pk,
            "number": standard.number,
            "line": str(standard.line),
            "monitoring_line": str(standard.monitoring_line),
            "hash": standard.content_hash,
        }
        | left_out_of(standard.guarantees),
        "finding": finding_of(figures_of(facts, persons), standard),
        "hands": list(hands),
    }


def survey_values(survey: Survey | None) -> dict[str, str | int | None]:
    """Each figure as exact text and each guarantee as its number; None while unknown."""
    return {name: _plain(getattr(survey, name, None)) for name in (*MONEY, *GUARANTEES)}


def _plain(value: Decimal | int | None) -> str | int | None:
    return str(value) if isinstance(value, Decimal) else value


def figures_of(facts: Mapping[str, Any], persons: int) -> dict[str, int]:
    """The facts of a snapshot as `households.rules.find` and `households.explain` read them."""
    figures = {"persons": persons}
    for name in GAPS:
        value = facts[name]
        figures[f"no_{name}"] = int(value is None)
        known = 0 if value is None else value
        figures[name] = fen(Decimal(known)) if name in MONEY else known
    return figures


def account_of(facts: Mapping[str, Any]) -> Explanation | None:
    """A snapshot explained as on the page of its household; None for facts of another form."""
    if "finding" not in facts:
        return None
    standard = facts["standard"]
    return explain(
        figures_of(facts["facts"], facts["persons"]),
        line_fen=fen(Decimal(standard["line"])),
        monitoring_fen=fen(Decimal(standard["monitoring_line"])),
        guarantees=standard.get("guarantees", GUARANTEES),
    )


def finding_of(figures: Mapping[str, int], standard: Standard) -> dict[str, Any]:
    """The finding in plain values; incomes are None while one of them is unknown."""
    found = find(
        figures,
        line_fen=fen(standard.line),
        monitoring_fen=fen(standard.monitoring_line),
        guarantees=standard.guarantees,
    )
    known = bool(found.incomes_known)
    each = per_capita_fen(found.net_fen, figures["persons"]) if known else None
    return {
        "net_income": yuan(found.net_fen) if known else None,
        "per_capita": yuan(each) if each is not None else None,
        "lacks": named(found.lacks, LACKS),
        "gaps": named(found.gaps, GAPS),
        "exit_ready": bool(found.exit_ready),
        "at_risk": bool(found.at_risk),
    }


def yuan(amount_fen: int) -> str:
    """Fen as yuan with two places, ungrouped; zero is never signed."""
    sign, rest = ("-" if amount_fen < 0 else ""), abs(amount_fen)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


def described_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """What differs between two snapshots in words, for a page: label, before, after."""
    found = differences(before, after)
    rows = [
        (label, word(before), word(after))
        for label, names, word in (
            (_("State"), {"state", "exit_year"}, _state),
            (_("People"), {"persons", "members"}, _persons),
            (_("Survey"), {"survey"}, _survey),
            (_("Officers who recorded the facts"), {"hands"}, _hands),
        )
        if names & found.keys()
    ]
    rows += [
        (
            str(LABELS[name]),
            shown_figure(name, before["facts"][name]),
            shown_figure(name, after["facts"][name]),
        )
        for name in (*MONEY, *GUARANTEES)
        if f"facts.{name}" in found
    ]
    return [{"label": label, "before": old, "after": new} for label, old, new in rows]


def _state(facts: Mapping[str, Any]) -> str:
    name = str(STATE_NAMES[State(facts["state"])])
    return f"{name} ({facts['exit_year']})" if facts.get("exit_year") else name


def _persons(facts: Mapping[str, Any]) -> str:
    return str(facts["persons"])


def _survey(facts: Mapping[str, Any]) -> str:
    return _("number %(id)s") % {"id": facts["survey"]} if facts["survey"] else _("none")


def _hands(facts: Mapping[str, Any]) -> str:
    return str(len(facts.get("hands", ())))


def shown_figure(name: str, value: str | int | None) -> str:
    """One of the eleven figures in words, as a snapshot holds it."""
    if value is None:
        return _("unknown")
    if name in MONEY:
        return plain_amount(fen(Decimal(value)))
    return str(dict(GUARANTEE_CHOICES)[int(value)])
