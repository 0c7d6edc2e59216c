"""What is wrong in a roster file: each kind of fault at its row and column, and no other."""

from datetime import date, timedelta

import pytest

from divisions.models import Division
from officers.rules import Role
from teams.importing.reasons import TEXTS, say
from teams.importing.running import check
from teams.models import Cadre
from teams.models.units import ID_FIELD, PHONE_FIELD
from teams.rules.terms import Post
from tests import factories as make
from tests.web.teams.roster_files import faults_of, found, id_of, roster_row, table_of
from trail.dates import business_date
from trail.sealing import blind, seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def clerk(cast):
    return cast.county_clerk


def on_record(serial: int = 1, *, county: str = make.COUNTY, **fields) -> Cadre:
    """Somebody on record with the ID number and phone of `roster_row(serial)`."""
    number = id_of(2 * serial + 1)
    cadre = make.make_cadre(county, name=f"驻村干部{serial}", **fields)
    cadre.id_sealed = seal(number, field=ID_FIELD, row=cadre.uuid)
    cadre.id_blind = blind(number, field=ID_FIELD)
    cadre.phone_sealed = seal("13900000001", field=PHONE_FIELD, row=cadre.uuid)
    cadre.save()
    return cadre


def test_a_faultless_row_has_no_fault(clerk):
    assert faults_of(clerk, roster_row()) == []


ONE_ROW = {
    "village_code": [
        ("", "blank"), ("9701231002", "digits_12"), ("970123100999", "village_unknown"),
        (make.OTHER_COUNTY_VILLAGE, "village_outside"),
    ],
    "name": [("", "blank"), ("=1+1", "name_formula"), ("石" * 51, "too_long"),
             ("石\u202e", "name_invisible")],
    "id_number": [
        ("", "id_missing"), (id_of(3)[:17] + "0", "id_number"), (id_of(3) + "11", "id_certificate"),
        ("970123********0031", "id_hidden"), ("９７０１２３", "full_width"),
    ],
    "sex": [("女", "sex_differs"), ("先生", "not_listed")],
    "birth_date": [("1985-05-21", "birth_differs"), ("20.5.1985", "date_form")],
    "phone": [("139", "phone"), ("139****0001", "phone")],
    "unit": [("", "unit_missing"), ("局" * 101, "too_long"), ("财政\0局", "not_storable")],
    "unit_level": [("", "unit_level_missing"), ("处级", "not_listed")],
    "post": [("", "blank"), ("书记", "not_listed")],
    "starts_on": [("", "blank"), ("2019-02-30", "date_form"), ("2999-01-01", "date_future")],
    "due_on": [("", "blank"), ("2019-03-01", "due_before_start")],
    "rank": [("处长", "not_listed")],
    "party_member_since": [("2999-07-01", "date_future")],
    "working_since": [("1985-05-20", "work_before_birth")],
    "number": [("C99999999", "number_unknown")],
    "account": [("nobody-here", "account_unknown"), ("stranger", "account_unknown")],
}  # fmt: skip
CASES = [(column, text, code) for column, each in ONE_ROW.items() for text, code in each]


@pytest.mark.parametrize(("column", "text", "code"), CASES)
def test_one_wrong_cell_is_one_fault(clerk, column, text, code):
    assert faults_of(clerk, roster_row(**{column: text})) == [(2, column, code)]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"last_day": "2019-02-28", "end_reason": "召回"}, ("last_day", "last_before_start")),
        ({"last_day": "2020-02-28"}, ("end_reason", "end_reason_missing")),
        ({"end_reason": "提拔"}, ("last_day", "last_day_missing")),
        ({"last_day": "2020-02-28", "end_reason": "走了"}, ("end_reason", "not_listed")),
    ],
)
def test_an_end_has_its_day_and_its_reason(clerk, cells, fault):
    assert faults_of(clerk, roster_row(**cells)) == [(2, *fault)]


def test_a_village_that_is_no_longer_in_force(clerk):
    Division.objects.filter(pk=make.VILLAGE).update(valid_to=date(2018, 12, 31))
    assert faults_of(clerk, roster_row()) == [(2, "village_code", "village_ended")]


