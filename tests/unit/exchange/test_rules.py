"""What becomes of a pushed value, by its owner and by what the other system had seen."""

import pytest

from exchange.rules import (
    Fate,
    Group,
    Owner,
    Policy,
    Sight,
    Sort,
    Withheld,
    fate,
    fate_of_kept,
    sight,
)

CHANGE, ADDITION = Sort.CHANGE, Sort.ADDITION
CURRENT, BLIND, STALE = Sight.CURRENT, Sight.BLIND, Sight.STALE
APPLIED, OVERWRITES, QUEUED, REFUSED = (
    Fate.APPLIED, Fate.OVERWRITES, Fate.QUEUED, Fate.REFUSED,
)  # fmt: skip


def policy(owner: Owner, withheld: Withheld = Withheld.QUEUE) -> Policy:
    return Policy({Group.INCOMES: owner}, withheld)


@pytest.mark.parametrize(
    ("seen", "version", "found"), [(None, 3, BLIND), (3, 3, CURRENT), (2, 3, STALE), (4, 3, STALE)]
)
def test_what_was_seen_follows_from_the_version(seen, version, found):
    assert sight(seen, version) == found


@pytest.mark.parametrize(
    ("owner", "sort", "seen", "here", "found"),
    [
        (Owner.SHARED, CHANGE, CURRENT, "", APPLIED),
        (Owner.SHARED, CHANGE, BLIND, "", QUEUED),
        (Owner.SHARED, CHANGE, STALE, "", QUEUED),
        (Owner.SHARED, ADDITION, CURRENT, "", APPLIED),
        (Owner.SHARED, ADDITION, BLIND, "", APPLIED),
        (Owner.SHARED, ADDITION, STALE, "", QUEUED),
        (Owner.HERE, CHANGE, CURRENT, "", QUEUED),
        (Owner.HERE, CHANGE, STALE, "", QUEUED),
        (Owner.HERE, ADDITION, BLIND, "", QUEUED),
        (Owner.THERE, CHANGE, BLIND, "", APPLIED),
        (Owner.THERE, CHANGE, STALE, "", APPLIED),
        (Owner.THERE, CHANGE, BLIND, "王村干", OVERWRITES),
        (Owner.THERE, CHANGE, STALE, "王村干", OVERWRITES),
        (Owner.THERE, CHANGE, CURRENT, "王村干", APPLIED),
        (Owner.THERE, ADDITION, STALE, "", APPLIED),
        (Owner.SHARED, Sort.RETURN, CURRENT, "", APPLIED),
        (Owner.SHARED, Sort.RETURN, BLIND, "", QUEUED),
        (Owner.THERE, Sort.RETURN, BLIND, "", APPLIED),
        (Owner.THERE, Sort.RETURN, BLIND, "王村干", QUEUED),
        (Owner.SHARED, Sort.MOVE, CURRENT, "", QUEUED),
        (Owner.THERE, Sort.MOVE, CURRENT, "", QUEUED),
        (Owner.HERE, Sort.MOVE, CURRENT, "", QUEUED),
    ],
)
def test_the_owner_and_what_was_seen_decide(owner, sort, seen, here, found):
    assert fate(policy(owner), Group.INCOMES, sort, seen, here=here) == found


def test_a_county_may_refuse_what_it_owns_but_not_what_is_shared():
    refusing = Withheld.REFUSE
    assert fate(policy(Owner.HERE, refusing), Group.INCOMES, CHANGE, CURRENT, here="") == REFUSED
    assert fate(policy(Owner.SHARED, refusing), Group.INCOMES, CHANGE, STALE, here="") == QUEUED
    assert fate(policy(Owner.HERE, refusing), Group.INCOMES, Sort.MOVE, STALE, here="") == REFUSED
    assert fate(policy(Owner.THERE, refusing), Group.INCOMES, Sort.MOVE, STALE, here="") == QUEUED


def test_a_group_of_which_nothing_is_said_is_shared():
    assert policy(Owner.HERE).owner(Group.CAUSES) == Owner.SHARED


@pytest.mark.parametrize(
    ("became", "seen", "found"),
    [
        (APPLIED, CURRENT, APPLIED),
        (APPLIED, BLIND, Fate.KEPT),
        (OVERWRITES, STALE, Fate.KEPT),
        (QUEUED, CURRENT, Fate.KEPT),
        (REFUSED, CURRENT, Fate.KEPT),
    ],
)
def test_what_was_decided_stays_but_for_who_may_write_and_saw_it(became, seen, found):
    assert fate_of_kept(became, seen) == found
