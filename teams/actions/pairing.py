"""Giving households a helper, ending it, and handing them on when somebody leaves.

A pairing changes under the lock of its household; the places of a helper are counted under the lock
of his row. Both are taken in the order of keys, households first.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from divisions.scope import require_within
from households.models import Household
from officers.models import Officer
from officers.rights import require
from teams.actions.pairing_rows import begin, end, lock_households
from teams.models import Cadre, Pairing
from teams.queries.pairings import free_places, is_closed, support_years
from teams.refusals import EntryRefused
from teams.rights import MANAGERS
from teams.rules.helping import needs_helper, spread
from teams.rules.terms import ONE_DAY
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.transactions import retried

EARLIEST = date(2014, 1, 1)
"""The register begins in this year, and with it the helpers of its households."""

AHEAD = timedelta(days=366)
HANDED_ON = (Pairing.EndReason.LEFT, Pairing.EndReason.REASSIGNED, Pairing.EndReason.OTHER)
"""Why a household gets another helper."""


@retried
@transaction.atomic
def pair(household: Household, cadre: Cadre, *, starts_on: date, by: Officer) -> Pairing:
    """Give a household its helper from a day on.

    Raises NotAllowed; EntryRefused for a day out of reach; Refused when it needs none, has one in
    these days (who is named), or when the helper has no place left.
    """
    [made] = pair_many([household], cadre, starts_on=starts_on, by=by)
    return made


@retried
@transaction.atomic
def pair_many(
    households: Iterable[Household], cadre: Cadre, *, starts_on: date, by: Officer
) -> list[Pairing]:
    """Give several households one helper, all or none. Raises what `pair` raises."""
    here = lock_households({one.pk for one in households})
    if not here:
        raise Refused(_("Tick at least one household."), code="nothing_chosen")
    _refuse_day("starts_on", starts_on)
    for household in here:
        require(by, *MANAGERS, code=household.village_id)
        _refuse_needless(household)
        _refuse_helped(household, starts_on)
    [helper] = _locked_cadres([cadre.pk])
    _refuse_outside(helper, by)
    free = free_places([helper], starts_on)[helper.pk]
    if free < len(here):
        raise Refused(_too_few(helper, free, len(here)), code="full")
    return begin(
        [
            Pairing(
                cadre=helper, household=one, village_id=one.village_id, starts_on=starts_on,
                paired_by=by,
            )
            for one in here
        ],
        by=by,
    )  # fmt: skip


@retried
@transaction.atomic
def end_pairing(
    pairing_id: int, *, last_day: date, reason: str, by: Officer, version: int
) -> Pairing:
    """End a pairing; its last day still counts.

    Raises NotAllowed, Stale, EntryRefused by field, and Refused when it is over.
    """
    pairing = _held(pairing_id, by, version)
    _refuse_day("last_day", last_day)
    if last_day < pairing.starts_on:
        text = _("The pairing began on %(day)s. Choose a last day that is not before it.")
        raise EntryRefused([("last_day", text % {"day": pairing.starts_on.isoformat()})])
    if pairing.last_day and last_day > pairing.last_day:
        text = _("The pairing ends on %(day)s already. Choose a day before it.")
        raise EntryRefused([("last_day", text % {"day": pairing.last_day.isoformat()})])
    end([pairing], last_day=last_day, reason=reason, by=by)
    return pairing


@retried
@transaction.atomic
def reassign(
    pairing_id: int, to: Cadre, *, day: date, reason: str, by: Officer, version: int
) -> Pairing:
    """Give one household to another helper, who begins on `day`; the first ends the day before.

    Raises NotAllowed, Stale, EntryRefused by field, and Refused when the new helper has no place
    left.
    """
    pairing = _held(pairing_id, by, version)
    _refuse_day("day", day)
    [made] = _hand_on([pairing], pairing.cadre_id, [to], day=day, reason=reason, by=by)
    return made


@retried
@transaction.atomic
def reassign_all(
    cadre: Cadre, to: Sequence[Cadre], *, day: date, reason: str, by: Officer
) -> list[Pairing]:
    """Hand on every household of somebody who leaves; the successors begin on `day`.

    The one with the most free places takes the next household. Raises NotAllowed; EntryRefused for
    a day out of reach; Refused when he helps nobody, or when the places do not suffice (how many
    are missing is said); Stale when he was given a household meanwhile.
    """
    _refuse_oneself(cadre, by)
    _refuse_day("day", day)
    ahead = Pairing.everywhere.meeting(day, date.max).filter(cadre=cadre)
    here = lock_households(ahead.values_list("household_id", flat=True))
    for household in here:
        require(by, *MANAGERS, code=household.village_id)
    _locked_cadres([cadre.pk, *(one.pk for one in to)])
    pairings = list(ahead.select_related("household").order_by("village_id", "household__number"))
    if {one.household_id for one in pairings} != {one.pk for one in here}:
        raise Stale(
            _("The households of this helper changed in this moment. Look again, then hand on."),
            code="changed_meanwhile",
        )
    if not pairings:
        raise Refused(_("This person helps no household from that day on."), code="nothing_chosen")
    closed = [one for one in pairings if is_closed(one.household)]
    end(closed, last_day=day - ONE_DAY, reason=Pairing.EndReason.HOUSEHOLD, by=by)
    standing = [one for one in pairings if one not in closed]
    return _hand_on(standing, cadre.pk, to, day=day, reason=reason, by=by) if standing else []


def _hand_on(
    pairings: Sequence[Pairing],
    leaving: int,
    to: Sequence[Cadre],
    *,
    day: date,
    reason: str,
    by: Officer,
) -> list[Pairing]:
    """End these pairings of one helper on the day before and spread them over the others."""
    for one in pairings:
        if day <= one.starts_on:
            text = _(
                "Household %(household)s has this helper only since %(day)s. Choose a later day."
            )
            values = {"household": one.household.number, "day": one.starts_on.isoformat()}
            raise EntryRefused([("day", text % values)])
    wanted = {one.pk for one in to} - {leaving}
    if not wanted:
        raise Refused(_("Choose somebody else who takes over."), code="no_successor")
    rows = {one.pk: one for one in _locked_cadres([leaving, *wanted])}
    found = {one.pk: rows[one.pk] for one in to if one.pk in wanted}
    for successor in found.values():
        _refuse_outside(successor, by)
    places = {key: max(free, 0) for key, free in free_places(found.values(), day).items()}
    missing = len(pairings) - sum(places.values())
    if missing > 0:
        raise Refused(_missing(len(pairings), missing, list(found.values())), code="full")
    fresh = [
        Pairing(
            cadre=found[taker], household=one.household, village_id=one.village_id, starts_on=day,
            last_day=one.last_day, end_reason=one.end_reason, paired_by=by,
        )
        for one, taker in zip(pairings, spread(len(pairings), places), strict=True)
    ]  # fmt: skip
    end(pairings, last_day=day - ONE_DAY, reason=reason, by=by)
    return begin(fresh, by=by)


def _locked_cadres(keys: Iterable[int]) -> list[Cadre]:
    """Their rows, locked in the order of keys."""
    rows = Cadre.everywhere.select_for_update(of=("self",), no_key=True).select_related("unit")
    return list(rows.filter(pk__in=set(keys)).order_by("pk"))


def _held(pairing_id: int, by: Officer, version: int) -> Pairing:
    """The pairing under the lock of its household, unchanged since it was read."""
    household = Pairing.everywhere.values_list("household_id", flat=True).get(pk=pairing_id)
    lock_households([household])
    pairing = Pairing.everywhere.select_related("household", "cadre").get(pk=pairing_id)
    require(by, *MANAGERS, code=pairing.village_id)
    _refuse_oneself(pairing.cadre, by)
    if pairing.version != version:
        raise Stale(_("Somebody changed this pairing meanwhile. Look again, then decide."))
    if pairing.last_day and pairing.last_day < business_date():
        text = _("This pairing ended on %(day)s already.")
        raise Refused(text % {"day": pairing.last_day.isoformat()}, code="ended")
    return pairing


def _refuse_day(field: str, day: date) -> None:
    """EntryRefused at the field for a day before the register began, or more than a year ahead."""
    if day > business_date() + AHEAD:
        raise EntryRefused([(field, _("Choose a day within a year from now."))])
    if day < EARLIEST:
        text = _("The register begins on %(day)s. Choose that day or a later one.")
        raise EntryRefused([(field, text % {"day": EARLIEST.isoformat()})])


def _refuse_needless(household: Household) -> None:
    """Only a household that needs a helper, or had one, is given one."""
    values = {"household": household.number}
    if is_closed(household):
        text = _("Household %(household)s is closed. It gets no helper any more.")
        raise Refused(text % values, code="closed")
    year = business_date().year
    years = support_years(household.village_id, year)
    needs = needs_helper(household.state, household.exit_year, year=year, support_years=years)
    if not needs and not Pairing.everywhere.filter(household=household).exists():
        text = _(
            "Household %(household)s is neither on the register nor in the years of support. It"
            " needs no helper."
        )
        raise Refused(text % values, code="needs_none")


def _refuse_helped(household: Household, starts_on: date) -> None:
    """Refused, naming the helper, when somebody helps the household then or later."""
    found = Pairing.everywhere.meeting(starts_on, date.max).filter(household=household)
    other = found.select_related("cadre").order_by("starts_on").first()
    if other:
        text = _(
            "Household %(household)s has a helper: %(name)s, since %(day)s. Reassign it from there."
        )
        raise Refused(text % {
            "household": household.number, "name": other.cadre.name,
            "day": other.starts_on.isoformat(),
        }, code="helped")  # fmt: skip


def _refuse_oneself(cadre: Cadre, by: Officer) -> None:
    """Nobody gives himself a household, or takes one off himself."""
    if cadre.account_id == by.pk:
        raise NotAllowed(_("This is about yourself. Another officer must do it."), code="oneself")


def _refuse_outside(cadre: Cadre, by: Officer) -> None:
    """Only a cadre of the officer's own roster, whose unit still sends people, is given any."""
    require_within(by, cadre.division_id)
    _refuse_oneself(cadre, by)
    if cadre.unit and cadre.unit.ended_on and cadre.unit.ended_on <= business_date():
        text = _("The unit of %(name)s sends nobody any more. Choose somebody else.")
        raise Refused(text % {"name": cadre.name}, code="unit_ended")


def _too_few(cadre: Cadre, free: int, wanted: int) -> str:
    """Why somebody cannot take so many households."""
    if free <= 0:
        text = _("%(name)s has no free place. Choose another helper.")
        return text % {"name": cadre.name}
    text = ngettext(
        "%(name)s has one free place, and you chose %(wanted)s households.",
        "%(name)s has %(free)s free places, and you chose %(wanted)s households.",
        free,
    )
    return text % {"name": cadre.name, "free": free, "wanted": wanted}


def _missing(count: int, missing: int, named: Sequence[Cadre]) -> str:
    """How many places the named successors are short of."""
    text = ngettext(
        "%(count)s households are to be handed on, but one place is missing: %(names)s."
        " Name one more who takes over.",
        "%(count)s households are to be handed on, but %(missing)s places are missing: %(names)s."
        " Name more who take over.",
        missing,
    )
    names = ", ".join(one.name for one in named)
    return text % {"count": count, "missing": missing, "names": names}
