"""Doing what an approved change says. The caller holds the transaction and the locks."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from households.actions.cases import change_state
from households.actions.quality import recheck_changed
from households.changing.judging import Wanted, empties
from households.changing.kinds import JOIN, TRANSFERRED
from households.changing.people import joining, people_of
from households.changing.relocating import relocate
from households.entry.saving import EntryRefused, next_household_number, write_entry
from households.importing.images import image
from households.models import Household, Member
from households.models.members import HEAD, ID_FIELD
from households.names import tokens_of
from households.rules import State
from officers.models import Officer
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused
from trail.sealing import seal, unseal
from workflow.models import Case

COPIED = (
    "name", "id_blind", "id_digest", "no_id_reason", "sex", "birth_date", "ethnicity", "education",
    "in_school", "health", "labour", "work_place", "work_months", "medical_insurance",
    "critical_illness_insurance", "pension_insurance", "allowance", "out_of_school_reason",
    "person_number",
)  # fmt: skip
BESIDE_MEMBER = ["household", "id_sealed", "id_blind", "id_digest", "batch"]
BESIDE_HOUSEHOLD = [
    "search", "phone_sealed", "phone_blind", "bank_account_sealed", "bank_account_blind", "batch",
]  # fmt: skip
"""Columns without a form, which the database judges."""

ACT = "change"


def apply_change(
    household: Household, other: Household | None, wanted: Wanted, *, case: Case, by: Officer
) -> None:
    """Change the locked household, and the locked other one, as the approved case says.

    Raises Refused when somebody who joins cannot be registered (the place is not named).
    """
    if wanted.known.group == JOIN:
        _join(household, wanted, case=case, by=by)
        recheck_changed([household.pk])
        return
    people = {one.key: one for one in people_of(household)}
    leaving = {one.key for one in wanted.leaving(people.values())}
    emptied = empties(wanted, [*people.values()])
    members = {one.pk: one for one in household.members.active().filter(pk__in=people)}
    going = [members[key] for key in people if key in leaving]
    if wanted.kind == "split":
        other = _new_household(household, wanted, case=case, by=by)
    reason = TRANSFERRED if other else wanted.known.code
    for member in going:
        _end(member, household, reason, wanted, case, by)
    _relate(household, [members[key] for key in people if key not in leaving], wanted, case, by)
    if other:
        _begin(other, going, wanted, case=case, by=by)
        _renewed(other)
    if wanted.kind == "relocation":
        relocate(household, wanted.to_village, act=ACT, case=case, by=by)
    _renewed(household)
    if emptied or wanted.kind == "merge":
        _cancel(household, other if wanted.kind == "merge" else None, case=case, by=by)
    recheck_changed([one.pk for one in (household, other) if one])


def _join(household: Household, wanted: Wanted, *, case: Case, by: Officer) -> None:
    judged = joining(household, wanted, by=by, today=business_date())
    if judged.faults:
        first = judged.faults[0]
        raise Refused(
            _("The new member cannot be registered as entered: %(why)s. Return the change.")
            % {"why": first.sentence},
            code="person_refused",
        ) from EntryRefused(judged.faults)
    known = set(household.members.values_list("pk", flat=True))
    saved = write_entry(judged, household, by=by, act=ACT, door=_origin(case))
    fresh = saved.household.members.active().exclude(pk__in=known).get()
    fresh.join_reason, fresh.joined_on = wanted.known.code, wanted.happened_on
    fresh.save(update_fields=["join_reason", "joined_on"])


def _origin(case: Case) -> str:
    return f"case:{case.pk}"


def _relate(
    household: Household,
    staying: Iterable[Member],
    wanted: Wanted,
    case: Case,
    by: Officer,
) -> None:
    """Give those who stay their relations, whoever stops being head first."""
    changed = [
        one
        for one in staying
        if (relation := wanted.relations.get(one.pk)) and relation != one.relation
    ]
    for member in sorted(changed, key=lambda one: one.relation != HEAD):
        before = {"relation": member.relation}
        member.relation = wanted.relations[member.pk]
        _saved(member, household, before, {"relation": member.relation}, case, by)


def _saved(
    member: Member,
    household: Household,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    case: Case,
    by: Officer,
) -> None:
    """Save a changed membership with its images in the trace."""
    member.version += 1
    member.full_clean(exclude=BESIDE_MEMBER, validate_unique=False)
    member.save()
    record(
        by=by,
        action=ACT,
        subject=member,
        division=household.village_id,
        before={key: image(key, value, member.uuid) for key, value in before.items()},
        after={key: image(key, value, member.uuid) for key, value in after.items()},
        origin=_origin(case),
    )


def _end(
    member: Member, household: Household, reason: str, wanted: Wanted, case: Case, by: Officer
) -> None:
    member.end_reason, member.end_date = reason, wanted.happened_on
    _saved(
        member,
        household,
        {"member_end_reason": "", "member_end_date": None},
        {"member_end_reason": reason, "member_end_date": wanted.happened_on},
        case,
        by,
    )


def _begin(
    other: Household, going: Iterable[Member], wanted: Wanted, *, case: Case, by: Officer
) -> None:
    """The memberships go on in another household, under the same person numbers."""
    for member in going:
        row = uuid.uuid4()
        number = member.id_sealed and unseal(member.id_sealed, field=ID_FIELD, row=member.uuid)
        fresh = Member(
            uuid=row,
            household=other,
            relation=wanted.relations.get(member.pk, member.relation),
            join_reason=wanted.known.code,
            joined_on=wanted.happened_on,
            id_sealed=seal(number, field=ID_FIELD, row=row) if number else None,
            **{name: getattr(member, name) for name in COPIED},
        )
        fresh.full_clean(exclude=BESIDE_MEMBER)
        fresh.save(force_insert=True)
        record(
            by=by,
            action=ACT,
            subject=fresh,
            division=other.village_id,
            after={"joined_from": member.household_id},
            origin=_origin(case),
        )


def _new_household(household: Household, wanted: Wanted, *, case: Case, by: Officer) -> Household:
    """The household that splits off: same village, same state, a number of its own."""
    fresh = Household(
        number=next_household_number(household.village_id),
        village_id=household.village_id,
        group=household.group,
        attribute=household.attribute,
        main_cause=household.main_cause,
        other_causes=household.other_causes,
        split_from=household,
    )
    fresh.full_clean(exclude=BESIDE_HOUSEHOLD)
    fresh.save(force_insert=True)
    record(
        by=by,
        action=ACT,
        subject=fresh,
        division=fresh.village_id,
        after={"split_from": household.number},
        origin=_origin(case),
    )
    if household.state != State.ORDINARY:
        change_state(fresh, State(household.state), case=case, by=by, exit_year=household.exit_year)
    return fresh


def _renewed(household: Household) -> None:
    """A new version, found by the names of those who are members now."""
    names = household.members.active().values_list("name", flat=True)
    household.search = tokens_of(names)
    household.version += 1
    household.updated_at = timezone.now()
    household.save(update_fields=["search", "version", "updated_at"])


def _cancel(household: Household, into: Household | None, *, case: Case, by: Officer) -> None:
    """Nobody is left: the number stays on record and is never used again."""
    change_state(household, State.CANCELLED, case=case, by=by)
    if into:
        household.merged_into = into
        household.save(update_fields=["merged_into"])
