"""A term is handed over and ends: who may, on which days, and what becomes of the posting."""

from datetime import timedelta

import pytest
from django.urls import reverse

from officers.rules import Role
from teams.actions.terms import end_term, hand_over
from teams.models import Handover, Presence, Term
from teams.models.terms import HANDOVER_FIELD
from teams.refusals import EntryRefused
from teams.rules.presence import Source, Status
from teams.rules.terms import EndReason, Post
from tests import factories as make
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from trail.sealing import unseal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)


@pytest.fixture
def term(cast) -> Term:
    """The term of the first secretary of the cast, which began a year ago."""
    today = business_date()
    return make.make_term(
        make.make_cadre(account=cast.first_secretary),
        post=Post.FIRST_SECRETARY,
        starts_on=today - 365 * DAY,
        due_on=today + 365 * DAY,
    )


def end(term, by, **changed):
    given = {
        "last_day": business_date(),
        "reason": EndReason.TERM,
        "version": Term.everywhere.get(pk=term.pk).version,
    }
    return end_term(term.pk, by=by, **given | changed)


def hand(term, by, **changed):
    given = {"handed_on": business_date(), "text": "台账三本，钥匙一串"}
    return hand_over(term.pk, by=by, **given | changed)


def faults(act, *args, **changed):
    with pytest.raises(EntryRefused) as refused:
        act(*args, **changed)
    return dict(refused.value.faults)


def test_the_clerk_ends_a_term_with_its_reason(cast, term):
    end(term, cast.county_clerk, reason=EndReason.PROMOTION, note="提任")
    term.refresh_from_db()
    assert (term.last_day, term.end_reason, term.end_note, term.version) == (
        business_date(),
        "promotion",
        "提任",
        2,
    )


def test_the_end_stands_in_the_trace(cast, term):
    end(term, cast.county_clerk)
    change = Change.objects.get(action="end_term")
    assert change.before["last_day"] is None
    assert change.after["last_day"] == business_date().isoformat()


def test_the_posting_of_the_account_lapses_with_the_term(cast, term):
    end(term, cast.county_clerk, last_day=business_date() + 9 * DAY)
    posting = cast.first_secretary.postings.get()
    assert posting.ends_on == business_date() + 9 * DAY


def test_the_posting_follows_an_end_that_is_corrected(cast, term):
    for days in (9, 20, 3):
        end(term, cast.county_clerk, last_day=business_date() + days * DAY)
        assert cast.first_secretary.postings.get().ends_on == business_date() + days * DAY
    traced = Change.objects.filter(action="end_posting").order_by("pk").values_list("after")
    assert len(traced) == 3


def test_a_posting_that_was_to_end_earlier_stays_so(cast, term):
    early = business_date() + 5 * DAY
    cast.first_secretary.postings.update(ends_on=early)
    for days in (9, 20):
        end(term, cast.county_clerk, last_day=business_date() + days * DAY)
    assert cast.first_secretary.postings.get().ends_on == early


def test_a_posting_for_a_service_to_come_stays_and_one_that_began_today_ends_today(cast, term):
    today = business_date()
    later = make.make_posting(
        cast.first_secretary,
        Role.TEAM_MEMBER,
        make.VILLAGE,
        starts_on=today + 30 * DAY,
        ends_on=today + 90 * DAY,
    )
    cast.first_secretary.postings.exclude(pk=later.pk).update(starts_on=today)
    end(term, cast.county_clerk, last_day=today - DAY)
    later.refresh_from_db()
    assert later.ends_on == today + 90 * DAY
    assert cast.first_secretary.postings.exclude(pk=later.pk).get().ends_on == today


def test_an_end_is_not_moved_over_days_in_which_the_account_holds_what_clashes(cast, term):
    today = business_date()
    end(term, cast.county_clerk, last_day=today + 3 * DAY)
    make.make_posting(cast.first_secretary, Role.COUNTY_APPROVER, starts_on=today + 4 * DAY)
    found = faults(end, term, cast.county_clerk, last_day=today + 9 * DAY)
    assert "Nobody may hold that" in found["last_day"]
    term.refresh_from_db()
    assert term.last_day == today + 3 * DAY


def test_a_posting_elsewhere_stays(cast, term):
    other = make.make_posting(cast.first_secretary, Role.TEAM_MEMBER, make.NEXT_VILLAGE)
    end(term, cast.county_clerk)
    other.refresh_from_db()
    assert other.ends_on is None


def test_a_recall_says_why(cast, term):
    assert "note" in faults(end, term, cast.county_clerk, reason=EndReason.RECALL)
    end(term, cast.county_clerk, reason=EndReason.RECALL, note="县委组织部决定")


@pytest.mark.parametrize("days", [-366, 367])
def test_a_last_day_before_the_first_or_far_ahead_is_refused(cast, term, days):
    found = faults(end, term, cast.county_clerk, last_day=business_date() + days * DAY)
    assert "last_day" in found


def test_a_term_does_not_end_before_a_day_of_service_on_record(cast, term):
    Presence.everywhere.create(
        term=term,
        cadre=term.cadre,
        village_id=term.village_id,
        day=business_date() - DAY,
        status=Status.IN_VILLAGE,
        source=Source.VILLAGE,
        recorded_by=make.the_operator(),
    )
    late = business_date() - 2 * DAY
    assert "on record until" in faults(end, term, cast.county_clerk, last_day=late)["last_day"]
    end(term, cast.county_clerk, last_day=business_date() - DAY)


def test_an_end_that_lies_ahead_is_corrected(cast, term):
    end(term, cast.county_clerk, last_day=business_date() + 9 * DAY)
    end(term, cast.county_clerk, last_day=business_date() + 3 * DAY)
    term.refresh_from_db()
    assert term.last_day == business_date() + 3 * DAY


