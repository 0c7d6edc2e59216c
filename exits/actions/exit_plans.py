"""Planning exits: versions that one officer proposes and another one approves.

Nothing is changed: each act writes one more version. Whoever writes holds the lock of the place.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.models import Division
from exits.models import ExitPlan
from exits.queries.exit_plans import LOWEST
from exits.rights import PLAN_APPROVERS, PLAN_PROPOSERS
from households.village_fields import in_words
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from teams.refusals import EntryRefused, refuse_invalid
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.transactions import retried

YEARS_AHEAD = 5


@dataclass(frozen=True)
class Entry:
    """What is planned for a year: so many households, villages or counties, and the persons."""

    count: int
    persons: int | None = None


def plan_years() -> list[int]:
    """The years that can be planned: this one and the next four."""
    this = business_date().year
    return list(range(this, this + YEARS_AHEAD))


@retried
@transaction.atomic
def propose_plans(
    code: str, about: str, entries: Mapping[int, Entry], *, reason: str, seen: int, by: Officer
) -> list[ExitPlan]:
    """A new version for each year that differs from the version on record.

    `seen` is the highest key of a version that the officer saw, 0 for none. Raises NotAllowed for
    another office; EntryRefused for faults; Stale when somebody wrote a version since; Refused when
    nothing differs.
    """
    place = _locked(code)
    require(by, _proposer(place), code=place.pk)
    newest = _newest(place, about)
    if max((one.pk for one in newest.values()), default=0) > seen:
        raise Stale(
            _("Somebody wrote a new version since you opened the form. Look at it first."),
            details={"differences": _differences(newest, entries)},
        )
    if faults := _faults(place, about, entries, reason):
        raise EntryRefused(faults)
    made = []
    for year, entry in sorted(entries.items()):
        last = newest.get(year)
        if last and (last.count, last.persons) == (entry.count, entry.persons):
            continue
        row = ExitPlan(
            division=place,
            year=year,
            about=about,
            version=last.version + 1 if last else 1,
            count=entry.count,
            persons=entry.persons,
            reason=reason.strip(),
            proposed_by=by,
        )
        refuse_invalid(row)
        row.save(force_insert=True)
        record(
            by=by,
            action="propose_exit_plan",
            subject=row,
            division=place.pk,
            before=_told(last) if last else None,
            after=_told(row),
        )
        made.append(row)
    if not made:
        raise Refused(_("Nothing differs from the plan on record."), code="nothing_changed")
    return made


@retried
@transaction.atomic
def approve_plan(key: int, *, by: Officer) -> ExitPlan:
    """Put a version into force. Raises NotAllowed for the proposer and for another office; Stale
    when there is a newer version; Refused when it is approved already, or its year is over: nobody
    plans what has been.
    """
    code = ExitPlan.everywhere.values_list("division_id", flat=True).get(pk=key)
    place = _locked(code)
    require(by, _approver(place), code=place.pk)
    row = ExitPlan.everywhere.select_related("approved_by").get(pk=key)
    if row.approved_by is not None:
        text = _("%(name)s approved this version already.") % {"name": row.approved_by.name}
        raise Refused(text, code="approved")
    if row.year < business_date().year:
        text = _("%(year)s is over: its plan stays as it was approved by then.")
        raise Refused(text % {"year": row.year}, code="year_over")
    if _newest(place, row.about)[row.year].pk != row.pk:
        raise Stale(_("There is a newer version of this plan. Look at it first."))
    if row.proposed_by_id == by.pk:
        text = _("You proposed this version. Another officer must approve it.")
        raise NotAllowed(text, code="same_hand")
    row.approved_by, row.approved_at = by, timezone.now()
    row.save(update_fields=["approved_by", "approved_at"])
    record(
        by=by,
        action="approve_exit_plan",
        subject=row,
        division=place.pk,
        before={"approved": False},
        after=_told(row) | {"approved": True},
    )
    return row


def _locked(code: str) -> Division:
    return Division.objects.select_for_update(no_key=True).get(pk=code)


def _proposer(place: Division) -> Role:
    return _office(place, PLAN_PROPOSERS)


def _approver(place: Division) -> Role:
    return _office(place, PLAN_APPROVERS)


def _office(place: Division, offices: Mapping[int, Role]) -> Role:
    if place.level not in offices:
        raise NotAllowed(_("Provinces, cities and counties plan exits."), code="wrong_level")
    return offices[place.level]


def _newest(place: Division, about: str) -> dict[int, ExitPlan]:
    found = ExitPlan.everywhere.filter(division=place, about=about).order_by("version")
    return {one.year: one for one in found}


def _faults(
    place: Division, about: str, entries: Mapping[int, Entry], reason: str
) -> list[tuple[str, str]]:
    faults = []
    if about not in LOWEST or place.level > LOWEST[about]:
        faults.append(("", _("Such exits are planned for a larger place.")))
    if not entries:
        faults.append(("", _("Enter the number of one year at least.")))
    if not reason.strip():
        faults.append(("reason", _("Say why.")))
    for year, entry in sorted(entries.items()):
        if year not in plan_years():
            faults.append(("", _("Only this year and the next four are planned.")))
        if about != ExitPlan.About.HOUSEHOLDS and entry.persons is not None:
            faults.append((f"persons_{year}", _("Only a plan of households has persons.")))
        elif about == ExitPlan.About.HOUSEHOLDS and entry.persons is None:
            faults.append((f"persons_{year}", _("Enter how many persons live in them.")))
        elif entry.persons is not None and entry.persons < entry.count:
            text = _("Fewer persons than households. Every household has one at least.")
            faults.append((f"persons_{year}", text))
    return faults


def _differences(
    newest: Mapping[int, ExitPlan], entries: Mapping[int, Entry]
) -> list[dict[str, str]]:
    """What was entered for a year beside the newest version on record, where they differ."""
    labels = {"count": _("%(year)s, planned"), "persons": _("%(year)s, planned persons")}
    return [
        {
            "label": label % {"year": year},
            "before": in_words(getattr(entry, name)),
            "after": in_words(getattr(last, name)),
        }
        for year, entry in sorted(entries.items())
        if (last := newest.get(year))
        for name, label in labels.items()
        if getattr(entry, name) != getattr(last, name)
    ]


def _told(plan: ExitPlan) -> dict[str, object]:
    """A version as the trace keeps it."""
    names = ("year", "about", "version", "count", "persons", "reason")
    return {name: getattr(plan, name) for name in names}


def may_propose(officer: Officer, place: Division) -> bool:
    """Whether the acting role plans the exits of the place."""
    return officer.acting_role == PLAN_PROPOSERS.get(place.level)


def may_approve(officer: Officer, plan: ExitPlan, place: Division) -> bool:
    """Whether the officer may approve a version that waits, while its year is not over."""
    return (
        officer.acting_role == PLAN_APPROVERS.get(place.level)
        and plan.proposed_by_id != officer.pk
        and plan.year >= business_date().year
    )
