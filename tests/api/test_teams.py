"""The roster at the REST door: read alone, within the posting, without any number of a person."""

from datetime import date

import pytest

from households.rules import State
from officers.rules import Scope
from teams.models import Presence
from teams.models.units import ID_FIELD, PHONE_FIELD
from teams.rules.presence import Source, Status
from teams.rules.terms import Post
from tests import factories as make
from trail.sealing import blind, seal

pytestmark = pytest.mark.django_db
ON = "2020-06-30"
LISTS = ("teams/", "terms/", "presence/totals/")
ALL = (*LISTS, "coverage/")


@pytest.fixture
def reader(open_door):
    """A client of COUNTY that reads teams and nothing else."""
    return open_door(make.COUNTY, Scope.TEAMS)


@pytest.fixture
def village(tree):
    """VILLAGE with a first secretary and one member since March 2019; NEXT_VILLAGE without."""
    make.make_team_village()
    make.make_team_village(make.NEXT_VILLAGE)
    unit = make.make_unit(name="示例县财政局")
    return [
        make.make_term(make.make_cadre(name="林望舒", unit=unit), post=Post.FIRST_SECRETARY),
        make.make_term(make.make_cadre(name="周明", unit=unit)),
    ]


def all_rows(door, path: str) -> list:
    rows = []
    while path:
        answer = door.get(path)
        assert answer.status_code == 200, answer.body
        rows += answer.body["results"]
        path = (answer.body["next"] or "").removeprefix("http://testserver")
    return rows


def of_day(term, day: date, status: Status) -> None:
    Presence.everywhere.create(
        term=term, cadre=term.cadre, village=term.village, day=day, status=status,
        source=Source.VILLAGE, recorded_by=make.the_operator(),
    )  # fmt: skip


class TestEveryResource:
    """What all four have in common."""

    @pytest.mark.parametrize("path", ALL)
    def test_a_key_without_the_scope_reads_nothing(self, open_door, path):
        others = [one for one in Scope if one != Scope.TEAMS]
        answer = open_door(make.COUNTY, *others).get(path)
        assert (answer.status_code, answer.body["code"]) == (403, "no_scope")

    @pytest.mark.parametrize("path", ALL)
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_nothing_is_written(self, reader, path, method):
        assert reader.send(method, path, {}).status_code == 405

    @pytest.mark.parametrize("path", ALL)
    def test_an_unknown_parameter_is_refused(self, reader, path):
        answer = reader.get(f"{path}?village=1")
        assert (answer.status_code, answer.body["errors"][0]["parameter"]) == (400, "village")

    @pytest.mark.parametrize("path", ALL)
    def test_an_unknown_division_is_refused(self, reader, path):
        answer = reader.get(f"{path}?division=999999")
        assert answer.body["errors"][0]["code"] == "unknown_division"

    @pytest.mark.parametrize("path", LISTS)
    def test_a_client_of_another_county_sees_nobody(self, open_door, village, path):
        door = open_door(make.OTHER_COUNTY, Scope.TEAMS)
        for asked in (path, f"{path}?division={make.COUNTY}", f"{path}?division={make.VILLAGE}"):
            assert door.get(asked).body == {"next": None, "results": []}

    @pytest.mark.parametrize("path", ALL)
    def test_neither_id_number_nor_phone_is_told_whatever_the_key_opens(
        self, open_door, village, path
    ):
        cadre, number = village[0].cadre, make.make_id_number()
        cadre.id_sealed = seal(number, field=ID_FIELD, row=cadre.uuid)
        cadre.id_blind = blind(number, field=ID_FIELD)
        cadre.phone_sealed = seal("13912345678", field=PHONE_FIELD, row=cadre.uuid)
        cadre.save()
        text = open_door(make.COUNTY, *Scope).get(path).content.decode()
        assert number not in text
        assert number[6:] not in text
        assert number[:14] not in text
        assert "1391234" not in text
        assert "1985-05-20" not in text

    @pytest.mark.parametrize("path", ["teams/", "terms/", "coverage/"])
    @pytest.mark.parametrize("on", ["2020-02-30", "yesterday", ""])
    def test_a_day_that_is_none_is_refused(self, reader, path, on):
        assert reader.get(f"{path}?on={on}").body["errors"][0]["parameter"] == "on"

    @pytest.mark.parametrize("path", LISTS)
    @pytest.mark.parametrize("cursor", ["", "x", "WyJhIiwxXQ", "[]:sig"])
    def test_a_made_up_cursor_is_refused(self, reader, path, cursor):
        assert reader.get(f"{path}?cursor={cursor}").body["errors"][0]["parameter"] == "cursor"


