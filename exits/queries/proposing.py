"""What stands for and against the exit of a household before anybody proposes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from divisions.scope import reaches
from exits.procedure import EXIT, REMOVAL, REVOCATION
from exits.queries.household import blocks_of, latest_years
from exits.queries.warnings import warnings_of_facts
from exits.rules.household import age_faults
from households.explain import Explanation, explain
from households.models import Household, Standard, Survey
from households.rules import GUARANTEES, fen
from households.snapshot import figures_of, snapshot
from officers.models import Officer
from trail.dates import business_date
from workflow.models import Case

UP_TO_THE_PLAN = ("proposed", "planned")


@dataclass(frozen=True)
class Prospect:
    """The facts of one year as an exit would rest on them; `blocks` refuse its approval."""

    year: int
    account: Explanation
    blocks: list[str]
    warnings: list[str]


def years_on_record(household: Household) -> list[int]:
    """The years of which facts and a standard are on record, the latest first."""
    years = household.surveys.in_force().values_list("year", flat=True)
    held = Standard.objects.published().filter(
        division_id__in=["0", household.village_id[:2]], year__in=list(years)
    )
    return sorted(set(held.values_list("year", flat=True)), reverse=True)


def years_to_exit_on(household: Household) -> list[int]:
    """The year of the latest facts on record, if a standard of it is published: no other one."""
    latest = latest_years([household.number]).get(household.number)
    return [year for year in years_on_record(household) if year == latest]


def prospect_of(household: Household, year: int, standard: Standard) -> Prospect:
    """What an exit on the facts of that year would meet."""
    facts = snapshot(household, year=year, standard=standard)
    account = account_of_facts(facts)
    own = blocks_of({household.number: year})[household.number]
    return Prospect(
        year=year,
        account=account,
        blocks=[_(one.text) % one.values for one in (*age_faults(year, business_date()), *own)],
        warnings=[_(one.text) % one.values for one in warnings_of_facts({0: facts})[0]],
    )


def account_of_facts(facts: dict[str, Any]) -> Explanation:
    """The snapshot of a household explained as on its page."""
    standard = facts["standard"]
    return explain(
        figures_of(facts["facts"], facts["persons"]),
        line_fen=fen(Decimal(standard["line"])),
        monitoring_fen=fen(Decimal(standard["monitoring_line"])),
        guarantees=standard.get("guarantees", GUARANTEES),
    )


@dataclass(frozen=True)
class Act:
    """Something that the officer may propose for a household."""

    label: str
    url: str


def acts_for(officer: Officer, household: Household, open_kinds: Sequence[str]) -> list[Act]:
    """What the acting role may propose as the household stands; no case of it is open yet."""
    offered = (
        (EXIT, "exits:propose", _("Propose its exit")),
        (REVOCATION, "exits:revoke", _("Ask to revoke its exit")),
        (REMOVAL, "exits:remove", _("Ask to remove it from the register")),
    )
    return [
        Act(label, reverse(route, args=[household.number]))
        for machine, route, label in offered
        if officer.acting_role in machine.openers
        and household.state in machine.starts
        and machine.kind not in open_kinds
        and reaches(officer, household.village_id)
    ]


def newer_survey(case: Case) -> Survey | None:
    """Facts of a later year than those that an exit up to the plan rests on: the autumn survey."""
    if case.kind != EXIT.kind or case.state not in UP_TO_THE_PLAN or "year" not in case.facts:
        return None
    found = Survey.objects.filter(
        household__number=case.subject,
        household__withdrawn_at=None,
        year__gt=case.facts["year"],
        withdrawn_at=None,
    )
    return found.order_by("-year", "-recorded_at", "-id").first()
