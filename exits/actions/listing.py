"""The lists of poor villages and counties: who comes onto them, and who leaves by which case."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from exits.models import ListedPlace
from exits.rights import COUNTY_LISTERS, VILLAGE_LISTERS
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from teams.refusals import EntryRefused
from trail.actions import change_of, record
from trail.dates import business_date, day_text
from trail.errors import Refused
from trail.models import Change
from trail.transactions import retried
from workflow.models import Case

LISTED_LEVEL = {Role.COUNTY_CLERK: Level.VILLAGE, Role.PROVINCE_OFFICER: Level.COUNTY}
"""What each role lists: the county its villages, the province its counties."""

AT_ONCE = 500
NAMED = 5


@retried
@transaction.atomic
def list_places(
    codes: Sequence[str], *, listed_on: date, source: str, by: Officer
) -> list[ListedPlace]:
    """Put villages of the county, or counties of the province, onto the list; all or none.

    Raises NotAllowed; EntryRefused, with the codes that are unknown, elsewhere or listed already.
    """
    posting = require(by, *VILLAGE_LISTERS, *COUNTY_LISTERS)
    level = LISTED_LEVEL[Role(posting.role)]
    wanted = list(dict.fromkeys(codes))
    known = Division.objects.select_for_update(no_key=True).within(posting.division_id)
    places = known.filter(pk__in=wanted, level=level).in_force(business_date()).order_by("pk")
    found = {one.pk: one for one in places}
    if faults := _faults(wanted, found, listed_on, source):
        raise EntryRefused(faults)
    made = ListedPlace.everywhere.bulk_create(
        ListedPlace(division=found[code], listed_on=listed_on, source=source, listed_by=by)
        for code in sorted(wanted)
    )
    Change.objects.bulk_create(
        change_of(
            by=by,
            action="list_place",
            subject=one,
            division=one.division_id,
            after={"listed_on": listed_on.isoformat(), "source": source},
        )
        for one in made
    )
    return made


def _faults(
    wanted: Sequence[str], found: dict[str, Division], listed_on: date, source: str
) -> list[tuple[str, str]]:
    faults = []
    unknown = [code for code in wanted if code not in found]
    listed = ListedPlace.everywhere.filter(division__in=found).order_by("division_id")
    twice = list(listed.values_list("division_id", flat=True))
    if not wanted:
        faults.append(("codes", _("Write at least one code.")))
    elif len(wanted) > AT_ONCE:
        faults.append(("codes", _("List at most %(limit)s at once.") % {"limit": AT_ONCE}))
    elif unknown:
        text = _("Nothing within your posting has these codes: %(codes)s.")
        faults.append(("codes", text % {"codes": _some(unknown)}))
    elif twice:
        text = _("These stand on the list already: %(codes)s.")
        faults.append(("codes", text % {"codes": _some(twice)}))
    if listed_on > business_date():
        faults.append(("listed_on", _("The day lies in the future.")))
    if not source.strip():
        faults.append(("source", _("Name the decision.")))
    return faults


def _some(codes: Sequence[str]) -> str:
    more = " …" if len(codes) > NAMED else ""
    return _(", ").join(codes[:NAMED]) + more


def lock_listed(code: str) -> ListedPlace:
    """The place on the list, locked: first of the locks of a step. Refused unless it stands there.

    The place that has left the list by its own case stays reachable for what follows.
    """
    found = ListedPlace.everywhere.select_for_update(of=("self",)).filter(division=code)
    listed = found.select_related("division").first()
    if listed is None:
        raise Refused(_("This place is not on the list of poor ones."), code="not_listed")
    return listed


def refuse_exited(listed: ListedPlace) -> None:
    """Refused for a place that has left the list already."""
    if listed.exited_on is not None:
        text = _("%(place)s left the list on %(day)s already.")
        values = {"place": listed.division.name, "day": day_text(listed.exited_on)}
        raise Refused(text % values, code="exited")


def leave_list(listed: ListedPlace, case: Case, *, by: Officer) -> None:
    """Take a locked place off the list by the approval of its case, in the year of its facts."""
    refuse_exited(listed)
    listed.exited_on, listed.exit_year = business_date(), case.facts["year"]
    listed.case = case
    listed.save(update_fields=["exited_on", "exit_year", "case"])
    record(
        by=by,
        action="leave_list",
        subject=listed,
        division=listed.division_id,
        after={"exited_on": listed.exited_on.isoformat(), "exit_year": listed.exit_year},
        origin=f"case:{case.pk}",
    )