def test_a_unit_on_record_with_another_level(clerk):
    make.make_unit(name="青山县财政局", level="city")
    assert faults_of(clerk, roster_row()) == [(2, "unit_level", "unit_level_differs")]


def test_a_unit_that_sends_nobody_any_more(clerk):
    make.make_unit(name="青山县财政局", level="county", ended_on=date(2018, 1, 1))
    assert faults_of(clerk, roster_row()) == [(2, "unit", "unit_ended")]


def test_a_cell_beyond_the_last_heading(clerk):
    table = table_of(roster_row())
    table.records[0][1].append("多余")
    assert found(check(table, by=clerk)) == [(2, "surplus", "surplus")]


def test_the_same_person_twice_in_overlapping_days(clerk):
    again = roster_row(village_code=make.NEXT_VILLAGE, starts_on="2020-01-01")
    assert faults_of(clerk, roster_row(), again) == [(3, "starts_on", "rows_overlap")]


def test_the_same_person_one_term_after_the_other_is_no_fault(clerk):
    first = roster_row(last_day="2019-12-31", end_reason="任期届满")
    again = roster_row(village_code=make.NEXT_VILLAGE, starts_on="2020-01-01")
    assert faults_of(clerk, first, again) == []


def test_two_first_secretaries_of_a_village(clerk):
    first, second = (roster_row(serial, post="第一书记") for serial in (1, 2))
    assert faults_of(clerk, first, second) == [(3, "post", "rows_two_secretaries")]


def test_two_rows_that_say_different_things_of_one_person(clerk):
    first = roster_row(last_day="2019-12-31", end_reason="任期届满")
    again = roster_row(starts_on="2020-01-01", phone="13900000002")
    assert faults_of(clerk, first, again) == [(3, "phone", "rows_differ")]


def test_a_term_on_record_in_these_days(clerk):
    make.make_term(on_record(), make.NEXT_VILLAGE)
    row = roster_row(starts_on="2019-05-01")
    assert faults_of(clerk, row) == [(2, "starts_on", "serves_open")]


def test_an_ended_term_on_record_in_these_days(clerk):
    make.make_term(on_record(), make.NEXT_VILLAGE, last_day=date(2019, 6, 30))
    row = roster_row(starts_on="2019-05-01")
    assert faults_of(clerk, row) == [(2, "starts_on", "serves")]


def test_a_person_who_serves_in_another_county_stays_there(clerk):
    make.make_term(on_record(county=make.OTHER_COUNTY), make.OTHER_COUNTY_VILLAGE)
    told = faults_of(clerk, roster_row(starts_on="2019-05-01"))
    assert told == [(2, "id_number", "busy_open"), (2, "starts_on", "serves_elsewhere_open")]


def test_a_person_who_served_in_another_county_in_these_days(clerk):
    cadre = on_record(county=make.OTHER_COUNTY)
    make.make_term(cadre, make.OTHER_COUNTY_VILLAGE, last_day=date(2019, 6, 30))
    row = roster_row(starts_on="2019-05-01")
    assert faults_of(clerk, row) == [(2, "starts_on", "serves_elsewhere")]


def test_a_person_who_leaves_another_county_at_a_known_day(clerk):
    last = business_date() + timedelta(days=30)
    start = business_date() - timedelta(days=30)
    cadre = on_record(county=make.OTHER_COUNTY)
    make.make_term(cadre, make.OTHER_COUNTY_VILLAGE, starts_on=start, last_day=last)
    row = roster_row(last_day="2020-01-31", end_reason="召回")
    assert faults_of(clerk, row) == [(2, "id_number", "busy")]


def test_a_village_that_has_a_first_secretary_on_record(clerk):
    make.make_term(post=Post.FIRST_SECRETARY)
    assert faults_of(clerk, roster_row(post="第一书记")) == [(2, "post", "post_taken_open")]


def test_a_village_that_had_a_first_secretary_in_these_days(clerk):
    make.make_term(post=Post.FIRST_SECRETARY, last_day=date(2019, 6, 30))
    assert faults_of(clerk, roster_row(post="第一书记")) == [(2, "post", "post_taken")]


