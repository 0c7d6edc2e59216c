"""Setting a policy parameter: a new version, never a change of an old one.

What counties are judged by is set by the province, by two officers: one writes the version, another
one confirms it, and until then it does not hold.
"""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import record
from trail.errors import NotAllowed, Refused, Stale
from trail.transactions import retried
from workflow.errors import Incomplete
from workflow.models import PolicyParameter
from workflow.parameter_kinds import Setting
from workflow.parameters import BY_TWO, PARAMETERS
from workflow.queries import is_stricter, parameters_in_force

SETTERS = {
    Level.PROVINCE: Role.PROVINCE_APPROVER,
    Level.CITY: Role.CITY_REVIEWER,
    Level.COUNTY: Role.COUNTY_APPROVER,
}
WRITERS = frozenset({Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER})
CONFIRMER = Role.PROVINCE_APPROVER
SOURCE_LENGTH = 200


def setters_of(key: str, level: int) -> frozenset[Role]:
    """Which roles set a parameter for a division of that level; nobody for the nation."""
    if key in BY_TWO:
        return WRITERS if level == Level.PROVINCE else frozenset()
    return frozenset({SETTERS[Level(level)]}) if level in SETTERS else frozenset()


@retried
@transaction.atomic
def set_parameter(
    division: str, key: str, *, year: int, value: Any, source: str, by: Officer
) -> PolicyParameter:
    """Let `value` hold in `division` from `year` on; one that two officers set waits first.

    The decider of that very level sets it; what counties are judged by, the province. Raises
    NotAllowed; Incomplete for an unknown key, an impossible value, one that asks for less than a
    wider division, or no source. The nation's values come with the program.
    """
    place = Division.objects.select_for_update().get(pk=division)
    roles = setters_of(key, place.level)
    if not roles:
        raise NotAllowed(_who_sets(key))
    posting = require(by, *roles, code=division)
    if posting.division_id != division:
        raise NotAllowed(_("Set parameters for the division of your own posting."))
    if faults := _faults(key, value, source, place, year):
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


def _who_sets(key: str) -> str:
    if key in BY_TWO:
        return _(
            "The province alone sets this: one of its officers writes it, another one confirms it."
        )
    return _("Parameters are set by a county, a city or a province.")


@retried
@transaction.atomic
def confirm_parameter(parameter_id: int, *, by: Officer) -> PolicyParameter:
    """Let a version hold that another officer of the province wrote.

    Raises NotAllowed, also for his own version; Refused when it does not wait; Stale when there is
    a newer one for the same year.
    """
    code = PolicyParameter.objects.values_list("division_id", flat=True).get(pk=parameter_id)
    place = Division.objects.select_for_update().get(pk=code)
    require(by, CONFIRMER, code=place.pk)
    parameter = PolicyParameter.objects.select_related("set_by").get(pk=parameter_id)
    if not PolicyParameter.objects.waiting().filter(pk=parameter_id).exists():
        raise Refused(_("This version does not wait for anybody."), code="not_waiting")
    same = PolicyParameter.objects.filter(division=place, key=parameter.key, year=parameter.year)
    if same.filter(version__gt=parameter.version).exists():
        raise Stale(_("There is a newer version for that year. Look at it first."))
    if parameter.set_by_id == by.pk:
        text = _("You wrote this version. Another officer must confirm it.")
        raise NotAllowed(text, code="same_hand")
    parameter.confirmed_by, parameter.confirmed_at = by, timezone.now()
    parameter.save(update_fields=["confirmed_by", "confirmed_at"])
    record(
        by=by,
        action="confirm_parameter",
        subject=parameter,
        division=place.pk,
        before={"confirmed": False},
        after={
            "confirmed": True,
            "value": parameter.value,
            "key": parameter.key,
            "year": parameter.year,
        },
    )
    return parameter


def _faults(key: str, value: Any, source: str, place: Division, year: int) -> dict[str, str]:
    faults = {}
    known = PARAMETERS.get(key)
    if known is None:
        faults["key"] = _("There is no such parameter.")
    elif not known.allows(value):
        faults["value"] = _(known.advice) % known.figures
    elif known.setting == Setting.STRICTER and (wider := _undercut(key, value, place, year)):
        text = _("%(place)s asks for more, and nobody below may ask for less.")
        faults["value"] = text % {"place": wider.division.name}
    if not source.strip():
        faults["source"] = _("Say which rule or notice it comes from.")
    elif len(source.strip()) > SOURCE_LENGTH:
        faults["source"] = _("Write at most %(most)s characters.") % {"most": SOURCE_LENGTH}
    return faults


def _undercut(key: str, value: Any, place: Division, year: int) -> PolicyParameter | None:
    """What holds above the place, if that asks for more."""
    above = parameters_in_force([key], place.parent_id, year).get(key) if place.parent_id else None
    return above if above and is_stricter(key, above.value, value) else None