def test_an_end_that_has_passed_is_history(cast, term):
    end(term, cast.county_clerk, last_day=business_date() - DAY)
    with pytest.raises(Refused, match="history"):
        end(term, cast.county_clerk)


def test_a_corrected_end_does_not_reach_into_the_next_term(cast, term):
    end(term, cast.county_clerk, last_day=business_date() + 3 * DAY)
    make.make_term(post=Post.FIRST_SECRETARY, starts_on=business_date() + 4 * DAY)
    late = business_date() + 9 * DAY
    assert "Another term" in faults(end, term, cast.county_clerk, last_day=late)["last_day"]


def test_whoever_saw_an_older_version_is_told(cast, term):
    end(term, cast.county_clerk, last_day=business_date() + 9 * DAY)
    with pytest.raises(Stale):
        end(term, cast.county_clerk, version=1)


@pytest.mark.parametrize(
    "part", ["stranger", "township_reviewer", "county_approver", "first_secretary"]
)
def test_the_county_clerk_alone_ends_a_term(cast, term, part):
    with pytest.raises(NotAllowed):
        end(term, getattr(cast, part))


def test_nobody_ends_his_own_term(cast, term):
    term.cadre.account = cast.county_clerk
    term.cadre.save()
    with pytest.raises(NotAllowed, match="his own"):
        end(term, cast.county_clerk)


@pytest.mark.parametrize("part", ["first_secretary", "county_clerk"])
def test_the_leaving_person_or_the_clerk_hands_over(cast, term, part):
    made = hand(term, getattr(cast, part))
    text = unseal(made.content_sealed, field=HANDOVER_FIELD, row=made.uuid)
    assert text == "台账三本，钥匙一串"


@pytest.mark.parametrize("part", ["stranger", "township_reviewer", "village_official"])
def test_nobody_else_hands_over(cast, term, part):
    with pytest.raises(NotAllowed):
        hand(term, getattr(cast, part))


def test_a_handover_stands_once(cast, term):
    hand(term, cast.first_secretary)
    with pytest.raises(Refused, match="already"):
        hand(term, cast.county_clerk)


def test_a_handover_comes_before_the_end(cast, term):
    end(term, cast.county_clerk, last_day=business_date() - DAY)
    assert "before its end" in faults(hand, term, cast.county_clerk)["handed_on"]
    hand(term, cast.county_clerk, handed_on=business_date() - DAY)


def test_a_term_does_not_end_before_its_handover(cast, term):
    hand(term, cast.first_secretary, handed_on=business_date() - DAY)
    early = business_date() - 2 * DAY
    found = faults(end, term, cast.county_clerk, last_day=early)
    assert f"took place on {business_date() - DAY}" in found["last_day"]
    end(term, cast.county_clerk, last_day=business_date() - DAY)


@pytest.mark.parametrize("days", [-366, 1])
def test_a_handover_lies_within_the_term_and_not_ahead(cast, term, days):
    found = faults(hand, term, cast.county_clerk, handed_on=business_date() + days * DAY)
    assert "handed_on" in found


def test_whoever_takes_over_is_somebody_else_of_the_county(cast, term):
    far = make.make_cadre(make.OTHER_COUNTY)
    assert "to" in faults(hand, term, cast.county_clerk, to=far.pk)
    assert "to" in faults(hand, term, cast.county_clerk, to=term.cadre_id)
    assert hand(term, cast.county_clerk, to=make.make_cadre().pk).to


def test_an_empty_handover_is_refused(cast, term):
    assert "text" in faults(hand, term, cast.county_clerk, text="  ")


def test_the_page_of_the_end_warns_while_no_handover_stands(cast, term, signed_in):
    client, url = signed_in(cast.county_clerk), reverse("teams:term_end", args=[term.pk])
    assert "No handover is recorded" in client.get(url).text
    hand(term, cast.first_secretary)
    assert "No handover is recorded" not in client.get(url).text


def test_the_page_of_the_end_counts_the_households_that_lose_their_helper(
    cast, term, household, signed_in
):
    make.make_pairing(household, term.cadre)
    page = signed_in(cast.county_clerk).get(reverse("teams:term_end", args=[term.pk]))
    assert "helps 1 household" in page.text


def test_a_stale_form_keeps_what_was_typed_and_changes_nothing(cast, term, signed_in):
    client, url = signed_in(cast.county_clerk), reverse("teams:term_end", args=[term.pk])
    typed = {
        "version": term.version,
        "last_day": (business_date() + 3 * DAY).isoformat(),
        "reason": "illness",
        "note": "住院",
    }
    end(term, cast.county_clerk, last_day=business_date() + 9 * DAY)
    answer = client.post(url, typed)
    assert answer.status_code == 409
    assert "住院" in answer.text
    assert Term.everywhere.get(pk=term.pk).end_reason == "term"
    assert client.post(url, typed | {"version": 2}).status_code == 302


def test_a_reader_sees_that_there_was_a_handover_but_not_its_words(cast, term, signed_in):
    hand(term, cast.first_secretary)
    url = reverse("teams:hand_over", args=[term.pk])
    assert "钥匙" in signed_in(cast.township_reviewer).get(url).text
    shown = signed_in(cast.province_officer).get(url)
    assert shown.status_code == 200
    assert "钥匙" not in shown.text


def test_the_trace_of_a_handover_does_not_hold_its_words(cast, term):
    hand(term, cast.first_secretary)
    change = Change.objects.get(action="hand_over")
    assert "钥匙" not in str(change.after)
    assert Handover.objects.get().recorded_by == cast.first_secretary
