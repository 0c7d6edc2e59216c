"""Cases at the REST door: where each stands, by whom and when, and nothing that people wrote."""

import pytest

from households.models import Household
from households.rules import State
from officers.rules import Scope
from tests import factories as make
from tests.api.world import GIVEN, SECRET, grow
from tests.unguarded import unguarded
from workflow.models import Case

pytestmark = pytest.mark.django_db
LISTS = ("identifications", "exits", "watches", "village-exits", "county-exits")


@pytest.fixture
def world(tree):
    return grow()


@pytest.fixture
def reader(open_door):
    """A client of COUNTY that reads cases and nothing else."""
    return open_door(make.COUNTY, Scope.CASES)


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.body
    return [one["id"] for one in answer.body["results"]]


@pytest.mark.parametrize("path", LISTS)
def test_the_list_and_the_detail_agree_and_the_version_is_the_tag(reader, world, path):
    case = world.cases[path]
    [row] = reader.get(f"{path}/").body["results"]
    answer = reader.get(f"{path}/{case.pk}/")
    assert answer["ETag"] == f'"{case.version}"'
    assert {name: answer.body[name] for name in row} == row
    assert (row["id"], row["state"], row["division"]) == (case.pk, case.state, case.division_id)


@pytest.mark.parametrize("path", LISTS)
def test_nothing_that_people_wrote_and_no_given_name_leaves(open_door, world, path):
    door = open_door(make.COUNTY, Scope.CASES, Scope.IDENTITY)
    for at in (f"{path}/", f"{path}/{world.cases[path].pk}/"):
        text = door.get(at).content.decode()
        assert SECRET not in text
        assert GIVEN not in text


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_step_is_taken_here(reader, world, path, method):
    for at in (f"{path}/", f"{path}/{world.cases[path].pk}/"):
        assert reader.send(method, at, {"step": "approve"}).status_code == 405


@pytest.mark.parametrize("path", LISTS)
def test_a_case_of_another_procedure_has_no_address_here(reader, world, path):
    for other in set(LISTS) - {path}:
        assert reader.get(f"{path}/{world.cases[other].pk}/").status_code == 404


def test_the_events_tell_the_way_with_what_is_no_free_text(reader, world):
    case = world.cases["exits"]
    found = reader.get(f"exits/{case.pk}/").body
    steps = [(one["number"], one["step"], one["to_state"]) for one in found["events"]]
    assert steps == [(one.seq, one.step, one.to_state) for one in case.events.all()]
    appraised = next(one for one in found["events"] if one["step"] == "appraise")
    assert appraised["evidence"]["votes_for"] == 20
    assert (appraised["officer"], appraised["role"]) == ("王主任", "team_member")
    assert (found["household"], found["householder"]) == (world.household.number, "陈**")


def test_the_facts_are_explained_as_on_the_page_of_the_case(reader, world):
    found = reader.get(f"exits/{world.cases['exits'].pk}/").body["facts"]
    assert found["finding"]["per_capita_net_income"] == "2500.00"
    assert found["finding"]["lacks"] == ["income"]
    assert (found["year"], found["standard"]["line"]) == (2019, "3218.00")


def test_facts_of_another_form_are_left_out(reader, world):
    make.make_case(world.household, "removal")
    [row] = reader.get("exits/?kind=removal").body["results"]
    assert reader.get(f"exits/{row['id']}/").body["facts"] is None


def test_notices_and_objections_are_told_by_their_days(reader, world):
    found = reader.get(f"village-exits/{world.cases['village-exits'].pk}/").body
    [notice], [objection] = found["notices"], found["objections"]
    assert (notice["posted_on"], notice["last_day"]) == ("2020-06-01", "2020-06-08")
    assert objection == {"received_on": "2020-06-01", "resolved_on": None, "upheld": None}


def test_an_identification_tells_answers_red_lines_and_appeals_by_their_codes(reader, world):
    found = reader.get(f"identifications/{world.cases['identifications'].pk}/").body
    assert found["application"]["applicant"] == "head"
    assert [(one["department"], one["result"]) for one in found["answers"]] == [
        ("banks", "explained")
    ]
    [line] = found["red_lines"]
    assert (line["rule"], line["effect"], line["person"]["name"]) == ("vehicle", "explain", "陈**")
    assert [one["level"] for one in found["appeals"]] == ["township"]


def test_few_poor_persons_of_a_village_are_not_told(reader, world):
    path = f"village-exits/{world.cases['village-exits'].pk}/"
    assert reader.get(path).body["facts"]["poor_persons"] is None
    with unguarded():
        Case.everywhere.filter(pk=world.cases["village-exits"].pk).update(
            facts=world.cases["village-exits"].facts | {"poor": 12}
        )
    assert reader.get(path).body["facts"]["poor_persons"] == 12


def test_a_county_tells_its_villages_and_no_evaluation_before_there_is_one(reader, world):
    found = reader.get(f"county-exits/{world.cases['county-exits'].pk}/").body
    assert found["facts"]["listed_villages"] == 1
    assert found["evaluation"] is None


def test_a_householder_who_moved_away_is_not_named(reader, world):
    Household.everywhere.filter(pk=world.household.pk).update(village=make.OTHER_COUNTY_VILLAGE)
    [row] = reader.get("exits/").body["results"]
    assert row["householder"] is None


def test_lists_are_narrowed_by_place_household_state_kind_and_standing(reader, world):
    other = make.make_household(make.OTHER_TOWNSHIP_VILLAGE, state=State.POOR)
    closed = make.make_case(other, "exit", closed_at="2020-06-02T00:00Z")
    removal = make.make_case(other, "removal")
    first = world.cases["exits"]
    found = {
        query: ids(reader.get(f"exits/?{query}"))
        for query in (
            f"division={make.OTHER_TOWNSHIP}",
            f"division={make.OTHER_COUNTY}",
            f"household={world.household.number}",
            f"state={first.state}",
            "kind=removal",
            "standing=closed",
            "standing=open",
        )
    }
    assert [*found.values()] == [
        [closed.pk, removal.pk], [], [first.pk], [first.pk], [removal.pk], [closed.pk],
        [first.pk, removal.pk],
    ]  # fmt: skip


def test_pages_hold_every_case_once(reader, world):
    household = make.make_household(state=State.POOR)
    others = [make.make_case(household, kind).pk for kind in ("exit", "removal")]
    found, path = [], "exits/?limit=1"
    while path:
        answer = reader.get(path)
        found += ids(answer)
        path = (answer.body["next"] or "").removeprefix("http://testserver")
    assert found == [world.cases["exits"].pk, *others]


def test_a_list_costs_the_same_for_few_and_for_many(reader, world, django_assert_num_queries):
    for _ in range(3):
        make.make_case(make.make_household(state=State.POOR), "exit")
    reader.get("codes/")
    for limit in (1, 4):
        with django_assert_num_queries(4):  # key, posting, cases, householders
            reader.get(f"exits/?limit={limit}")
