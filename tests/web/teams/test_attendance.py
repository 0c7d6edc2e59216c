"""The days of others: what a village records, what an inspection finds, who takes it back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from officers.rules import Role
from teams.actions.inspections import record_absence, withdraw_absence
from teams.actions.presence import keep_day, seen_mark, sign_in
from teams.models import Presence
from teams.queries.days import consequence
from teams.rules.presence import AbsenceKind, Source, Status, earliest_to_keep
from tests import factories as make
from tests.web.teams.present import ahead, approved, on_record, serving
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def today():
    return business_date()


@pytest.fixture
def term(cast):
    return serving(cast.first_secretary)


def kept(cast, term, day: date, status=Status.OFFICIAL, seen: str = "") -> Presence:
    return keep_day(term.cadre, day, status, by=cast.village_official, note="县里开会", seen=seen)


def found(cast, term, day: date, by=None) -> Presence:
    return record_absence(term.cadre, day, by=by or cast.township_reviewer, found="村部无人")


def day_url(term, day: date, route: str = "teams:keep_day") -> str:
    return reverse(route, args=[term.cadre.number, day])


@pytest.mark.parametrize("status", [Status.IN_VILLAGE, Status.OFFICIAL, Status.LEAVE])
def test_the_village_records_a_day_with_a_remark(cast, term, today, signed_in, status):
    client = signed_in(cast.village_official)
    answer = client.post(day_url(term, today), {"status": status, "note": "县里开会"})
    assert answer.url == f"{reverse('teams:attendance')}?day={today}"
    row = Presence.everywhere.get()
    assert (row.status, row.source, row.note) == (status, Source.VILLAGE, "县里开会")
    assert row.recorded_by == cast.village_official


def test_a_remark_must_be_written(cast, term, today, signed_in):
    client = signed_in(cast.village_official)
    answer = client.post(day_url(term, today), {"status": "leave", "note": " "})
    assert (answer.status_code, Presence.everywhere.exists()) == (400, False)


def test_a_change_leaves_before_and_after_and_why(cast, term, today):
    row = kept(cast, term, today)
    kept(cast, term, today, Status.LEAVE, seen_mark(row))
    change = Change.objects.filter(action="keep_day").latest("id")
    assert (change.before["status"], change.after["status"]) == ("official", "leave")
    assert change.reason == "县里开会"


def test_a_day_that_somebody_else_recorded_meanwhile_is_not_written_over(cast, term, today):
    kept(cast, term, today)
    with pytest.raises(Stale):
        kept(cast, term, today, Status.LEAVE)


def test_what_was_typed_stays_and_a_second_try_counts(cast, term, today, signed_in):
    client, url = signed_in(cast.village_official), day_url(term, today)
    kept(cast, term, today)
    typed = {"status": "leave", "note": "其实是请假", "seen": ""}
    answer = client.post(url, typed)
    assert answer.status_code == 409
    assert "其实是请假" in answer.text
    assert "On record: away on duty (recorded by the village)." in answer.text
    again = typed | {"seen": answer.context["form"]["seen"].value()}
    assert client.post(url, again).status_code == 302
    assert Presence.everywhere.get().status == Status.LEAVE


def test_nobody_keeps_his_own_attendance(cast, today, signed_in):
    own = serving(cast.village_official)
    with pytest.raises(NotAllowed, match="Nobody keeps his own attendance"):
        kept(cast, own, today)
    page = signed_in(cast.village_official).get(reverse("teams:attendance"))
    assert "Your own days: sign in, or ask another village official." in page.text


def test_days_ahead_and_before_last_month_are_out_of_reach(cast, term, today):
    earliest = earliest_to_keep(today)
    kept(cast, term, earliest)
    with pytest.raises(Refused, match="has not come yet"):
        kept(cast, term, today + timedelta(days=1))
    with pytest.raises(Refused, match="this month and the last one"):
        kept(cast, term, earliest - timedelta(days=1))


def test_a_day_signed_in_or_inspected_is_not_the_villages(cast, term, today):
    row = sign_in(by=cast.first_secretary)
    with pytest.raises(Refused, match="He signed in himself"):
        kept(cast, term, today, seen=seen_mark(row))
    before = today - timedelta(days=1)
    row = on_record(term, before, Status.ABSENT, Source.INSPECTION)
    with pytest.raises(Refused, match="only the county withdraws it"):
        kept(cast, term, before, seen=seen_mark(row))


def test_no_village_records_an_absence_without_leave(cast, term, today):
    with pytest.raises(Refused, match="An inspection does"):
        kept(cast, term, today, Status.ABSENT)


def test_a_day_outside_the_term_is_refused(cast, term, today):
    term.last_day, term.end_reason = today - timedelta(days=1), "term"
    term.save()
    with pytest.raises(Refused, match="does not serve"):
        kept(cast, term, today)


def test_the_village_page_shows_the_team_of_a_day_and_its_month(cast, term, today, signed_in):
    on_record(term, today, Status.LEAVE, Source.ABSENCE)
    other = serving(None)
    serving(None, make.NEXT_VILLAGE)
    page = signed_in(cast.village_official).get(reverse("teams:attendance"))
    shown = [one.cadre for one, _cell, _kept in page.context["people"]]
    assert shown == [term.cadre, other.cadre]
    assert len(page.context["month"].rows) == today.day
    assert "approved absence" in page.text
    assert "Record the day" in page.text


def test_the_village_page_costs_the_same_for_a_large_team(
    cast, term, signed_in, django_assert_max_num_queries
):
    for _ in range(6):
        serving(None)
    client = signed_in(cast.village_official)
    client.get(reverse("teams:attendance"))
    with django_assert_max_num_queries(11):
        client.get(reverse("teams:attendance"))


def test_last_month_is_one_press_away(cast, term, today, signed_in):
    client = signed_in(cast.village_official)
    other = client.get(reverse("teams:attendance")).context["other_month"]
    assert other == today.replace(day=1) - timedelta(days=1)
    page = client.get(reverse("teams:attendance"), {"day": other})
    assert page.context["other_month"] == today


def test_single_days_are_not_for_every_reader(cast, term, signed_in):
    reader = signed_in(cast.reader)
    assert reader.get(reverse("teams:presence_person", args=[term.cadre.number])).status_code == 403
    helper = signed_in(cast.helper)
    assert helper.get(reverse("teams:attendance")).status_code == 403


@pytest.mark.parametrize("part", ["township_reviewer", "county_clerk", "county_approver"])
def test_an_inspection_records_an_absence_and_says_what_follows(cast, term, today, signed_in, part):
    client = signed_in(getattr(cast, part))
    url = reverse("teams:inspect", args=[term.cadre.number])
    answer = client.post(url, {"day": today, "found": "村部无人"}, follow=True)
    row = Presence.everywhere.get()
    assert (row.status, row.source, row.note) == (Status.ABSENT, Source.INSPECTION, "村部无人")
    assert f"1 absence without leave in {today.year}: not excellent." in answer.text


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "1 absence without leave in 2020: not excellent."),
        (2, "2 absences without leave in 2020: at most basically competent."),
        (3, "3 absences without leave in 2020: incompetent."),
    ],
)
def test_each_further_absence_costs_more(tree, count, sentence):
    assert consequence(count, make.VILLAGE, 2020) == sentence


def test_no_absence_has_no_consequence(tree):
    assert consequence(0, make.VILLAGE, 2020) == ""


def test_an_inspection_takes_the_place_of_a_sign_in_and_the_trace_keeps_it(cast, term, today):
    sign_in(by=cast.first_secretary)
    found(cast, term, today)
    assert Presence.everywhere.get().status == Status.ABSENT
    change = Change.objects.get(action="inspect")
    assert (change.before["source"], change.after["source"]) == ("self", "inspection")
    assert change.reason == "村部无人"


@pytest.mark.parametrize("came_back", [False, True])
def test_an_approved_day_is_no_absence_without_leave(cast, term, today, came_back):
    case = approved(cast, ahead(0, 1), AbsenceKind.ILLNESS)
    if came_back:
        sign_in(by=cast.first_secretary)
    with pytest.raises(Refused, match=f"illness, from {today} to {today}, case {case.pk}"):
        found(cast, term, today)


def test_an_inspection_looks_back_thirty_days(cast, term, today):
    found(cast, term, today - timedelta(days=30))
    with pytest.raises(Refused, match="within 30 days"):
        found(cast, term, today - timedelta(days=31))
    with pytest.raises(Refused, match="has not come yet"):
        found(cast, term, today + timedelta(days=1))


def test_a_day_is_inspected_once(cast, term, today):
    found(cast, term, today)
    with pytest.raises(Refused, match="recorded this day already"):
        found(cast, term, today, by=cast.county_clerk)


def test_nobody_inspects_himself(cast, today):
    own = serving(cast.county_clerk)
    with pytest.raises(NotAllowed, match="Nobody inspects himself"):
        found(cast, own, today, by=cast.county_clerk)


@pytest.mark.parametrize("part", ["village_official", "first_secretary", "auditor", "stranger"])
def test_others_inspect_nobody(cast, term, today, part):
    with pytest.raises(NotAllowed):
        found(cast, term, today, by=getattr(cast, part))


def test_a_withdrawal_gives_the_day_back_as_it_was(cast, term, today, signed_in):
    sign_in(by=cast.first_secretary)
    found(cast, term, today)
    client, url = signed_in(cast.county_approver), day_url(term, today, "teams:withdraw_day")
    answer = client.post(url, {"reason": "查岗有误"}, follow=True)
    row = Presence.everywhere.get()
    assert (row.status, row.source) == (Status.IN_VILLAGE, Source.SELF)
    assert row.recorded_by == cast.first_secretary
    change = Change.objects.get(action="withdraw_inspection")
    assert (change.reason, change.after["source"]) == ("查岗有误", "self")
    assert f"Withdrawn: {term.cadre.name}, {today}." in answer.text


def test_a_withdrawal_of_a_day_without_a_record_leaves_none(cast, term, today):
    found(cast, term, today)
    assert withdraw_absence(term.cadre, today, by=cast.county_approver, reason="有误") is None
    assert not Presence.everywhere.exists()
    with pytest.raises(Refused, match="or it was withdrawn"):
        withdraw_absence(term.cadre, today, by=cast.county_approver, reason="有误")


def test_who_recorded_it_does_not_withdraw_it(cast, term, today):
    found(cast, term, today, by=cast.county_approver)
    with pytest.raises(NotAllowed, match="Another county approver"):
        withdraw_absence(term.cadre, today, by=cast.county_approver, reason="有误")
    other = make.make_officer(Role.COUNTY_APPROVER, make.COUNTY)
    withdraw_absence(term.cadre, today, by=other, reason="有误")


def test_only_a_county_approver_withdraws(cast, term, today):
    found(cast, term, today)
    with pytest.raises(NotAllowed):
        withdraw_absence(term.cadre, today, by=cast.county_clerk, reason="有误")


def test_the_page_of_a_person_lists_what_was_found_and_what_it_means(cast, term, today, signed_in):
    found(cast, term, today)
    url = reverse("teams:presence_person", args=[term.cadre.number])
    page = signed_in(cast.county_approver).get(url).text
    assert "村部无人" in page
    assert f"in {today.year}: not excellent." in page
    assert day_url(term, today, "teams:withdraw_day") in page
    assert day_url(term, today, "teams:withdraw_day") not in signed_in(cast.auditor).get(url).text


def test_a_record_that_came_without_a_trace_can_be_withdrawn_too(cast, term, today):
    on_record(term, today, Status.ABSENT, Source.INSPECTION)
    withdraw_absence(term.cadre, today, by=cast.county_approver, reason="有误")
    assert not Presence.everywhere.exists()
