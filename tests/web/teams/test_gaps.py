"""The six lists of what is missing: who stands on each, and how many."""

from datetime import timedelta

import pytest
from django.urls import reverse

from officers.rules import Role
from teams.models import Candidacy, Handover
from teams.queries.gaps import Gap, gap_counts, gap_page
from teams.rules.terms import Post
from tests import factories as make
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cast")]
DAY = timedelta(days=1)


def serve(village=make.VILLAGE, post=Post.MEMBER, **fields):
    today = business_date()
    fields.setdefault("starts_on", today - 300 * DAY)
    fields.setdefault("due_on", today + 400 * DAY)
    return make.make_term(None, village, post, **fields)


def listed(kind, place=make.COUNTY):
    return gap_page(place, kind, business_date())


def terms(kind):
    return [one.term for one in listed(kind).terms]


def counted(kind):
    return gap_counts(make.COUNTY, business_date())[kind]


def hand_over(term):
    return Handover.objects.create(
        term=term,
        uuid=make.uuid.uuid4(),
        handed_on=business_date(),
        content_sealed=b"x",
        recorded_by=make.the_operator(),
    )


def test_a_village_is_without_since_the_day_after_its_last_first_secretary():
    make.make_team_village()
    ended = serve(post=Post.FIRST_SECRETARY, last_day=business_date() - 31 * DAY)
    (gap,) = listed(Gap.VACANT).villages
    assert (gap.since, gap.days) == (ended.last_day + DAY, 30)


@pytest.mark.parametrize(("days", "overdue"), [(30, False), (31, True)])
def test_a_gap_is_too_long_after_the_days_of_the_policy(days, overdue):
    make.make_team_village()
    serve(post=Post.FIRST_SECRETARY, last_day=business_date() - (days + 1) * DAY)
    assert listed(Gap.VACANT).villages[0].is_overdue is overdue


def test_a_village_that_never_had_one_is_without_since_it_is_on_the_list():
    need = make.make_team_village(starts_on=business_date() - 5 * DAY)
    assert listed(Gap.VACANT).villages[0].since == need.starts_on


def test_a_village_without_tells_when_the_next_begins():
    make.make_team_village()
    following = serve(post=Post.FIRST_SECRETARY, starts_on=business_date() + 3 * DAY)
    assert listed(Gap.VACANT).villages[0].starts == following.starts_on


def test_a_village_without_tells_how_many_are_proposed(household):
    make.make_team_village()
    cadre = make.make_cadre()
    case = make.make_case(household, "dispatch")
    Candidacy.objects.create(
        case=case,
        cadre=cadre,
        village_id=make.VILLAGE,
        post=Post.FIRST_SECRETARY,
        starts_on=business_date(),
        due_on=business_date() + 700 * DAY,
    )
    assert listed(Gap.VACANT).villages[0].candidates == 1


def test_the_longest_gap_comes_first():
    for village, days in ((make.VILLAGE, 5), (make.NEXT_VILLAGE, 50)):
        make.make_team_village(village)
        serve(village, Post.FIRST_SECRETARY, last_day=business_date() - days * DAY)
    found = [gap.place.division.pk for gap in listed(Gap.VACANT).villages]
    assert found == [make.NEXT_VILLAGE, make.VILLAGE]


def test_a_team_of_two_is_below_its_size():
    make.make_team_village()
    serve(post=Post.FIRST_SECRETARY)
    serve()
    (gap,) = listed(Gap.SMALL).villages
    assert (gap.people, gap.fewest) == (2, 3)
    serve()
    assert listed(Gap.SMALL).villages == []


@pytest.mark.parametrize(("days", "found"), [(0, True), (60, True), (61, False)])
def test_a_term_ends_soon_within_sixty_days(days, found):
    term = serve(due_on=business_date() + days * DAY)
    assert (term in terms(Gap.ENDING)) is found


def test_an_end_on_record_comes_before_the_planned_day():
    term = serve(last_day=business_date() + 3 * DAY)
    (gap,) = listed(Gap.ENDING).terms
    assert (gap.term, gap.days) == (term, 3)


