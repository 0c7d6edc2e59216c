"""Setting a policy parameter: a new version, never a change of an old one."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import record
from trail.errors import NotAllowed
from trail.transactions import retried
from workflow.errors import Incomplete
from workflow.models import PolicyParameter
from workflow.parameters import PARAMETERS

SETTERS = {
    Level.PROVINCE: Role.PROVINCE_APPROVER,
    Level.CITY: Role.CITY_REVIEWER,
    Level.COUNTY: Role.COUNTY_APPROVER,
}
SOURCE_LENGTH = 200


@retried
@transaction.atomic
def set_parameter(
    division: str, key: str, *, year: int, value: Any, source: str, by: Officer
) -> PolicyParameter:
    """Let `value` hold in `division` from `year` on; nearer divisions keep their own.

    The decider of that very level sets it. Raises NotAllowed; Incomplete for an unknown key, an
    impossible value or no source. The nation's values come with the program.
    """
    place = Division.objects.select_for_update().get(pk=division)
    if place.level not in SETTERS:
        raise NotAllowed(_("Parameters are set by a county, a city or a province."))
    posting = require(by, SETTERS[Level(place.level)], code=division)
    if posting.division_id != division:
        raise NotAllowed(_("Set parameters for the division of your own posting."))
    if faults := _faults(key, value, source):
        raise Incomplete(_("Some entries are missing or wrong."), details={"fields": faults})
    same = PolicyParameter.objects.filter(division=place, key=key, year=year)
    latest = same.aggregate(latest=Max("version"))["latest"] or 0
    before = same.filter(version=latest).values_list("value", flat=True).first()
    parameter = PolicyParameter.objects.create(
        division=place,
        key=key,
        year=year,
        version=latest + 1,
        value=value,
        source=source.strip(),
        set_by=by,
    )
    record(
        by=by,
        action="set_parameter",
        subject=parameter,
        division=division,
        before={"value": before},
        after={"value": value, "key": key, "year": year},
    )
    return parameter


def _faults(key: str, value: Any, source: str) -> dict[str, str]:
    faults = {}
    known = PARAMETERS.get(key)
    if known is None:
        faults["key"] = _("There is no such parameter.")
    elif not known.allows(value):
        faults["value"] = _(known.advice) % known.figures
    if not source.strip():
        faults["source"] = _("Say which rule or notice it comes from.")
    elif len(source.strip()) > SOURCE_LENGTH:
        faults["source"] = _("Write at most %(most)s characters.") % {"most": SOURCE_LENGTH}
    return faults
