"""A decision on the exit of a place made again from the facts that it kept, and from the rows that
these name.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from exits.models import Evaluation, Judgement
from exits.procedure import COUNTY_EXIT, VILLAGE_EXIT
from exits.queries.counties import EVALUATE, limits_of, rates_told, sample_of, standing_of
from exits.queries.evaluation_words import NAMES
from exits.queries.figures import count_of, incidence_text, results_of
from exits.queries.villages import VERIFY, outcome
from exits.rules.counties import Metric, Sample, eligibility_faults, evaluation_faults, rates_of
from exits.rules.villages import exit_faults
from households.models import VillageRecord
from households.recomputing import Compared
from households.rights import FEWEST_COUNTED
from households.village_fields import in_words, read
from workflow.machine import STEPS
from workflow.models import CaseEvent

Facts = Mapping[str, Any]
APPROVED = "approved"
TELLING = ("remaining_poor", "unregistered_total", Metric.COMPOSITE)
"""What tells how many poor persons are left: their number, what they lack to the population of the
county beside those who exited, and the share that holds them as an exact fraction.
"""


def places_again(events: Iterable[CaseEvent]) -> dict[int, list[Compared]]:
    """What comes out again of the decisions among these that are about places, by their keys.

    Three queries for them all, none where there is no such decision.
    """
    found = [event for event in events if event.facts]
    villages = [one for one in found if one.case.kind == VILLAGE_EXIT.kind]
    counties = [one for one in found if one.case.kind == COUNTY_EXIT.kind]
    return _villages(villages) | _counties(counties)


def _step(event: CaseEvent, name: str) -> Facts:
    """What a step had put into the facts of a decision; nothing where it never did."""
    found: Facts = (event.facts or {}).get(STEPS, {}).get(name, {})
    return found


def _villages(events: list[CaseEvent]) -> dict[int, list[Compared]]:
    if not events:
        return {}
    facts = {event.pk: event.facts or {} for event in events}
    records = VillageRecord.everywhere.in_bulk({one["record"] for one in facts.values()} - {None})
    named = {pk for one in events for pk in _step(one, VERIFY).get("judgements", {}).values()}
    judged = Judgement.objects.in_bulk(named)
    return {
        event.pk: _village(event, facts[event.pk], records.get(facts[event.pk]["record"]), judged)
        for event in events
    }


def _village(
    event: CaseEvent, facts: Facts, record: VillageRecord | None, judged: Mapping[int, Judgement]
) -> list[Compared]:
    """The figures as their record holds them; incidence, indicators and verdict made from them."""
    values, kept = read(record.values) if record else {}, _step(event, VERIFY)
    fields = {"rural_population": (_("Rural registered population"), facts["population"])}
    fields |= {
        one["field"]: (one["name"], one["figure"])
        for one in _named(facts)
        if one["field"] and one["field"] not in fields
    }
    rows = [
        Compared(label, _figure(figure), _figure(values.get(name)))
        for name, (label, figure) in fields.items()
    ]
    met = {code: judged[pk].met for code, pk in kept.get("judgements", {}).items() if pk in judged}
    if kept:
        again = outcome(facts, met)
        rows.append(_incidence(facts["poor"], kept["incidence"], again["incidence"]))
        rows += [
            Compared(one.name, _met(kept["met"][one.code]), _met(again["met"][one.code]))
            for one in results_of(facts)
        ]
    against = exit_faults(count_of(facts), results_of(facts, met))
    return [*rows, *_verdict(event, allows=not against)]


def _named(facts: Facts) -> list[dict[str, Any]]:
    """The indicators of the facts with their name in the reader's language."""
    names = {one.code: one.name for one in results_of(facts)}
    return [dict(one) | {"name": names[one["code"]]} for one in facts["indicators"]]


def _figure(value: Any) -> str:
    """A figure in words; the facts keep decimals as text."""
    return in_words(Decimal(value) if isinstance(value, str) else value)


def _met(value: bool | None) -> str:  # noqa: FBT001 - a finding, not a switch
    return {True: _("met"), False: _("not met"), None: _("not known")}[value]


def _verdict(event: CaseEvent, *, allows: bool) -> list[Compared]:
    if event.to_state != APPROVED:
        return []
    again = _("yes") if allows else _("no")
    return [Compared(_("The facts allow the exit"), _("yes"), again)]


def _counties(events: list[CaseEvent]) -> dict[int, list[Compared]]:
    if not events:
        return {}
    named = {one["evaluation"] for event in events if (one := _step(event, EVALUATE))}
    rows = Evaluation.objects.in_bulk(named)
    return {event.pk: _county(event, event.facts or {}, rows) for event in events}


def _county(event: CaseEvent, facts: Facts, rows: Mapping[int, Evaluation]) -> list[Compared]:
    """The counts as the evaluation holds them; the four figures and the verdict made from them."""
    kept = _step(event, EVALUATE)
    if not kept:
        return []
    row, sample = rows.get(kept["evaluation"]), Sample(**kept["sample"])
    held = vars(sample_of(row)) if row else {}
    columns = {column.name: column for column in Evaluation._meta.fields}
    rates = rates_of(sample, limits_of(facts))
    again = rates_told(rates)
    values = [
        (name, str(columns[name].verbose_name), f"{count:,}", _figure(held.get(name)))
        for name, count in kept["sample"].items()
    ] + [
        (name, str(NAMES[Metric(name)]), value or "–", again[name] or "–")
        for name, value in kept["rates"].items()
    ]
    untold = TELLING if sample.remaining_poor < FEWEST_COUNTED else ()
    found = [_untold(*value) if name in untold else Compared(*value) for name, *value in values]
    standing = standing_of(facts)
    incidence = incidence_text(standing.count)
    found.append(_incidence(facts["poor"], kept["incidence"], incidence))
    against = [*eligibility_faults(standing), *evaluation_faults(rates)]
    return [*found, *_verdict(event, allows=not against)]


def _incidence(poor: int, kept: str, again: str) -> Compared:
    """The incidence; of few persons it is not told, only whether it comes out the same."""
    if poor >= FEWEST_COUNTED:
        return Compared(_("Incidence"), kept, again)
    return _untold(_("Incidence"), kept, again)


def _untold(label: str, kept: str, again: str) -> Compared:
    """A value that would tell few persons: only whether it comes out the same."""
    hidden = _("hidden, few persons")
    return Compared(label, hidden, hidden if kept == again else _("differs"))
