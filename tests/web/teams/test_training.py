"""Courses, who took part, who had too little, and the trace of corrections."""

from datetime import date

import pytest
from django.urls import reverse

from divisions.models import Division
from officers.rules import Role
from teams.actions.training import (
    Course,
    Part,
    correct_training,
    course_of,
    record_training,
    set_participants,
)
from teams.models import Training, TrainingRecord
from teams.queries.training import participants, seen_of, short_of_training, tallies
from teams.refusals import EntryRefused
from tests import factories as make
from tests.web.teams.assessed import YEAR, make_training
from trail.errors import NotAllowed, Stale
from trail.models import Change

pytestmark = pytest.mark.usefixtures("in_english")
COURSE = Course("轮训", "县委党校", date(YEAR, 5, 12), date(YEAR, 5, 14))


@pytest.fixture
def township(tree) -> Division:
    return Division.objects.get(pk=make.TOWNSHIP)


@pytest.fixture
def training(cast) -> Training:
    return make_training()


def tick(training, place, parts, by):
    seen = seen_of(participants(by, training, place.pk))
    return set_participants(training.pk, place, parts, seen=seen, by=by)


def test_county_city_and_province_record_courses_of_their_own_place(cast):
    for who, place in (
        ("county_clerk", make.COUNTY),
        ("city_reviewer", make.CITY),
        ("province_officer", make.PROVINCE),
    ):
        assert record_training(COURSE, by=getattr(cast, who)).division_id == place
    with pytest.raises(NotAllowed):
        record_training(COURSE, by=cast.township_reviewer)


def test_a_course_ends_after_it_starts(cast):
    turned = Course("轮训", "", COURSE.last_day, COURSE.starts_on)
    with pytest.raises(EntryRefused) as refusal:
        record_training(turned, by=cast.county_clerk)
    assert "The last day lies before the first." in dict(refusal.value.faults).values()


def test_a_correction_of_a_course_leaves_a_trace(cast, training):
    correct_training(training.pk, COURSE, seen=course_of(training), by=cast.county_clerk)
    change = Change.objects.get(action="correct_training")
    assert (change.before["last_day"], change.after["last_day"]) == ("2025-05-13", "2025-05-14")


def test_only_the_office_that_holds_a_course_corrects_it(cast):
    training = make_training(make.CITY)
    with pytest.raises(NotAllowed):
        correct_training(training.pk, COURSE, seen=course_of(training), by=cast.county_clerk)


def test_a_course_that_somebody_changed_meanwhile_is_not_overwritten(cast, training):
    with pytest.raises(Stale):
        correct_training(training.pk, COURSE, seen=COURSE, by=cast.county_clerk)


def test_a_course_gets_no_shorter_than_somebody_took_part(cast, training, township):
    cadre = make.make_term().cadre
    tick(training, township, {cadre.pk: Part(2, None)}, cast.county_clerk)
    shorter = Course("轮训", "", training.starts_on, training.starts_on)
    with pytest.raises(EntryRefused):
        correct_training(training.pk, shorter, seen=course_of(training), by=cast.county_clerk)


def test_who_took_part_is_ticked_corrected_and_taken_away_with_a_trace(cast, training, township):
    first, second = make.make_term().cadre, make.make_term().cadre
    by = cast.county_clerk
    parts = {first.pk: Part(2, passed=True), second.pk: Part(1, None)}
    assert tick(training, township, parts, by) == 2
    assert tick(training, township, parts, by) == 0
    assert tick(training, township, {first.pk: Part(1, passed=True)}, by) == 2
    kept = TrainingRecord.objects.get()
    assert (kept.cadre, kept.days, kept.passed) == (first, 1, True)
    traced = [
        (one.before and one.before["days"], one.after and one.after["days"])
        for one in Change.objects.filter(action="record_participant").order_by("pk")
    ]
    assert sorted(traced, key=str) == sorted([(None, 2), (None, 1), (2, 1), (1, None)], key=str)


def test_the_people_of_a_county_are_ticked_in_a_course_of_the_province(cast, township):
    training = make_training(make.PROVINCE)
    cadre = make.make_term().cadre
    assert tick(training, township, {cadre.pk: Part(2, None)}, cast.county_clerk) == 1


def test_nobody_is_ticked_who_did_not_serve_there_in_those_days(cast, training, township):
    gone = make.make_term(last_day=date(YEAR, 5, 11)).cadre
    with pytest.raises(EntryRefused):
        tick(training, township, {gone.pk: Part(1, None)}, cast.county_clerk)


@pytest.mark.parametrize("days", [0, 3])
def test_nobody_takes_part_for_more_days_than_the_course_has(cast, training, township, days):
    cadre = make.make_term().cadre
    with pytest.raises(EntryRefused):
        tick(training, township, {cadre.pk: Part(days, None)}, cast.county_clerk)


def test_ticks_that_somebody_else_made_meanwhile_are_not_overwritten(cast, training, township):
    cadre = make.make_term().cadre
    seen = seen_of(participants(cast.county_clerk, training, township.pk))
    tick(training, township, {cadre.pk: Part(1, None)}, cast.county_clerk)
    with pytest.raises(Stale):
        set_participants(training.pk, township, {}, seen=seen, by=cast.county_clerk)


