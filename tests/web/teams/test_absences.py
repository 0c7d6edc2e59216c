"""Asking to be away: what is refused at which field, who decides, and what the days become."""

from datetime import timedelta

import pytest
from django.urls import reverse

from officers.rules import Role
from teams.actions.absences import advance
from teams.models import Absence, Presence
from teams.models.presence import ABSENCE_FIELD
from teams.rules.presence import AbsenceKind, Source, Status
from tests import factories as make
from tests.web.teams.present import ahead, approved, asked, on_record, serving
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.models import Change
from trail.sealing import unseal
from workflow.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def today():
    return business_date()


@pytest.fixture
def term(cast):
    return serving(cast.first_secretary)


@pytest.fixture
def member(cast, term, signed_in):
    return signed_in(cast.first_secretary)


def send(client, first, last, kind="personal", reason="母亲住院", **more):
    typed = {"kind": kind, "first_day": first, "last_day": last, "reason": reason}
    return client.post(reverse("teams:ask_absence"), typed, **more)


def statuses() -> list[tuple[str, str]]:
    return list(Presence.everywhere.order_by("day").values_list("status", "source"))


def test_a_request_becomes_a_case_with_its_reason_sealed(member, term, today):
    last = today + timedelta(days=4)
    answer = send(member, today, last, follow=True)
    case, absence = Case.everywhere.get(), Absence.objects.get()
    assert answer.redirect_chain == [(reverse("pages:case", args=[case.pk]), 302)]
    assert (case.kind, case.subject, case.division_id) == (
        "absence",
        term.cadre.number,
        make.VILLAGE,
    )
    assert (case.facts["days"], case.facts["needs_county"]) == (5, False)
    assert unseal(absence.reason_sealed, field=ABSENCE_FIELD, row=absence.uuid) == "母亲住院"
    assert "母亲" not in str(case.facts)
    assert "Sent to the township, which decides." in answer.text


def test_the_township_approves_five_days_and_the_days_are_leave(cast, member):
    approved(cast, ahead(1, 5))
    assert statuses() == [(Status.LEAVE, Source.ABSENCE)] * 5


def test_six_days_are_passed_on_to_the_county(cast, term):
    case = asked(cast.first_secretary, ahead(1, 6))
    with pytest.raises(Refused, match="longer than the township may approve"):
        advance(case.pk, "approve", by=cast.township_reviewer, version=1)
    advance(case.pk, "pass_on", by=cast.township_reviewer, version=1)
    assert not Presence.everywhere.exists()
    advance(case.pk, "approve", by=cast.county_approver, version=2)
    assert statuses() == [(Status.LEAVE, Source.ABSENCE)] * 6


def test_five_days_are_not_passed_on(cast, term):
    case = asked(cast.first_secretary, ahead(1, 5))
    with pytest.raises(Refused, match="The township decides"):
        advance(case.pk, "pass_on", by=cast.township_reviewer, version=1)


def test_a_long_absence_on_duty_is_for_the_township_and_counts(cast, term):
    case = approved(cast, ahead(-9, 10), AbsenceKind.OFFICIAL)
    assert case.facts["needs_county"] is False
    assert statuses() == [(Status.OFFICIAL, Source.ABSENCE)] * 10


def test_an_approval_leaves_sign_ins_and_inspections_and_writes_over_the_village(cast, term):
    days = ahead(-3, 4)
    case = asked(cast.first_secretary, days)
    for number, status, source in (
        (0, Status.IN_VILLAGE, Source.SELF),
        (1, Status.ABSENT, Source.INSPECTION),
        (2, Status.IN_VILLAGE, Source.VILLAGE),
    ):
        on_record(term, days.first + timedelta(days=number), status, source)
    advance(case.pk, "approve", by=cast.township_reviewer, version=1)
    assert statuses() == [
        (Status.IN_VILLAGE, Source.SELF),
        (Status.ABSENT, Source.INSPECTION),
        (Status.LEAVE, Source.ABSENCE),
        (Status.LEAVE, Source.ABSENCE),
    ]
    change = Change.objects.get(action="approve_absence")
    assert (change.before["source"], change.after["source"]) == ("village", "absence")


def test_an_approval_writes_no_day_after_the_term(cast, term, today):
    case = asked(cast.first_secretary, ahead(0, 5))
    term.last_day, term.end_reason = today + timedelta(days=1), "term"
    term.save()
    advance(case.pk, "approve", by=cast.township_reviewer, version=1)
    assert Presence.everywhere.count() == 2