class TestTeams:
    """Villages with their teams as of a day."""

    def test_a_village_tells_who_serves_since_when_and_what_it_lacks(self, reader, village):
        first, second = reader.get(f"teams/?on={ON}").body["results"]
        assert first == {
            "village": make.VILLAGE,
            "name": village[0].village.name,
            "needed": True,
            "lacks": ["too_few"],
            "people": [
                {
                    "cadre": {"number": term.cadre.number, "name": term.cadre.name},
                    "post": term.post,
                    "unit": {"name": "示例县财政局", "level": "county", "kind": "organ"},
                    "starts_on": "2019-03-01",
                    "due_on": "2021-03-01",
                }
                for term in village
            ],
        }
        assert (second["village"], second["people"], second["lacks"]) == (
            make.NEXT_VILLAGE, [], ["no_team"],
        )  # fmt: skip

    def test_a_day_before_shows_who_served_then(self, reader, village):
        rows = reader.get("teams/?on=2018-06-30").body["results"]
        assert [row["people"] for row in rows] == [[], []]

    def test_a_division_narrows_the_list(self, reader, village):
        rows = reader.get(f"teams/?on={ON}&division={make.NEXT_VILLAGE}").body["results"]
        assert [row["village"] for row in rows] == [make.NEXT_VILLAGE]

    def test_pages_hold_every_village_once_in_code_order(self, reader, village):
        make.make_team_village(make.OTHER_TOWNSHIP_VILLAGE)
        codes = [row["village"] for row in all_rows(reader, f"teams/?limit=1&on={ON}")]
        assert codes == [make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE]

    def test_the_cursor_of_another_list_is_refused(self, reader, village):
        following = reader.get("terms/?limit=1").body["next"]
        cursor = following.partition("cursor=")[2].partition("&")[0]
        answer = reader.get(f"teams/?cursor={cursor}")
        assert answer.body["errors"][0]["code"] == "bad_cursor"

    def test_it_costs_the_same_for_many_villages(
        self, reader, village, django_assert_max_num_queries
    ):
        for code in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
            make.make_term(village=code)
        with django_assert_max_num_queries(16):
            assert len(reader.get("teams/").body["results"]) == 3


class TestTerms:
    """Terms of service."""

    def test_a_term_tells_who_where_as_what_and_why_it_ended(self, reader, village):
        ended = make.make_term(village=make.NEXT_VILLAGE, last_day=date(2019, 9, 30))
        rows = reader.get("terms/").body["results"]
        assert [(row["village"], row["last_day"], row["end_reason"]) for row in rows] == [
            (make.VILLAGE, None, None),
            (make.VILLAGE, None, None),
            (make.NEXT_VILLAGE, "2019-09-30", "term"),
        ]
        assert rows[2]["cadre"]["number"] == ended.cadre.number

    def test_a_day_keeps_the_terms_that_run_on_it(self, reader, village):
        make.make_term(village=make.NEXT_VILLAGE, last_day=date(2019, 9, 30))
        assert len(reader.get(f"terms/?on={ON}").body["results"]) == 2
        assert len(reader.get("terms/?on=2019-09-30").body["results"]) == 3

    def test_pages_hold_every_term_once(self, reader, village):
        rows = all_rows(reader, "terms/?limit=1")
        assert [row["cadre"]["name"] for row in rows] == ["林望舒", "周明"]

    def test_a_division_narrows_the_list(self, reader, village):
        make.make_term(village=make.NEXT_VILLAGE)
        rows = reader.get(f"terms/?division={make.NEXT_VILLAGE}").body["results"]
        assert len(rows) == 1


