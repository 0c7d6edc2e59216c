"""Absences with permission: for the machine, for the page of the case, for the person himself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from officers.models import Officer
from officers.rules import Role
from teams.models import Absence, Cadre, Term
from teams.models.presence import ABSENCE_FIELD
from teams.procedure import ABSENCE
from teams.queries.cases import Account
from teams.queries.presence import year_totals
from teams.rights import FIELD
from trail.dates import business_date
from trail.sealing import unseal
from workflow.machine import OPEN, Hand, Records
from workflow.models import Case
from workflow.procedures import machine_of

SHOWN_AT_MOST = 12


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """Whoever is away counts as who asked, under whichever account he acts: he never approves."""
    found = Absence.objects.filter(case__in=cases).values_list(
        "case_id", "term__cadre__account_id", "case__opened_on"
    )
    return {
        case: Records(hands=(Hand(account, OPEN, "", on),) if account else ())
        for case, account, on in found
    }


def reads_reason(officer: Officer, cadre: Cadre) -> bool:
    """Whether the role reads why somebody is away: who decides or checks, and he himself.

    A reason may speak of an illness, so the others of his team do not read it.
    """
    if officer.acting_role == Role.TEAM_MEMBER:
        return cadre.account_id == officer.pk
    return officer.acting_role in FIELD


def account_of(officer: Officer, case: Case) -> Account:
    """What the case asks for, and what of the year is left if it is granted."""
    absence = Absence.objects.select_related("term__cadre", "term__village").get(case=case)
    cadre, today = absence.term.cadre, business_date()
    days = (absence.last_day - absence.first_day).days + 1
    rows = [
        (_("Person"), f"{cadre.name} ({cadre.number})"),
        (_("Village"), absence.term.village.name),
        (pgettext("absence", "First day"), absence.first_day),
        (pgettext("absence", "Last day"), absence.last_day),
        (_("Days, all counted"), str(days)),
    ]
    if reads_reason(officer, cadre):
        reason = unseal(absence.reason_sealed, field=ABSENCE_FIELD, row=absence.uuid)
        rows.append((_("Kind"), absence.get_kind_display()))
        rows.append((_("Reason"), reason))
    return Account(
        title=_("The absence"),
        rows=rows,
        points=[],
        remarks=[_who_decides(case), _year_so_far(cadre, absence.first_day.year, today)],
        links=[],
    )


def _who_decides(case: Case) -> str:
    if not case.facts["needs_county"]:
        return _("The township decides on this absence.")
    return ngettext(
        "Leave of more than %(count)s day is for the county to approve; the township passes it on.",
        "Leave of more than %(count)s days is for the county to approve; the township passes it"
        " on.",
        case.facts["township_days"],
    ) % {"count": case.facts["township_days"]}


def _year_so_far(cadre: Cadre, year: int, today: date) -> str:
    totals = year_totals([cadre.pk], year, today).get(cadre.pk)
    if totals is None:
        return ""
    return _(
        "%(year)s so far: %(counted)s days count, %(wanted)s are wanted of the year; %(leave)s days"
        " of leave; %(left)s days of the year are left."
    ) % {
        "year": year,
        "counted": totals.counted,
        "wanted": totals.wanted,
        "leave": totals.leave,
        "left": max(0, (date(year, 12, 31) - today).days),
    }


def absences_of(cadre: Cadre) -> QuerySet[Absence]:
    """The requests of somebody, the latest first."""
    found = Absence.objects.filter(term__cadre=cadre).select_related("case")
    return found.order_by("-first_day", "-id")


@dataclass(frozen=True)
class Shown:
    """A request with where it stands, in words."""

    absence: Absence
    state: str


def absences_shown(officer: Officer, cadre: Cadre) -> list[Shown]:
    """The latest requests of somebody for the officer's places, for who reads their kinds."""
    if not reads_reason(officer, cadre):
        return []
    states = machine_of(ABSENCE.kind).states
    found = absences_of(cadre).filter(term__in=Term.objects.visible_to(officer).values("pk"))
    return [Shown(one, _(states[one.case.state])) for one in found[:SHOWN_AT_MOST]]
