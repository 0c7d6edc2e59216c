"""Tasks: who sees, closes, hands on and moves them, and that they wait on the home page."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from officers.models import Posting
from officers.rules import Role
from registry.pages.queries.home import tasks_of
from registry.pages.queries.waiting import waits_for
from teams.actions.todo import close_task, move_task, open_task, reassign_task
from teams.models import Task
from teams.queries.assignees import assignees_of
from teams.queries.todo import result_of
from teams.refusals import EntryRefused
from tests import factories as make
from tests.web.teams.visiting import WORK, make_task, problem
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change

pytestmark = pytest.mark.django_db
RESULT = "路已修通"


@pytest.fixture
def today():
    return business_date()


@pytest.fixture
def task(cast, today) -> Task:
    return make_task(cast.first_secretary, today, opened_by=cast.village_official)


def listed(client, **query) -> list[Task]:
    page = client.get(reverse("teams:tasks"), query).context["page"]
    return [row.task for row in page.rows]


def test_ones_own_open_tasks_are_listed_with_the_overdue_first(cast, signed_in, today):
    later = make_task(cast.first_secretary, today + timedelta(days=3))
    late = make_task(cast.first_secretary, today - timedelta(days=1))
    make_task(cast.village_official, today)
    client = signed_in(cast.first_secretary)
    assert listed(client) == [late, later]
    assert listed(client, state="overdue") == [late]


def test_the_tasks_of_a_place_are_narrowed_by_person_and_by_being_late(cast, signed_in, today):
    one = make_task(cast.first_secretary, today)
    late = make_task(cast.village_official, today - timedelta(days=2))
    make_task(cast.stranger, today, village_id=make.OTHER_COUNTY_VILLAGE)
    beside = make_task(cast.township_reviewer, today, village_id=make.NEXT_VILLAGE)
    client = signed_in(cast.county_clerk)
    assert listed(client, whose="here") == [late, one, beside]
    assert listed(client, whose="here", division=make.VILLAGE) == [late, one]
    assert listed(client, whose="here", person=cast.first_secretary.pk) == [one]
    assert listed(client, whose="here", state="overdue") == [late]


def test_a_village_sees_no_task_of_the_next_village(cast, signed_in, today):
    beside = make_task(cast.county_clerk, today, village_id=make.NEXT_VILLAGE)
    client = signed_in(cast.village_official)
    assert listed(client, whose="here") == []
    assert client.get(reverse("teams:task", args=[beside.uuid])).status_code == 404


def test_a_helper_sees_his_own_tasks_alone(cast, signed_in, today):
    own, other = make_task(cast.helper, today), make_task(cast.village_official, today)
    client = signed_in(cast.helper)
    assert listed(client, whose="here") == [own]
    assert client.get(reverse("teams:task", args=[other.uuid])).status_code == 404


@pytest.mark.parametrize("part", ["first_secretary", "township_reviewer", "county_clerk"])
def test_the_assignee_the_township_and_the_clerk_close_a_task(cast, task, part):
    closed = close_task(task.pk, Task.Result.DONE, RESULT, by=getattr(cast, part), version=1)
    assert (closed.closed_by, closed.result) == (getattr(cast, part), "done")
    assert result_of(closed) == RESULT


@pytest.mark.parametrize("part", ["village_official", "county_approver", "helper", "stranger"])
def test_nobody_else_closes_it(cast, task, part):
    with pytest.raises(NotAllowed):
        close_task(task.pk, Task.Result.DONE, RESULT, by=getattr(cast, part), version=1)


def test_what_came_of_it_is_sealed_and_not_in_the_trace(cast, task):
    close_task(task.pk, Task.Result.DONE, RESULT, by=cast.first_secretary, version=1)
    task.refresh_from_db()
    assert RESULT.encode() not in bytes(task.result_sealed)
    assert RESULT not in str(vars(Change.objects.get(action="close_task")))


def test_a_closed_task_is_closed_for_good(cast, task):
    close_task(task.pk, Task.Result.DROPPED, RESULT, by=cast.first_secretary, version=1)
    with pytest.raises(Refused) as refused:
        close_task(task.pk, Task.Result.DONE, RESULT, by=cast.first_secretary, version=2)
    assert refused.value.code == "closed"


def test_a_task_that_somebody_changed_meanwhile_is_not_closed(cast, signed_in, task, today):
    move_task(task.pk, today + timedelta(days=1), "雨天", by=cast.village_official, version=1)
    with pytest.raises(Stale):
        close_task(task.pk, Task.Result.DONE, RESULT, by=cast.first_secretary, version=1)
    said = {"version": "1", "result": "done", "text": RESULT}
    path = reverse("teams:task_close", args=[task.uuid])
    answer = signed_in(cast.first_secretary).post(path, said)
    assert answer.status_code == 409
    assert RESULT in answer.text
    assert answer.context["form"]["version"].value() == "2"


def test_the_clerk_gives_the_task_of_somebody_who_left_to_another(cast, task, today):
    cast.first_secretary.postings.update(ends_on=today - timedelta(days=1))
    reassign_task(task.pk, cast.village_official.pk, "原队员调离", by=cast.county_clerk, version=1)
    change = Change.objects.get(action="reassign_task")
    assert change.after == {"assignee": cast.village_official.pk}
    assert change.reason == "原队员调离"


@pytest.mark.parametrize("part", ["first_secretary", "village_official", "township_reviewer"])
def test_only_the_clerk_gives_a_task_on(cast, task, part):
    with pytest.raises(NotAllowed):
        reassign_task(task.pk, cast.township_reviewer.pk, "调离", by=getattr(cast, part), version=1)


@pytest.mark.parametrize("part", ["stranger", "first_secretary"])
def test_a_task_is_not_given_to_somebody_from_elsewhere_nor_to_who_has_it(cast, task, part):
    with pytest.raises(EntryRefused) as refused:
        reassign_task(task.pk, getattr(cast, part).pk, "调离", by=cast.county_clerk, version=1)
    assert [name for name, _text in refused.value.faults] == ["assignee"]


@pytest.mark.parametrize("part", ["village_official", "township_reviewer", "county_clerk"])
def test_who_opened_a_task_the_township_and_the_clerk_move_its_day(cast, task, today, part):
    later = today + timedelta(days=7)
    move_task(task.pk, later, "雨天", by=getattr(cast, part), version=1)
    change = Change.objects.get(action="move_task")
    assert (change.before, change.after) == (
        {"due_on": today.isoformat()},
        {"due_on": later.isoformat()},
    )


def test_nobody_gives_himself_more_time(cast, task, today):
    with pytest.raises(NotAllowed) as refused:
        move_task(task.pk, today + timedelta(days=7), "雨天", by=cast.first_secretary, version=1)
    assert refused.value.code == "own_task"


def test_the_clerk_gives_himself_no_more_time_for_what_another_asked(cast, today):
    own = make_task(cast.county_clerk, today, opened_by=cast.village_official)
    with pytest.raises(NotAllowed):
        move_task(own.pk, today + timedelta(days=7), "忙", by=cast.county_clerk, version=1)


@pytest.mark.parametrize(("days", "reason", "field"), [(7, " ", "reason"), (-1, "雨天", "due_on")])
def test_another_day_needs_a_reason_and_lies_not_in_the_past(
    cast, task, today, days, reason, field
):
    day = today + timedelta(days=days)
    with pytest.raises(EntryRefused) as refused:
        move_task(task.pk, day, reason, by=cast.village_official, version=1)
    assert [name for name, _text in refused.value.faults] == [field]


def test_the_same_form_of_a_task_sent_twice_is_one_task(cast):
    key = uuid.uuid4()
    for _ in range(2):
        open_task(make.VILLAGE, problem(cast.helper), by=cast.village_official, key=key)
    assert Task.everywhere.count() == 1


def test_who_is_posted_near_the_village_can_be_given_a_task(cast, today):
    found = {key for key, _words in assignees_of(make.VILLAGE, today)}
    parts = ("village_official", "first_secretary", "helper", "township_reviewer")
    near = {getattr(cast, part).pk for part in (*parts, "county_clerk", "county_approver")}
    assert found == near


ASSIGNED = [
    "village_official", "first_secretary", "helper", "township_reviewer", "county_clerk",
    "county_approver",
]  # fmt: skip


@pytest.mark.parametrize("part", ASSIGNED)
def test_the_home_page_tells_how_many_tasks_wait_and_how_many_are_late(
    cast, signed_in, today, part, in_english
):
    officer = getattr(cast, part)
    make_task(officer, today)
    make_task(officer, today - timedelta(days=1))
    make_task(cast.operator, today)
    [card] = [one for one in tasks_of(officer) if one.route == "teams:tasks"]
    assert (card.count, card.note) == (2, "1 overdue")
    page = signed_in(officer).get("/").text
    assert reverse("teams:tasks") in page
    assert "1 overdue" in page


def test_a_role_that_is_given_no_task_has_none_on_its_home_page(cast):
    assert [one for one in tasks_of(cast.reader) if one.route == "teams:tasks"] == []


def test_what_waits_for_a_posting_names_its_open_tasks(cast, task, today, in_english):
    make_task(cast.first_secretary, today - timedelta(days=1))
    posting = Posting.objects.get(officer=cast.first_secretary)
    told = {one.label: one.figure for one in waits_for(posting)}
    assert told["Tasks from visits and the villages"] == "2 (1 overdue)"


def test_a_task_page_shows_words_and_history_to_the_field(cast, signed_in, task, in_english):
    reassign_task(task.pk, cast.helper.pk, "分工调整", by=cast.county_clerk, version=1)
    page = signed_in(cast.township_reviewer).get(reverse("teams:task", args=[task.uuid])).text
    assert WORK in page
    assert "given to somebody else" in page
    assert "分工调整" in page


@pytest.mark.parametrize("part", ["reader", "city_reviewer", "account_admin"])
def test_other_roles_read_no_task(cast, signed_in, task, part):
    client = signed_in(getattr(cast, part))
    assert client.get(reverse("teams:tasks")).status_code == 403
    assert client.get(reverse("teams:task", args=[task.uuid])).status_code == 404


def test_a_township_cannot_open_a_task_of_a_whole_township(cast, signed_in):
    path = reverse("teams:task_new", args=[make.TOWNSHIP])
    assert signed_in(cast.township_reviewer).get(path).status_code == 404


def test_an_official_of_the_next_village_opens_no_task_here(cast, signed_in):
    neighbour = make.make_officer(Role.VILLAGE_OFFICIAL, make.NEXT_VILLAGE)
    with pytest.raises(NotAllowed):
        open_task(make.VILLAGE, problem(cast.helper), by=neighbour, key=uuid.uuid4())
    path = reverse("teams:task_new", args=[make.VILLAGE])
    assert signed_in(neighbour).get(path).status_code == 404


def test_a_list_of_tasks_costs_the_same_for_one_and_for_many(
    cast, signed_in, task, today, django_assert_num_queries
):
    client, path = signed_in(cast.county_clerk), reverse("teams:tasks") + "?whose=here"
    client.get(path)
    with django_assert_num_queries(12) as one:
        client.get(path)
    for _ in range(5):
        make_task(cast.helper, today, household=make.make_household())
    with django_assert_num_queries(len(one) + 1):  # the heads of the households
        client.get(path)