def test_too_little_training_is_counted_against_the_days_of_the_parameter(cast, township):
    enough, little, failed, none = (make.make_term() for _number in range(4))
    for days, parts in ((2, (enough, little, failed)), (1, (enough,))):
        training = make_training(last_day=date(YEAR, 5, 11 + days))
        ticked = {one.cadre_id: Part(days, None) for one in parts}
        if failed in parts:
            ticked[failed.cadre_id] = Part(days, passed=False)
        tick(training, township, ticked, cast.county_clerk)
    rows = short_of_training(make.COUNTY, YEAR)
    assert [(row.term, row.days, row.wanted) for row in rows] == [
        (little, 2, 3),
        (failed, 0, 3),
        (none, 0, 3),
    ]
    whole, parts = tallies(Division.objects.get(pk=make.COUNTY), YEAR)
    assert (whole.serving, whole.took_part, whole.short, whole.percent) == (4, 2, 3, 25)
    assert [(one.division.pk, one.serving) for one in parts] == [(make.TOWNSHIP, 4)]


def test_training_counts_for_its_year_alone_and_for_those_who_still_serve(cast, township):
    term = make.make_term()
    tick(make_training(), township, {term.cadre_id: Part(2, None)}, cast.county_clerk)
    make.make_term(last_day=date(YEAR, 6, 1))
    assert [row.days for row in short_of_training(make.COUNTY, YEAR)] == [2]
    assert [row.days for row in short_of_training(make.COUNTY, YEAR - 1)] == [0, 0]


def test_nobody_changes_his_own_part_in_a_course(cast, training, township):
    own = make.make_term(make.make_cadre(account=cast.county_clerk)).cadre
    other = make.make_term().cadre
    both = {own.pk: Part(1, None), other.pk: Part(1, None)}
    with pytest.raises(EntryRefused) as refusal:
        tick(training, township, both, cast.county_clerk)
    assert refusal.value.faults == [
        (f"took_{own.pk}", "This is about yourself. Another officer must do it.")
    ]
    assert not TrainingRecord.objects.exists()
    colleague = make.make_officer(Role.COUNTY_CLERK)
    assert tick(training, township, both, colleague) == 2
    with pytest.raises(EntryRefused):
        tick(training, township, {other.pk: Part(1, None)}, cast.county_clerk)
    changed = both | {other.pk: Part(2, None)}
    assert tick(training, township, changed, cast.county_clerk) == 1


def test_a_tick_of_ones_own_is_told_at_the_row_and_what_else_was_typed_stays(
    cast, signed_in, training
):
    own = make.make_term(make.make_cadre(account=cast.county_clerk)).cadre_id
    other = make.make_term().cadre_id
    client = signed_in(cast.county_clerk)
    path = reverse("teams:training_people", args=[training.pk, make.TOWNSHIP])
    seen = client.get(path).context["form"]["seen"].value()
    typed = {"seen": seen}
    for key in (own, other):
        typed |= {f"took_{key}": "on", f"days_{key}": "1", f"passed_{key}": "no"}
    answer = client.post(path, typed)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [f"took_{own}"]
    assert answer.context["form"][f"passed_{other}"].value() == "no"


def test_the_clerk_records_a_course_and_ticks_people_on_the_pages(cast, signed_in, township):
    term = make.make_term()
    client = signed_in(cast.county_clerk)
    said = {
        "title": "轮训",
        "place": "党校",
        "starts_on": "2025-05-12",
        "last_day": "2025-05-13",
    }
    answer = client.post(reverse("teams:training_add"), said, follow=True)
    training = answer.context["training"]
    assert f"division={make.TOWNSHIP}" in answer.text
    path = reverse("teams:training_people", args=[training.pk, make.TOWNSHIP])
    seen = client.get(path).context["form"]["seen"].value()
    key = term.cadre_id
    ticked = {"seen": seen, f"took_{key}": "on", f"days_{key}": "2", f"passed_{key}": "yes"}
    done = client.post(path, ticked, follow=True)
    assert "Recorded; changed: 1." in done.text
    assert term.cadre.name in done.text
    stale = client.post(path, {"seen": seen, f"days_{key}": "1", f"passed_{key}": ""})
    assert stale.status_code == 409
    assert "Somebody else recorded participants meanwhile" in stale.text


def test_a_tick_without_days_is_told_at_the_field(cast, signed_in, training):
    key = make.make_term().cadre_id
    client = signed_in(cast.county_clerk)
    path = reverse("teams:training_people", args=[training.pk, make.TOWNSHIP])
    seen = client.get(path).context["form"]["seen"].value()
    answer = client.post(path, {"seen": seen, f"took_{key}": "on", f"passed_{key}": ""})
    assert answer.status_code == 400
    assert f"days_{key}" in answer.context["form"].errors


def test_the_list_names_those_with_too_little_and_says_the_rule(cast, signed_in):
    term = make.make_term()
    client = signed_in(cast.township_reviewer)
    page = client.get(f"{reverse('teams:training')}?year={YEAR}")
    assert "Everybody who serves in a village takes part every year." in page.text
    text = client.get(f"{reverse('teams:training_short')}?year={YEAR}").text
    assert term.cadre.name in text
    province = signed_in(cast.province_officer)
    text = province.get(f"{reverse('teams:training_short')}?year={YEAR}").text
    assert "People are listed for a county or a place in it." in text
    assert term.cadre.name not in text


def test_others_record_no_courses(cast, signed_in, training):
    client = signed_in(cast.township_reviewer)
    assert client.get(reverse("teams:training_add")).status_code == 403
    path = reverse("teams:training_people", args=[training.pk, make.TOWNSHIP])
    assert client.get(path).status_code == 403
    assert signed_in(cast.reader).get(reverse("teams:training")).status_code == 403


def test_a_county_sees_no_courses_of_another_county(cast, signed_in):
    foreign, above = make_training(make.OTHER_COUNTY), make_training(make.PROVINCE)
    client = signed_in(cast.county_clerk)
    assert client.get(reverse("teams:training_course", args=[foreign.pk])).status_code == 404
    assert client.get(reverse("teams:training_course", args=[above.pk])).status_code == 200