def test_a_known_number_with_another_name(clerk):
    on_record()
    assert faults_of(clerk, roster_row(name="别人")) == [(2, "name", "name_differs")]


def test_a_record_with_another_id_number(clerk):
    cadre = on_record()
    row = roster_row(number=cadre.number, id_number=id_of(5))
    assert faults_of(clerk, row) == [(2, "id_number", "id_differs")]


def test_a_hidden_phone_that_is_not_the_one_on_record(clerk):
    on_record()
    assert faults_of(clerk, roster_row(phone="139****0002")) == [(2, "phone", "phone_hidden")]


@pytest.mark.parametrize(
    ("column", "text"),
    [("post", "队长"), ("due_on", "2022-02-28"), ("unit", "青山县教育局")],
)
def test_a_term_on_record_is_not_rewritten(clerk, column, text):
    make.make_unit(name="青山县教育局", level="county")
    unit = make.make_unit(name="青山县财政局", level="county")
    make.make_term(on_record(unit=unit), due_on=date(2021, 2, 28))
    assert faults_of(clerk, roster_row()) == []
    assert faults_of(clerk, roster_row(**{column: text})) == [(2, column, "term_differs")]


def test_a_term_that_runs_is_not_ended_by_a_file(clerk):
    unit = make.make_unit(name="青山县财政局", level="county")
    make.make_term(on_record(unit=unit), due_on=date(2021, 2, 28))
    row = roster_row(last_day="2020-06-30", end_reason="召回")
    assert faults_of(clerk, row) == [
        (2, "last_day", "term_differs"), (2, "end_reason", "term_differs"),
    ]  # fmt: skip


class TestAccounts:
    """Whose account a row can name."""

    def account(self, name: str = "驻村干部1", **fields):
        return make.make_officer(Role.TEAM_MEMBER, make.VILLAGE, username="team-1", name=name)

    def test_that_of_somebody_with_the_same_name(self, clerk):
        self.account()
        assert faults_of(clerk, roster_row(account="team-1")) == []

    def test_not_that_of_somebody_else(self, clerk):
        self.account(name="别人")
        assert faults_of(clerk, roster_row(account="team-1")) == [(2, "account", "account_name")]

    def test_not_one_that_belongs_to_another_record(self, clerk):
        make.make_cadre(account=self.account())
        assert faults_of(clerk, roster_row(account="team-1")) == [(2, "account", "account_used")]

    def test_not_one_beside_the_account_on_record(self, clerk):
        self.account()
        on_record(account=make.make_officer(Role.TEAM_MEMBER, make.VILLAGE, username="team-2"))
        row = roster_row(account="team-1")
        assert faults_of(clerk, row) == [(2, "account", "account_differs")]

    def test_not_ones_own(self, clerk):
        row = roster_row(name=clerk.name, account=clerk.username)
        assert faults_of(clerk, row) == [(2, "account", "account_own")]

    def test_not_a_row_about_oneself(self, clerk):
        on_record(account=clerk)
        assert faults_of(clerk, roster_row()) == [(2, "id_number", "own_record")]


def test_every_sentence_can_be_said():
    params = dict.fromkeys(
        ("other", "village", "first", "last", "name", "recorded", "level", "limit"), "x"
    )
    for code in TEXTS:
        sentence = say(code, params | {"why": "x", "sex": "1"})
        assert sentence
        assert "%(" not in sentence


def test_every_sentence_stands_in_a_test_of_its_own():
    told = {code for _column, _text, code in CASES} | {
        "last_before_start", "end_reason_missing", "last_day_missing", "village_ended",
        "unit_level_differs", "unit_ended", "surplus", "rows_overlap", "rows_two_secretaries",
        "rows_differ", "serves", "serves_open", "busy", "busy_open", "serves_elsewhere",
        "serves_elsewhere_open", "post_taken",
        "post_taken_open", "name_differs", "id_differs", "phone_hidden", "term_differs",
        "account_name", "account_used", "account_differs", "account_own",
        "own_record",
    }  # fmt: skip
    assert set(TEXTS) - told == set()
