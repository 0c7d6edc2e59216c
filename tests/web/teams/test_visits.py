"""Visits: who records them where, what is sealed, what comes of their problems, taking back."""

import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from officers.rules import Role
from teams.actions.visits import record_visit, withdraw_visit
from teams.models import Met, Task, Topic, Visit
from teams.queries.todo import text_of as task_text
from teams.queries.visits import text_of
from teams.refusals import EntryRefused, UsedForm
from tests import factories as make
from tests.pictures import photo
from tests.procedures import move_date
from tests.web.teams.visiting import WORDS, WORK, entry, make_visit, problem, typed
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.models import Change
from workflow.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def form_of(household) -> str:
    return reverse("teams:visit_new", args=[household.number])


def paired(household, officer, **fields):
    return make.make_pairing(household, make.make_cadre(account=officer), **fields)


@pytest.mark.parametrize("part", ["village_official", "first_secretary"])
def test_the_village_and_its_team_record_visits(cast, household, part):
    visit = record_visit(household.pk, entry(), by=getattr(cast, part))
    assert (visit.visitor, visit.village_id) == (getattr(cast, part), make.VILLAGE)
    assert text_of(getattr(cast, part), visit) == WORDS


def test_a_helper_records_a_visit_to_a_household_that_is_paired_with_him(cast, household):
    paired(household, cast.helper)
    assert record_visit(household.pk, entry(), by=cast.helper).role == Role.HELPER


def test_a_helper_is_refused_for_the_household_of_another_and_told_why(cast, household, in_english):
    make.make_pairing(household)
    with pytest.raises(NotAllowed, match="not paired with you on that day"):
        record_visit(household.pk, entry(), by=cast.helper)
    assert not Visit.everywhere.exists()


def test_what_counts_for_a_helper_is_the_pairing_of_the_day_of_the_visit(cast, household):
    today = business_date()
    paired(household, cast.helper, last_day=today - timedelta(days=5))
    day = today - timedelta(days=5)
    assert record_visit(household.pk, entry(day=day), by=cast.helper)
    with pytest.raises(NotAllowed):
        record_visit(household.pk, entry(day=day + timedelta(days=1)), by=cast.helper)


@pytest.mark.parametrize("part", ["township_reviewer", "county_clerk", "county_approver", "reader"])
def test_nobody_else_records_a_visit(cast, household, part):
    with pytest.raises(NotAllowed):
        record_visit(household.pk, entry(), by=getattr(cast, part))


def test_the_official_of_the_next_village_is_refused(cast, signed_in, household):
    neighbour = make.make_officer(Role.VILLAGE_OFFICIAL, make.NEXT_VILLAGE)
    with pytest.raises(NotAllowed):
        record_visit(household.pk, entry(), by=neighbour)
    assert signed_in(neighbour).post(form_of(household), typed()).status_code == 404


@pytest.mark.parametrize("days", [-1, 61])
def test_a_day_ahead_or_long_ago_is_refused_at_its_field(cast, signed_in, household, days):
    day = business_date() - timedelta(days=days)
    answer = signed_in(cast.village_official).post(form_of(household), typed(day=day.isoformat()))
    assert answer.status_code == 400
    assert [*answer.context["form"].errors] == ["day"]


def test_sixty_days_back_can_still_be_recorded(cast, household):
    day = business_date() - timedelta(days=60)
    assert record_visit(household.pk, entry(day=day), by=cast.village_official).day == day


def test_nobody_at_home_goes_with_no_other_tick(cast, household):
    with pytest.raises(EntryRefused) as refused:
        record_visit(household.pk, entry(met=(Met.NOBODY, Met.SPOUSE)), by=cast.village_official)
    assert [name for name, _text in refused.value.faults] == ["met"]


def test_the_words_stand_sealed_in_the_database(cast, household):
    visit = record_visit(
        household.pk, entry(problems=(problem(cast.first_secretary),)), by=cast.village_official
    )
    kept = [bytes(visit.text_sealed), bytes(visit.tasks.get().text_sealed)]
    assert not any(word.encode() in one for word in (WORDS, WORK) for one in kept)


def test_the_trace_holds_no_words_of_a_visit_or_task(cast, household):
    record_visit(
        household.pk, entry(problems=(problem(cast.first_secretary),)), by=cast.village_official
    )
    found = Change.objects.filter(action__in=["record_visit", "open_task"])
    assert found.count() == 2
    assert not any(word in str(vars(one)) for one in found for word in (WORDS, WORK))


def test_each_problem_becomes_a_task_with_a_person_and_a_day(cast, signed_in, household):
    due = business_date() + timedelta(days=9)
    said = {
        "problem1_text": WORK,
        "problem1_assignee": cast.township_reviewer.pk,
        "problem1_due_on": due.isoformat(),
    }
    signed_in(cast.village_official).post(form_of(household), typed(**said))
    task = Task.everywhere.get()
    assert (task.assignee, task.due_on) == (cast.township_reviewer, due)
    assert (task.household, task.opened_by) == (household, cast.village_official)
    assert task_text(task) == WORK


