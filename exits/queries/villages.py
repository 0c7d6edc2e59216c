"""What stands on record about the exits of villages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from exits.models import Judgement
from exits.procedure.villages import JUDGED, RECORDED, VILLAGE_EXIT
from exits.queries.figures import count_of, incidence_text, later_records, results_of
from exits.rules.villages import exit_faults
from households.models import VillageRecord
from households.village_fields import in_words
from trail.dates import business_date
from workflow.machine import STEPS, Hand, Records, gettext_noop
from workflow.models import Case
from workflow.queries import went_back

VERIFY = "verify"
LABELS = {
    "poor": gettext_noop("Poor persons"),
    "population": gettext_noop("Rural registered population"),
    "limit_bp": gettext_noop("Limit of the incidence, 1/10,000"),
}


def judgements_of(cases: Sequence[Case]) -> dict[int, dict[str, Judgement]]:
    """Of each case and indicator the judgement that counts: the one that the verification put into
    the facts, before it the last one since the case last went back.
    """
    found: dict[int, dict[str, Judgement]] = {}
    bound = {case.pk: case.facts[STEPS][VERIFY] for case in cases if _is_verified(case)}
    since = {key: event.seq for key, event in went_back(cases).items()}
    rows = Judgement.objects.filter(case__in=cases).select_related("judged_by")
    for one in rows.order_by("id"):
        kept = bound.get(one.case_id)
        counts = (
            one.pk in kept["judgements"].values()
            if kept
            else one.at_version >= since.get(one.case_id, 0)
        )
        if counts:
            found.setdefault(one.case_id, {})[one.code] = one
    return found


def _is_verified(case: Case) -> bool:
    return VERIFY in case.facts.get(STEPS, {})


def judged_about(code: str, year: int) -> dict[str, bool]:
    """What was judged in the last case of a village about a year, by indicator."""
    cases = Case.everywhere.filter(kind=VILLAGE_EXIT.kind, subject=code, facts__year=year)
    found = judgements_of(list(cases.order_by("-pk")[:1]))
    return {one.code: one.met for own in found.values() for one in own.values()}


def verified_with(case: Case) -> dict[str, Any]:
    """What the verification of a locked case puts into its facts: the keys of the judgements, and
    what came of incidence and indicators.
    """
    judged = judgements_of([case]).get(case.pk, {})
    met = {code: one.met for code, one in judged.items()}
    return {"judgements": {code: one.pk for code, one in judged.items()}} | outcome(case.facts, met)


def outcome(facts: Mapping[str, Any], met: Mapping[str, bool]) -> dict[str, Any]:
    """What comes of the figures of a village and these judgements, as JSON values."""
    count = count_of(facts)
    return {
        "incidence": incidence_text(count),
        "met": {one.code: one.met for one in results_of(facts, met)},
        "faults": len(exit_faults(count, results_of(facts, met))),
    }


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """What stands against each exit: incidence and indicators of its facts, with judgements.

    Its hands are those who ever recorded the figures of its year or judged, also where other ones
    count by now: a correction keeps what it does not change.
    """
    judged, judges, recorders = judgements_of(cases), _judges_of(cases), _recorders_of(cases)
    later, found = _later_of(cases), {}
    for case in cases:
        own = judged.get(case.pk, {})
        met = {code: one.met for code, one in own.items()}
        faults = exit_faults(count_of(case.facts), results_of(case.facts, met))
        values = {"faults": tuple(faults), "later": later.get(case.pk)}
        hands = (*judges.get(case.pk, ()), *recorders.get((case.subject, case.facts["year"]), ()))
        found[case.pk] = Records(values, hands)
    return found


def _recorders_of(cases: Sequence[Case]) -> dict[tuple[str, int], list[Hand]]:
    """Who ever recorded the figures that each case is about, by village and year."""
    villages, years = {case.subject for case in cases}, {case.facts["year"] for case in cases}
    rows = VillageRecord.everywhere.filter(village__in=villages, year__in=years).order_by("id")
    found: dict[tuple[str, int], list[Hand]] = {}
    for village, year, by, at in rows.values_list("village", "year", "recorded_by", "recorded_at"):
        found.setdefault((village, year), []).append(Hand(by, RECORDED, "", localdate(at)))
    return found


def _judges_of(cases: Sequence[Case]) -> dict[int, list[Hand]]:
    """Who ever judged an indicator of each case."""
    found: dict[int, list[Hand]] = {}
    rows = Judgement.objects.filter(case__in=cases).order_by("id")
    for case, officer, day in rows.values_list("case", "judged_by", "judged_on"):
        found.setdefault(case, []).append(Hand(officer, JUDGED, "", day))
    return found


def _later_of(cases: Sequence[Case]) -> dict[int, int]:
    """By case the year of its village's latest record after the figures of the case."""
    today = business_date()
    by_year: dict[int, list[Case]] = {}
    for case in cases:
        by_year.setdefault(case.facts["year"], []).append(case)
    found: dict[int, int] = {}
    for year, own in by_year.items():
        later = later_records([case.subject for case in own], year, today)
        found |= {case.pk: later[case.subject] for case in own if case.subject in later}
    return found


def difference(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, str]]:
    """What differs between the facts of a case and those of now, in words."""
    rows = year_row(then, now)
    rows += [
        _row(_(LABELS[name]), then[name], now[name]) for name in LABELS if then[name] != now[name]
    ]
    before = {one.code: one for one in results_of(then)}
    after = {one.code: one for one in results_of(now)}
    for code in before | after:
        one, other = before.get(code), after.get(code)
        if one != other:
            name = (other or one).name  # type: ignore[union-attr]
            rows.append(_row(name, one and one.figure, other and other.figure))
    return rows


def year_row(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, str]]:
    """That figures of another year are on record; nothing for the same year."""
    before, after = str(then["year"]), str(now["year"])
    label = _("Year of the figures")
    return [{"label": label, "before": before, "after": after}] if before != after else []


def _row(label: str, before: Any, after: Any) -> dict[str, str]:
    return {"label": label, "before": in_words(before), "after": in_words(after)}