def test_a_term_is_overdue_from_the_day_after_its_planned_last_day():
    serve(due_on=business_date())
    late = serve(due_on=business_date() - DAY)
    assert terms(Gap.OVERDUE) == [late]


def test_a_handover_is_missed_once_the_last_day_has_passed():
    serve(last_day=business_date())
    ended, overdue = serve(last_day=business_date() - DAY), serve(due_on=business_date() - DAY)
    assert set(terms(Gap.HANDOVER)) == {ended, overdue}
    hand_over(ended)
    assert terms(Gap.HANDOVER) == [overdue]


def test_a_handover_is_not_asked_for_a_year_after_the_end():
    start = business_date() - 800 * DAY
    serve(starts_on=start, due_on=start + 100 * DAY, last_day=business_date() - 366 * DAY)
    assert terms(Gap.HANDOVER) == []


def test_somebody_who_must_be_replaced_is_listed_until_his_term_ends():
    term = serve(replace_by=business_date() + 9 * DAY)
    serve(replace_by=business_date(), last_day=business_date() - DAY)
    assert terms(Gap.REPLACE) == [term]


@pytest.mark.parametrize("kind", [*Gap])
def test_each_count_is_the_length_of_its_list(kind):
    today = business_date()
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        make.make_team_village(village)
    serve(post=Post.FIRST_SECRETARY, due_on=today + 5 * DAY, replace_by=today)
    serve(make.NEXT_VILLAGE, due_on=today - 5 * DAY)
    serve(make.NEXT_VILLAGE, last_day=today - 5 * DAY)
    page = listed(kind)
    assert counted(kind) == len(page.villages) + len(page.terms) > 0


def test_a_list_knows_its_place(signed_in, cast):
    serve(due_on=business_date() - DAY)
    assert listed(Gap.OVERDUE, make.OTHER_TOWNSHIP).terms == []
    url = reverse("teams:gaps") + f"?division={make.OTHER_COUNTY}"
    assert signed_in(cast.county_clerk).get(url).status_code == 404


@pytest.mark.parametrize("kind", [*Gap])
def test_every_list_has_its_page(signed_in, cast, kind):
    make.make_team_village()
    serve(due_on=business_date() - DAY, replace_by=business_date())
    page = signed_in(cast.township_reviewer).get(reverse("teams:gaps") + f"?kind={kind}")
    assert page.status_code == 200
    assert page.context["kind"] == kind


@pytest.mark.parametrize("kind", [Gap.VACANT, Gap.OVERDUE])
def test_a_list_takes_as_many_queries_for_many_rows_as_for_one(
    signed_in, cast, kind, django_assert_max_num_queries
):
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        make.make_team_village(village)
        serve(village, due_on=business_date() - DAY)
    with django_assert_max_num_queries(6):
        listed(kind)


def test_the_clerk_is_led_from_an_overdue_term_to_its_end(signed_in, cast):
    term = serve(due_on=business_date() - DAY)
    url = reverse("teams:gaps") + "?kind=overdue"
    assert reverse("teams:term_end", args=[term.pk]) in signed_in(cast.county_clerk).get(url).text
    reader = make.make_officer(Role.READER)
    assert reverse("teams:term_end", args=[term.pk]) not in signed_in(reader).get(url).text


@pytest.mark.parametrize("part", ["county_clerk", "township_reviewer"])
def test_the_home_page_tells_where_somebody_is_missing(signed_in, cast, in_english, part):
    make.make_team_village()
    serve(due_on=business_date() + DAY)
    page = signed_in(getattr(cast, part)).get("/")
    counts = {str(task.title): (task.count, url) for task, url in page.context["tasks"]}
    gaps = reverse("teams:gaps")
    assert counts["Villages without first secretary"] == (1, f"{gaps}?kind=vacant")
    assert counts["Terms that end soon"] == (1, f"{gaps}?kind=ending")