@pytest.mark.parametrize("missing", ["text", "assignee", "due_on"])
def test_half_a_problem_is_refused_and_nothing_saved(cast, signed_in, household, missing):
    said = {
        "problem2_text": WORK,
        "problem2_assignee": cast.first_secretary.pk,
        "problem2_due_on": business_date().isoformat(),
    }
    said[f"problem2_{missing}"] = ""
    answer = signed_in(cast.village_official).post(form_of(household), typed(**said))
    assert [*answer.context["form"].errors] == [f"problem2_{missing}"]
    assert not Visit.everywhere.exists()


@pytest.mark.parametrize("part", ["stranger", "reader", "nobody", "city_reviewer"])
def test_a_problem_is_given_to_nobody_from_elsewhere(cast, household, part):
    wrong = problem(getattr(cast, part))
    with pytest.raises(EntryRefused) as refused:
        record_visit(household.pk, entry(problems=(wrong,)), by=cast.village_official)
    assert refused.value.faults[0][0] == "problem1_assignee"


def test_a_problem_is_given_to_nobody_whose_posting_has_ended(cast, household):
    yesterday = business_date() - timedelta(days=1)
    cast.first_secretary.postings.update(ends_on=yesterday)
    with pytest.raises(EntryRefused):
        record_visit(
            household.pk, entry(problems=(problem(cast.first_secretary),)), by=cast.village_official
        )


def test_the_same_form_sent_twice_is_one_visit_with_its_task_and_photo(cast, signed_in, household):
    client, said = (
        signed_in(cast.village_official),
        typed(
            problem1_text=WORK,
            problem1_assignee=cast.first_secretary.pk,
            problem1_due_on=business_date().isoformat(),
        ),
    )
    places = []
    for _ in range(2):
        upload = SimpleUploadedFile("a.jpg", photo((8, 8)))
        places.append(client.post(form_of(household), said | {"photos": [upload]}).url)
    assert places[0] == places[1]
    counts = [one.count() for one in (Visit.everywhere, Task.everywhere, Attachment.everywhere)]
    assert counts == [1, 1, 1]


def test_the_form_of_somebody_else_is_not_taken_for_ones_own(cast, household):
    said = entry()
    record_visit(household.pk, said, by=cast.village_official)
    with pytest.raises(UsedForm):
        record_visit(household.pk, said, by=cast.first_secretary)


def test_photos_come_with_the_form_and_are_shown_to_who_reads_the_words(cast, signed_in, household):
    upload = SimpleUploadedFile("a.jpg", photo((8, 8)))
    signed_in(cast.first_secretary).post(form_of(household), typed(photos=[upload]))
    visit, file = Visit.everywhere.get(), Attachment.everywhere.get()
    assert (file.subject_kind, file.subject_id) == ("visit", str(visit.uuid))
    path = reverse("pages:evidence_file", args=[file.uuid])
    for part, status in (
        ("county_clerk", 200), ("auditor", 200), ("reader", 404), ("helper", 404), ("stranger", 404)
    ):  # fmt: skip
        assert signed_in(getattr(cast, part)).get(path).status_code == status, part


def test_a_helper_adds_photos_to_his_visit_afterwards(cast, signed_in, household):
    paired(household, cast.helper)
    visit = record_visit(household.pk, entry(), by=cast.helper)
    path = reverse("pages:evidence", args=["visit", visit.uuid])
    upload = SimpleUploadedFile("a.jpg", photo((8, 8)))
    answer = signed_in(cast.helper).post(path, {"purpose": "visit", "uploads": [upload]})
    assert answer.status_code == 302
    assert Attachment.everywhere.get().added_by == cast.helper


def test_nobody_adds_photos_to_the_visit_of_another(cast, signed_in, household):
    visit = record_visit(household.pk, entry(), by=cast.village_official)
    path = reverse("pages:evidence", args=["visit", visit.uuid])
    upload = SimpleUploadedFile("a.jpg", photo((8, 8)))
    signed_in(cast.first_secretary).post(path, {"purpose": "visit", "uploads": [upload]})
    assert not Attachment.everywhere.exists()


def test_a_broken_photo_is_told_and_the_visit_stands(cast, signed_in, household, in_english):
    upload = SimpleUploadedFile("a.jpg", b"no picture")
    answer = signed_in(cast.village_official).post(
        form_of(household), typed(photos=[upload]), follow=True
    )
    assert "A photo was not kept" in answer.text
    assert Visit.everywhere.count() == 1


def test_a_visit_is_taken_back_on_its_day_with_the_reason_and_its_tasks_dropped(
    cast, signed_in, household
):
    visit = record_visit(
        household.pk, entry(problems=(problem(cast.first_secretary),)), by=cast.village_official
    )
    path = reverse("teams:visit_withdraw", args=[visit.uuid])
    signed_in(cast.village_official).post(path, {"reason": "户号记错"})
    visit.refresh_from_db()
    assert visit.withdrawn_at
    assert Task.everywhere.get().result == Task.Result.DROPPED
    assert Change.objects.get(action="withdraw_visit").reason == "户号记错"


