"""Postings: who may give what to whom, and what stays behind in the trace."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from divisions.models import Division
from officers.actions import (
    Terms,
    appoint,
    confirm_posting,
    end_posting,
    grant_posting,
    hand_over,
    propose_posting,
    refuse_posting,
)
from officers.models import Officer, Posting, PostingRequest
from officers.rights import require
from officers.rules import Role
from tests import factories as make
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


def terms(role=Role.COUNTY_CLERK, division=make.COUNTY, *, start=0, end=None) -> Terms:
    today = business_date()
    return Terms(
        role,
        Division.objects.get(pk=division),
        today + start * DAY,
        None if end is None else today + end * DAY,
    )


@pytest.fixture
def admin(cast) -> Officer:
    return cast.account_admin


@pytest.fixture
def second(cast) -> Officer:
    return cast.second_account_admin


def last_change() -> Change:
    return Change.objects.latest("id")


@pytest.mark.parametrize("part", ["county_clerk", "county_approver", "reader", "auditor", "nobody"])
def test_only_account_administrators_give_postings(cast, part):
    with pytest.raises(NotAllowed):
        grant_posting(cast.nobody, terms(), by=getattr(cast, part))


def test_a_granted_posting_counts_from_its_first_day(cast, admin):
    posting = grant_posting(cast.nobody, terms(), by=admin)
    assert Officer.objects.get(pk=cast.nobody.pk).posting == posting
    assert posting.granted_by == admin
    change = last_change()
    assert (change.action, change.division_code) == ("grant_posting", make.COUNTY)
    assert change.after["role"] == "county_clerk"


def test_a_posting_of_tomorrow_does_not_count_today(cast, admin):
    grant_posting(cast.nobody, terms(start=1), by=admin)
    assert Officer.objects.get(pk=cast.nobody.pk).posting is None


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"role": Role.COUNTY_CLERK, "division": make.TOWNSHIP}, "division"),
        ({"role": Role.VILLAGE_OFFICIAL, "division": make.COUNTY}, "division"),
        ({"role": Role.TOWNSHIP_REVIEWER, "division": make.VILLAGE}, "division"),
        ({"start": -1}, "starts_on"),
    ],
)
def test_a_posting_that_cannot_be_is_refused_at_its_field(cast, admin, wanted, field):
    with pytest.raises(ValidationError) as refusal:
        grant_posting(cast.nobody, terms(**wanted), by=admin)
    assert field in refusal.value.error_dict


def test_a_posting_cannot_end_before_it_begins(cast, admin):
    with pytest.raises(ValidationError, match="last day lies before the first"):
        grant_posting(cast.nobody, terms(start=2, end=1), by=admin)


def test_no_posting_to_an_ended_division(cast, admin):
    Division.objects.filter(pk=make.TOWNSHIP).update(valid_to=business_date())
    with pytest.raises(ValidationError, match="has ended"):
        grant_posting(cast.nobody, terms(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP), by=admin)


def test_the_same_posting_is_not_given_twice(cast, admin):
    with pytest.raises(ValidationError, match="already"):
        grant_posting(cast.county_clerk, terms(), by=admin)


def test_no_posting_for_a_stopped_account(cast, admin):
    Officer.objects.filter(pk=cast.nobody.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="stopped"):
        grant_posting(cast.nobody, terms(), by=admin)


@pytest.mark.parametrize("division", [make.OTHER_COUNTY, make.CITY, "0"])
def test_no_posting_outside_the_administrators_own(cast, admin, division):
    with pytest.raises(NotAllowed):
        grant_posting(cast.nobody, terms(Role.READER, division), by=admin)


def test_no_posting_for_an_account_managed_elsewhere(cast, admin):
    with pytest.raises(NotAllowed):
        grant_posting(cast.stranger, terms(), by=admin)


def test_nobody_gives_a_posting_to_himself(admin):
    with pytest.raises(NotAllowed, match="himself"):
        grant_posting(admin, terms(Role.READER), by=admin)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.OPERATOR, Role.MACHINE_CLIENT])
def test_roles_of_the_system_are_never_given_on_pages(cast, role):
    national = make.make_officer(Role.ACCOUNT_ADMIN, "0")
    for act in (grant_posting, propose_posting):
        with pytest.raises(NotAllowed, match="not granted on pages"):
            act(cast.nobody, terms(role, "0"), by=national)


def test_a_clash_is_refused_with_the_posting_in_the_way(cast, admin):
    with pytest.raises(ValidationError) as refusal:
        grant_posting(cast.village_official, terms(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP), by=admin)
    (sentence,) = refusal.value.message_dict["role"]
    assert make.VILLAGE in sentence
    assert cast.village_official.name in sentence


def test_a_clash_counts_only_for_days_that_both_postings_share(cast, admin):
    posting = cast.village_official.postings.get()
    end_posting(posting, last_day=business_date(), reason="调离", by=admin)
    reviewer = Role.TOWNSHIP_REVIEWER
    with pytest.raises(ValidationError):
        grant_posting(cast.village_official, terms(reviewer, make.TOWNSHIP), by=admin)
    assert grant_posting(cast.village_official, terms(reviewer, make.TOWNSHIP, start=1), by=admin)


def test_a_clash_with_a_future_posting_is_seen(cast, admin):
    grant_posting(cast.nobody, terms(Role.VILLAGE_OFFICIAL, make.VILLAGE, start=10), by=admin)
    with pytest.raises(ValidationError):
        grant_posting(cast.nobody, terms(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP), by=admin)
    assert grant_posting(cast.nobody, terms(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP, end=9), by=admin)


@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.COUNTY_APPROVER, make.COUNTY),
        (Role.AUDITOR, make.COUNTY),
        (Role.ACCOUNT_ADMIN, make.COUNTY),
    ],
)
def test_a_role_of_trust_needs_a_second_administrator(cast, admin, second, role, division):
    with pytest.raises(NotAllowed, match="two people"):
        grant_posting(cast.nobody, terms(role, division), by=admin)
    request = propose_posting(cast.nobody, terms(role, division), by=admin)
    assert not cast.nobody.postings.exists()
    posting = confirm_posting(request, by=second)
    assert (posting.role, posting.granted_by) == (role, second)
    request.refresh_from_db()
    assert (request.posting, request.decided_by) == (posting, second)


def test_the_proposer_does_not_confirm(cast, admin):
    request = propose_posting(cast.nobody, terms(Role.AUDITOR), by=admin)
    with pytest.raises(NotAllowed, match="second person"):
        confirm_posting(request, by=admin)


def test_the_officer_does_not_confirm_his_own_posting(cast, admin):
    other = make.make_officer(Role.ACCOUNT_ADMIN, make.CITY, home_id=make.COUNTY)
    request = propose_posting(other, terms(Role.ACCOUNT_ADMIN), by=admin)
    with pytest.raises(NotAllowed, match="second person"):
        confirm_posting(request, by=other)


def test_an_administrator_of_another_county_does_not_confirm(cast, admin):
    elsewhere = make.make_officer(Role.ACCOUNT_ADMIN, make.OTHER_COUNTY)
    request = propose_posting(cast.nobody, terms(Role.AUDITOR), by=admin)
    with pytest.raises(NotAllowed):
        confirm_posting(request, by=elsewhere)


def test_a_request_is_decided_once(cast, admin, second):
    request = propose_posting(cast.nobody, terms(Role.AUDITOR), by=admin)
    refuse_posting(request, reason="证明不全", by=second)
    with pytest.raises(Refused, match="decided"):
        confirm_posting(request, by=second)
    assert not cast.nobody.postings.exists()
    assert last_change().reason == "证明不全"


def test_a_request_waits_once(cast, admin):
    propose_posting(cast.nobody, terms(Role.AUDITOR), by=admin)
    with pytest.raises(ValidationError, match="waits for a second person already"):
        propose_posting(cast.nobody, terms(Role.AUDITOR), by=admin)


def test_a_clash_that_came_meanwhile_stops_the_confirmation(cast, admin, second):
    request = propose_posting(cast.nobody, terms(Role.COUNTY_APPROVER), by=admin)
    grant_posting(cast.nobody, terms(Role.COUNTY_CLERK), by=admin)
    with pytest.raises(ValidationError):
        confirm_posting(request, by=second)
    request.refresh_from_db()
    assert request.decided_at is None


def test_the_database_refuses_a_request_decided_by_its_proposer(cast, admin):
    request = propose_posting(cast.nobody, terms(Role.AUDITOR), by=admin)
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        PostingRequest.objects.filter(pk=request.pk).update(
            decided_by=admin, decided_at=request.proposed_at, refusal="x"
        )


def test_the_database_refuses_a_posting_granted_to_oneself(cast, admin):
    with pytest.raises(IntegrityError, match="not_granted_by_its_holder"):
        make.make_posting(admin, Role.READER, granted_by=admin)


def test_an_ended_posting_opens_nothing_at_once(cast, admin):
    posting = cast.county_clerk.postings.get()
    end_posting(posting, last_day=business_date() - DAY, reason="调离", by=admin)
    with pytest.raises(NotAllowed):
        require(cast.county_clerk, Role.COUNTY_CLERK)
    assert Officer.objects.get(pk=cast.county_clerk.pk).reach == ()
    change = last_change()
    assert change.before == {"ends_on": None}
    assert change.reason == "调离"


@pytest.mark.parametrize(
    ("last_day", "reason", "field"),
    [(-2, "调离", "last_day"), (0, "", "reason"), (0, "  ", "reason")],
)
def test_a_faulty_end_is_refused_at_its_field(cast, admin, last_day, reason, field):
    posting = cast.county_clerk.postings.get()
    with pytest.raises(ValidationError) as refusal:
        end_posting(posting, last_day=business_date() + last_day * DAY, reason=reason, by=admin)
    assert field in refusal.value.error_dict


def test_a_posting_that_begins_today_cannot_end_yesterday(cast, admin):
    posting = grant_posting(cast.nobody, terms(), by=admin)
    with pytest.raises(ValidationError, match="begins on"):
        end_posting(posting, last_day=business_date() - DAY, reason="错", by=admin)


def test_a_posting_that_is_over_stays_as_it_ended(cast, admin):
    posting = make.make_posting(cast.nobody, Role.READER, ends_on=business_date() - DAY)
    with pytest.raises(Refused, match="over already"):
        end_posting(posting, last_day=business_date(), reason="再", by=admin)


def test_nobody_ends_his_own_posting(admin):
    with pytest.raises(NotAllowed):
        end_posting(admin.postings.get(), last_day=business_date(), reason="走", by=admin)


def test_no_posting_elsewhere_is_ended(cast, admin):
    with pytest.raises(NotAllowed):
        end_posting(cast.stranger.postings.get(), last_day=business_date(), reason="x", by=admin)


def test_a_posting_is_handed_over_without_a_gap_or_an_overlap(cast, admin):
    today = business_date()
    old = cast.county_clerk.postings.get()
    new = hand_over(old, to=cast.nobody, last_day=today, reason="轮岗", by=admin)
    old.refresh_from_db()
    assert old.ends_on == today
    assert (new.officer, new.role, new.division_id) == (cast.nobody, old.role, old.division_id)
    assert new.starts_on == today + DAY


def test_a_hand_over_that_cannot_be_leaves_the_posting_alone(cast, admin):
    old = cast.township_reviewer.postings.get()
    with pytest.raises(ValidationError):
        hand_over(old, to=cast.village_official, last_day=business_date(), reason="轮岗", by=admin)
    old.refresh_from_db()
    assert old.ends_on is None


def test_a_handed_over_role_of_trust_waits_for_the_second_administrator(cast, admin):
    old = cast.county_approver.postings.get()
    made = hand_over(old, to=cast.nobody, last_day=business_date(), reason="轮岗", by=admin)
    assert isinstance(made, PostingRequest)
    assert not cast.nobody.postings.exists()


def test_a_posting_is_not_handed_over_to_its_holder(cast, admin):
    old = cast.county_clerk.postings.get()
    with pytest.raises(ValidationError, match="another officer"):
        hand_over(old, to=cast.county_clerk, last_day=business_date(), reason="x", by=admin)


def test_the_operator_appoints_the_first_administrator(cast):
    posting = appoint(cast.nobody, terms(Role.ACCOUNT_ADMIN), by=cast.operator)
    assert posting.granted_by == cast.operator


def test_nobody_else_appoints(cast, admin):
    with pytest.raises(NotAllowed):
        appoint(cast.nobody, terms(Role.ACCOUNT_ADMIN), by=admin)


def test_rights_are_read_again_at_the_moment_of_the_act(cast, admin):
    assert require(admin, Role.ACCOUNT_ADMIN)
    Posting.objects.filter(officer=admin).update(ends_on=business_date() - DAY)
    with pytest.raises(NotAllowed):
        grant_posting(cast.nobody, terms(), by=admin)


def test_an_incompatible_posting_that_slipped_in_stops_the_act(cast):
    make.make_posting(cast.county_approver, Role.COUNTY_CLERK, make.COUNTY)
    with pytest.raises(NotAllowed, match="may not go together"):
        require(cast.county_approver, Role.COUNTY_APPROVER)
