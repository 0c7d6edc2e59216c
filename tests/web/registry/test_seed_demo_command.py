"""`manage.py seed_demo`: the same for a seed, once, and only where province 97 is allowed."""

from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from divisions.models import Division
from exchange.models import Difference
from households.models import Household, Survey
from officers.models import Officer
from officers.rules import LEVELS
from registry.demo.accounts import DEMO_ACCOUNTS, open_accounts
from registry.demo.exits.chapters import exits_of
from registry.demo.foreign import refuse_foreign
from registry.demo.places import generated_places
from registry.demo.pushing import push_differences
from registry.management.commands.seed_demo import years_of
from tests import factories as make
from trail.errors import Refused

pytestmark = pytest.mark.django_db

CONTENT = """
    SELECT number, h.village_code, h.state, h.exit_year, main_cause, other_causes, h.search, h.uuid,
        phone_blind, m.uuid, person_number, name, m.id_blind, m.birth_date, end_date, s.year,
        s.persons, wage_income, transfer_income, business_expense, s.housing, s.recorded_at
    FROM households_household h JOIN households_member m ON m.household_id = h.id
    LEFT JOIN households_survey s ON s.household_id = h.id
    ORDER BY number, person_number, s.year, s.recorded_at
"""


def run(**options) -> str:
    said = StringIO()
    call_command("seed_demo", stdout=said, **options)
    return said.getvalue()


EXITS = (
    """SELECT subject, c.state, opened_on, step, e.on, e.at, actor_name, e.evidence, note
        FROM workflow_case c JOIN workflow_caseevent e ON e.case_id = c.id
        WHERE kind = 'exit' ORDER BY subject, c.opened_on, seq""",
    "SELECT village_code, year, values FROM households_villagerecord ORDER BY 1, 2, id",
    "SELECT division_id, exit_year, exited_on FROM exits_listedplace ORDER BY 1",
    "SELECT division_id, year, about, version, count FROM exits_exitplan ORDER BY 1, 2, 3, 4",
)


def content_digest(seed: int) -> str:
    """What a run with `seed` writes, as a digest; the rows are taken back."""
    digest = sha256()
    with transaction.atomic(), connection.cursor() as cursor:
        run(households=60, years="2019-2020", seed=seed)
        operator = Officer.objects.get(username="operator")
        open_accounts(by=operator)
        exits_of((2019, 2020), by=operator, seed=seed).remember()
        for query in (CONTENT, *EXITS):
            cursor.execute(query)
            digest.update(repr(cursor.fetchall()).encode())
        transaction.set_rollback(True)
    return digest.hexdigest()


def test_the_same_seed_writes_the_same_rows_and_another_seed_others():
    assert content_digest(1) == content_digest(1) != content_digest(2)


def test_a_second_run_adds_nothing_and_says_so():
    run(households=40, years="2020")
    assert "40 demo households are here already" in run(households=80, years="2020")
    assert Household.everywhere.count() == 40


@pytest.mark.parametrize(
    ("text", "years"),
    [("2015-2020", tuple(range(2015, 2021))), ("2019", (2019,)), ("2", (2019, 2020))],
)
def test_years_are_a_span_one_year_or_how_many_up_to_2020(text, years):
    assert years_of(text) == years


@pytest.mark.parametrize("text", ["2020-2015", "0", "last", "20", "2015–2020", "２０２０"])
def test_other_years_are_refused(text):
    with pytest.raises(CommandError):
        run(households=10, years=text)
    assert not Household.everywhere.exists()


def test_a_year_without_standard_is_refused_and_leaves_nothing():
    with pytest.raises(CommandError, match="2030"):
        run(households=10, years="2030")
    assert not Household.everywhere.exists()


@pytest.mark.parametrize("households", [0, 5_000_001])
def test_a_number_of_households_out_of_range_is_refused(households):
    with pytest.raises(CommandError, match="5,000,000"):
        run(households=households, years="2020")


def test_an_installation_without_province_97_is_left_alone(settings):
    settings.EXTRA_PROVINCES = []
    with pytest.raises(CommandError, match="EXTRA_PROVINCES"):
        run(households=10, years="2020")


def test_a_single_household_can_be_made():
    run(households=1, years="2015")
    assert Survey.objects.get().year == 2015


def test_outside_a_demonstration_no_account_is_opened():
    run(households=10, years="2020")
    assert list(Officer.objects.values_list("username", flat=True)) == ["operator"]


def test_each_demo_account_is_opened_once_with_the_common_password(settings):
    run(households=10, years="2020")
    operator = Officer.objects.get(username="operator")
    opened = open_accounts(by=operator)
    assert open_accounts(by=operator) == []
    assert [officer.username for officer in opened] == [one.username for one in DEMO_ACCOUNTS]
    assert all(officer.check_password(settings.DEMO_PASSWORD) for officer in opened)


def test_each_demo_account_is_posted_at_a_level_of_its_role():
    digits = {1: 0, 2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
    for account in DEMO_ACCOUNTS:
        levels = {digits[len(code)] for code in (account.division, *account.further)}
        assert levels <= LEVELS[account.role], account


def test_values_of_another_system_wait_for_the_clerk_of_the_demonstration_once():
    run(households=60, years="2020")
    operator = Officer.objects.get(username="operator")
    waiting = push_differences(by=operator)
    assert waiting == Difference.objects.waiting().count() > 0
    assert push_differences(by=operator) == 0


@pytest.mark.parametrize("villages", [3, 33, 1000, 6667])
def test_a_generated_tree_has_exactly_its_villages_each_below_its_parent(villages):
    places = list(generated_places(villages, seed=7))
    codes = {place.code for place in places}
    assert sum(place.level == 5 for place in places) == villages
    assert len(codes) == len(places)
    assert all(place.parent_code in codes | {"97"} for place in places)
    siblings = [(place.parent_code, place.name) for place in places]
    assert len(set(siblings)) == len(siblings)


def real_officer() -> None:
    make.plant_tree()
    make.make_officer(make.Role.COUNTY_CLERK, make.COUNTY)


@pytest.mark.parametrize("command", ["prepare_demo", "seed_demo"])
def test_a_database_with_officers_of_its_own_gets_no_published_password(settings, command):
    settings.DEMO = True
    real_officer()
    before = set(Officer.objects.values_list("username", flat=True))
    with pytest.raises(CommandError, match="DATABASE_URL"):
        call_command(command)
    assert set(Officer.objects.values_list("username", flat=True)) == before
    assert not Household.everywhere.exists()


def test_a_demonstration_in_use_is_taken_up_again(settings):
    run(households=10, years="2020")
    open_accounts(by=Officer.objects.get(username="operator"))
    make.make_officer(make.Role.READER, "97")
    refuse_foreign()


def test_a_household_outside_province_97_is_foreign():
    places = [("44", "0"), ("4401", "44"), ("440101", "4401"), ("440101001", "440101")]
    for level, (code, parent) in enumerate([*places, ("440101001001", "440101001")], start=1):
        Division.objects.create(code=code, level=level, name=code, parent_id=parent)
    refuse_foreign()
    make.make_household("440101001001")
    with pytest.raises(Refused):
        refuse_foreign()