def test_on_the_next_day_a_visit_stays(cast, household, calendar):
    visit = record_visit(household.pk, entry(), by=cast.village_official)
    move_date(1)
    with pytest.raises(Refused) as refused:
        withdraw_visit(visit.pk, "记错", by=cast.village_official)
    assert refused.value.code == "too_late"


def test_nobody_takes_the_visit_of_another_back(cast, household):
    visit = record_visit(household.pk, entry(), by=cast.village_official)
    with pytest.raises(NotAllowed):
        withdraw_visit(visit.pk, "记错", by=cast.first_secretary)


def test_a_visit_taken_back_is_in_no_list(cast, signed_in, household):
    visit = record_visit(household.pk, entry(), by=cast.village_official)
    withdraw_visit(visit.pk, "记错", by=cast.village_official)
    client = signed_in(cast.village_official)
    for path in (
        reverse("teams:visits"),
        reverse("teams:household_visits", args=[household.number]),
    ):
        assert str(visit.uuid) not in client.get(path).text


@pytest.mark.parametrize("part", ["village_official", "township_reviewer", "auditor"])
def test_the_field_reads_the_words_of_a_visit(cast, signed_in, household, part):
    visit = make_visit(household, business_date(), cast.first_secretary)
    answer = signed_in(getattr(cast, part)).get(reverse("teams:visit", args=[visit.uuid]))
    assert WORDS in answer.text


def test_a_helper_reads_his_own_words_and_of_others_the_day_alone(cast, signed_in, household):
    paired(household, cast.helper)
    client, today = signed_in(cast.helper), business_date()
    own = make_visit(household, today, cast.helper)
    others = make_visit(household, today, cast.village_official)
    assert WORDS in client.get(reverse("teams:visit", args=[own.uuid])).text
    answer = client.get(reverse("teams:visit", args=[others.uuid]))
    assert (answer.status_code, WORDS in answer.text) == (200, False)


def test_a_helper_finds_no_visit_to_a_household_that_is_not_his(cast, signed_in, household):
    visit = make_visit(household, business_date(), cast.village_official)
    path = reverse("teams:visit", args=[visit.uuid])
    assert signed_in(cast.helper).get(path).status_code == 404


@pytest.mark.parametrize("part", ["reader", "city_reviewer", "province_officer"])
def test_readers_see_how_many_visits_there_were_and_no_single_one(
    cast, signed_in, household, part, in_english
):
    visit = make_visit(household, business_date(), cast.village_official)
    client = signed_in(getattr(cast, part))
    page = client.get(f"/households/{household.number}/").text
    assert f"1 visit in {business_date().year}" in page
    assert WORDS not in page
    assert str(visit.uuid) not in page
    assert client.get(reverse("teams:visit", args=[visit.uuid])).status_code == 404
    assert client.get(reverse("teams:visits")).status_code == 403


def test_a_stranger_finds_neither_visit_nor_form(cast, signed_in, household):
    visit = make_visit(household, business_date(), cast.village_official)
    client = signed_in(cast.stranger)
    for path in (reverse("teams:visit", args=[visit.uuid]), form_of(household)):
        assert client.get(path).status_code == 404


def test_the_addresses_of_a_visit_hold_nothing_personal(cast, signed_in, household):
    head = household.members.get(relation="01").name
    answer = signed_in(cast.village_official).post(form_of(household), typed())
    path = urlsplit(answer.url).path
    assert uuid.UUID(path.split("/")[-2])
    assert head not in path


def test_visits_are_listed_by_place_month_and_visitor(cast, signed_in, household):
    today = business_date()
    month_before = today.replace(day=1) - timedelta(days=1)
    mine = make_visit(household, today, cast.village_official)
    theirs = make_visit(household, today, cast.first_secretary)
    earlier = make_visit(household, month_before, cast.village_official)
    beside = make_visit(make.make_household(make.NEXT_VILLAGE), today, cast.village_official)
    client = signed_in(cast.county_clerk)

    def listed(**query) -> set:
        page = client.get(reverse("teams:visits"), query).context["page"]
        return {row.visit for row in page.rows}

    assert listed() == {mine, theirs, beside}
    assert listed(division=make.VILLAGE) == {mine, theirs}
    assert listed(division=make.VILLAGE, person=cast.first_secretary.pk) == {theirs}
    assert listed(month=f"{month_before:%Y-%m}") == {earlier}


def test_a_list_of_visits_costs_the_same_for_one_and_for_many(
    cast, signed_in, household, django_assert_num_queries
):
    client, path = signed_in(cast.county_clerk), reverse("teams:visits")
    make_visit(household, business_date(), cast.village_official)
    client.get(path)
    with django_assert_num_queries(15) as one:
        client.get(path)
    for _ in range(5):
        make_visit(make.make_household(), business_date(), cast.first_secretary)
    with django_assert_num_queries(len(one)):
        client.get(path)


def test_the_household_page_shows_the_last_visits_and_offers_the_next(
    cast, signed_in, household, in_english
):
    make_visit(household, business_date(), cast.first_secretary, topics=[Topic.HOUSING])
    page = signed_in(cast.village_official).get(f"/households/{household.number}/").text
    assert "housing and water" in page
    assert form_of(household) in page