def test_an_approval_after_the_term_is_refused(cast, term, today):
    case = asked(cast.first_secretary, ahead(1, 3))
    term.last_day, term.end_reason = today, "term"
    term.save()
    with pytest.raises(Refused, match="Reject the request"):
        advance(case.pk, "approve", by=cast.township_reviewer, version=1)
    assert Case.everywhere.get().state == "asked"


@pytest.mark.parametrize(
    ("first", "last", "field", "sentence"),
    [
        (2, 1, "last_day", "The last day lies before the first."),
        (-31, -31, "first_day", "reported within 30 days"),
        (1, 400, "last_day", "Ask for a year at most."),
    ],
)
def test_impossible_days_are_refused_at_their_field(member, today, first, last, field, sentence):
    days = [today + timedelta(days=number) for number in (first, last)]
    answer = send(member, *days)
    assert answer.status_code == 400
    assert sentence in str(answer.context["form"].errors[field])
    assert "母亲住院" in answer.text


def test_days_outside_the_term_are_refused_at_their_field(cast, signed_in, today):
    start, end = today - timedelta(days=5), today + timedelta(days=5)
    serving(cast.first_secretary, starts_on=start, last_day=end)
    client = signed_in(cast.first_secretary)
    early = send(client, start - timedelta(days=1), today).context["form"]
    assert f"began on {start}" in str(early.errors["first_day"])
    late = send(client, today, end + timedelta(days=1)).context["form"]
    assert f"ends on {end}" in str(late.errors["last_day"])


def test_overlapping_requests_are_refused_at_the_field(cast, member, today):
    case = approved(cast, ahead(1, 3))
    days = ahead(3, 3)
    errors = send(member, days.first, days.last).context["form"].errors
    assert f"already (case {case.pk})" in str(errors["first_day"])
    assert send(member, *(ahead(4, 2).first, ahead(4, 2).last)).status_code == 302


def test_a_rejected_request_leaves_its_days_free(cast, member):
    case = asked(cast.first_secretary, ahead(1, 3))
    advance(case.pk, "reject", by=cast.township_reviewer, version=1, note="汛期")
    assert send(member, ahead(1, 3).first, ahead(1, 3).last).status_code == 302


def test_a_second_request_waits_for_the_first(cast, member):
    asked(cast.first_secretary, ahead(1, 3))
    answer = send(member, ahead(9, 2).first, ahead(9, 2).last)
    assert "has an open case already" in answer.text


def test_nobody_approves_his_own_absence(cast, term):
    case = asked(cast.first_secretary, ahead(1, 3))
    other = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    term.cadre.account = other
    term.cadre.save()
    with pytest.raises(NotAllowed, match="Another officer"):
        advance(case.pk, "approve", by=other, version=1)


def test_only_who_asked_withdraws(cast, term):
    mate = make.make_officer(Role.TEAM_MEMBER, make.VILLAGE)
    case = asked(cast.first_secretary, ahead(1, 3))
    with pytest.raises(NotAllowed, match="Only who asked"):
        advance(case.pk, "withdraw", by=mate, version=1)
    advance(case.pk, "withdraw", by=cast.first_secretary, version=1)
    assert Case.everywhere.get().state == "withdrawn"


def test_the_case_page_tells_what_is_asked_and_what_the_year_comes_to(cast, term, signed_in):
    case = asked(cast.first_secretary, ahead(1, 6))
    page = signed_in(cast.township_reviewer).get(reverse("pages:case", args=[case.pk]))
    for said in (
        term.cadre.name,
        "personal reasons",
        "母亲住院",
        "Leave of more than 5 days is for the county to approve",
        "200 are wanted of the year",
    ):
        assert said in page.text


def test_the_reason_is_for_who_decides_and_for_himself(cast, term, signed_in):
    case = asked(cast.first_secretary, ahead(1, 3))
    mate = make.make_officer(Role.TEAM_MEMBER, make.VILLAGE)
    url = reverse("pages:case", args=[case.pk])
    readers = (cast.first_secretary, cast.township_reviewer, cast.county_approver)
    assert all("母亲住院" in signed_in(one).get(url).text for one in readers)
    others = (mate, cast.province_officer)
    assert not any("母亲住院" in signed_in(one).get(url).text for one in others)


def test_the_township_takes_the_step_on_the_page_of_the_case(cast, term, signed_in):
    case = asked(cast.first_secretary, ahead(1, 3))
    url = reverse("pages:case_step", args=[case.pk, "approve"])
    signed_in(cast.township_reviewer).post(url, {"version": 1, "note": ""})
    assert Presence.everywhere.count() == 3


def test_a_request_without_a_term_says_why(cast, signed_in):
    client = signed_in(cast.first_secretary)
    assert "You cannot ask to be away" in client.get(reverse("teams:ask_absence")).text
    assert not Case.everywhere.exists()
