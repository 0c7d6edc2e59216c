import pytest

from reviews.changes import REASON_NAMES, Reason, Trait, reasons_of

CHANGED = Trait.SURVEY_OTHER | Trait.PERSONS


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        (Trait.NO_BEFORE, [Reason.CAME_IN]),
        (Trait.NO_AFTER, [Reason.LEFT]),
        (Trait.NO_AFTER | Trait.ATTENTION, [Reason.LEFT]),
        (Trait.ACCEPTED, [Reason.UNDONE]),
        (Trait.ACCEPTED | Trait.STATE, [Reason.UNDONE]),
        (Trait.VILLAGE, [Reason.MOVED]),
        (Trait.STATE, [Reason.STATE]),
        (Trait.SURVEY_CAME, [Reason.LATE_SURVEY]),
        (Trait.SURVEY_CAME | Trait.PERSONS, [Reason.LATE_SURVEY]),
        (Trait.SURVEY_GONE, [Reason.WITHDRAWN]),
        (Trait.SURVEY_OTHER, [Reason.CORRECTED]),
        (Trait.SURVEY_OTHER | Trait.SURVEY_BACK, [Reason.WITHDRAWN]),
        (CHANGED, [Reason.CORRECTED]),
        (CHANGED | Trait.ATTENTION | Trait.ANSWERED, [Reason.CORRECTED]),
        (Trait.PERSONS, [Reason.MEMBERS]),
        (Trait.STATE | Trait.PERSONS, [Reason.STATE, Reason.MEMBERS]),
        (Trait.VILLAGE | Trait.STATE | CHANGED, [Reason.MOVED, Reason.STATE, Reason.CORRECTED]),
        (Trait.ATTENTION, [Reason.TRIED_AGAIN]),
        (Trait.ANSWERED, [Reason.TAKEN_BACK]),
        (Trait(0), [Reason.RENEWED]),
    ],
)
def test_the_reasons_of_a_change_follow_from_the_two_proposals(traits, expected):
    assert reasons_of(traits) == expected


def test_every_change_has_a_reason_with_a_name():
    everything = sum(Trait)
    found = {reason for traits in range(everything + 1) for reason in reasons_of(traits)[:1]}
    assert found == set(Reason) == set(REASON_NAMES)