class TestPresenceTotals:
    """What the days of people add up to."""

    def test_days_are_told_by_kind_with_what_the_year_wants(self, reader, village):
        days = [Status.IN_VILLAGE, Status.IN_VILLAGE, Status.OFFICIAL, Status.LEAVE, Status.ABSENT]
        for place, status in enumerate(days):
            of_day(village[0], date(2020, 3, 2 + place), status)
        row = reader.get("presence/totals/?year=2020").body["results"][0]
        assert row == {
            "cadre": {"number": village[0].cadre.number, "name": "林望舒"},
            "village": make.VILLAGE,
            "post": "first_secretary",
            "served": 366,
            "in_village": 2,
            "on_duty": 1,
            "leave": 1,
            "absent": 1,
            "counted": 3,
            "wanted": 200,
            "wanted_so_far": 200,
        }

    def test_a_year_without_service_holds_nobody(self, reader, village):
        assert reader.get("presence/totals/?year=2018").body["results"] == []

    def test_pages_hold_everybody_once(self, reader, village):
        rows = all_rows(reader, "presence/totals/?year=2020&limit=1")
        assert [row["cadre"]["name"] for row in rows] == ["林望舒", "周明"]

    def test_a_village_outside_the_posting_is_not_named(self, open_door, tree):
        cadre = make.make_cadre()
        make.make_term(cadre, last_day=date(2020, 3, 31))
        make.make_term(cadre, make.OTHER_COUNTY_VILLAGE, starts_on=date(2020, 4, 1))
        door = open_door(make.COUNTY, Scope.TEAMS)
        (row,) = door.get("presence/totals/?year=2020").body["results"]
        assert row["village"] is None
        other = open_door(make.OTHER_COUNTY, Scope.TEAMS)
        (row,) = other.get("presence/totals/?year=2020").body["results"]
        assert row["village"] == make.OTHER_COUNTY_VILLAGE

    @pytest.mark.parametrize("year", ["1999", "x", "30000"])
    def test_a_year_that_is_none_is_refused(self, reader, year):
        answer = reader.get(f"presence/totals/?year={year}")
        assert answer.body["errors"][0]["parameter"] == "year"


class TestCoverage:
    """How much of a place is covered."""

    def test_a_place_is_told_with_those_right_below_it(self, reader, village):
        body = reader.get(f"coverage/?on={ON}").body
        total = body["total"]
        assert (body["division"], body["on"]) == (make.COUNTY, ON)
        assert (total["villages"], total["with_first_secretary"], total["people"]) == (2, 1, 2)
        assert (total["first_secretary_percent"], total["full_team_percent"]) == ("50.0", "0.0")
        assert [part["division"] for part in body["parts"]] == [
            make.TOWNSHIP, make.OTHER_TOWNSHIP,
        ]  # fmt: skip

    def test_numbers_of_few_households_are_left_out(self, reader, village):
        helped = make.make_household(state=State.POOR)
        make.make_pairing(helped)
        total = reader.get("coverage/").body["total"]
        assert (total["households"], total["helped"], total["helper_percent"]) == (None,) * 3

    def test_a_place_outside_the_posting_is_not_found(self, open_door, village):
        door = open_door(make.OTHER_COUNTY, Scope.TEAMS)
        for division in (make.COUNTY, make.VILLAGE, make.PROVINCE):
            assert door.get(f"coverage/?division={division}").status_code == 404

    def test_without_a_division_it_is_the_clients_own(self, open_door, village):
        door = open_door(make.PROVINCE, Scope.TEAMS)
        assert door.get("coverage/").body["division"] == make.PROVINCE
        narrower = door.get(f"coverage/?division={make.TOWNSHIP}").body
        assert narrower["division"] == make.TOWNSHIP
