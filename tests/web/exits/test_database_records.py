"""What the database itself keeps of decided exits, whoever writes the rows."""

from decimal import Decimal

import pytest
from django.db import connection, transaction

from exits.models import Judgement, ListedPlace
from households.models import Household, VillageRecord
from households.rules import State
from tests import factories as make
from tests.procedures import carry, open_for, take
from tests.unguarded import unguarded
from tests.web.exits.raw import refused, sql, written

pytestmark = pytest.mark.django_db
CHECKED = ("plan", "appraise", "verify", "confirm", "post", "check")


@pytest.fixture
def household(tree):
    found = make.make_household(state=State.POOR, persons=2)
    make.make_survey(found, 2019, wage_income=Decimal(20_000))
    return found


@pytest.fixture
def case(household, cast, calendar):
    return open_for(household, "exit", by=cast.county_clerk)


@pytest.fixture
def checked(case, cast):
    carry(case, cast, *CHECKED)
    return case


class TestRecords:
    """What was decided stays as it was, and nothing changes without a decision."""

    @pytest.mark.parametrize(
        ("statement", "because"),
        [
            ("UPDATE workflow_caseevent SET note = 'x'", "append-only"),
            ("UPDATE workflow_caseevent SET actor_id = actor_id + 1", "append-only"),
            ("DELETE FROM workflow_caseevent WHERE decides", "append-only"),
            ("TRUNCATE workflow_case CASCADE", "append-only"),
            ("DELETE FROM workflow_case", "foreign key"),
            ("UPDATE workflow_case SET state = 'approved'", "moves only by an event"),
            ("UPDATE workflow_case SET version = version + 1", "moves only by an event"),
            ("UPDATE workflow_case SET facts_hash = 'x'", "moves only by an event"),
            ("UPDATE workflow_case SET facts = facts || '{\"year\": 2018}'", "changes its facts"),
            ("UPDATE workflow_case SET subject = 'x'", "keeps kind, subject"),
            ("UPDATE workflow_case SET kind = 'removal'", "keeps kind, subject"),
            ("UPDATE workflow_case SET proposed_by_id = proposed_by_id + 1", "keeps kind, subject"),
            ("UPDATE workflow_case SET closed_at = now()", "closed where"),
            ("UPDATE workflow_transition SET roles = '{village_official}'", "append-only"),
            ("DELETE FROM workflow_transition", "append-only"),
        ],
    )
    def test_a_case_and_its_events(self, checked, cast, statement, because):
        connection.check_constraints()
        with refused(because), transaction.atomic():
            sql(statement)
            connection.check_constraints()

    def test_a_closed_case_is_not_opened_again(self, checked, cast):
        take(checked, "withdraw", by=cast.county_clerk, note="撤回")
        with refused("closed where"):
            sql("UPDATE workflow_case SET closed_at = NULL")

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE households_household SET exit_year = 2018 WHERE state = 1",
            "UPDATE households_household SET state = 0, exit_year = NULL WHERE state = 1",
        ],
    )
    def test_an_exited_household_keeps_state_and_year_of_its_decision(
        self, checked, household, cast, statement
    ):
        carry(checked, cast, "approve")
        with refused(r"year of its decision|only through a case"), transaction.atomic():
            sql(statement)
            connection.check_constraints()
        assert Household.everywhere.get(pk=household.pk).exit_year == 2019

    def test_a_household_does_not_exit_before_its_approval(self, checked, household):
        with refused("by the approval of its exit"):
            sql(
                'INSERT INTO households_statechange (household_id, from_state, to_state, "on",'
                " case_id) VALUES (%s, 2, 1, '2020-01-01', %s)",
                [household.pk, checked.pk],
            )


class TestPlaces:
    """A village or county leaves its list once, by the approval of its own case."""

    @pytest.fixture
    def listed(self, cast, tree):
        return ListedPlace.everywhere.create(
            division_id=make.VILLAGE, listed_on="2014-06-01", source="名单",
            listed_by=cast.county_clerk,
        )  # fmt: skip

    @pytest.fixture
    def noticed(self, listed, calendar):
        """The exit of the village before the county's decision."""
        village = Household(number=make.VILLAGE)
        village.village_id = make.VILLAGE
        return make.make_case(village, "village_exit", state="noticed", facts={"year": 2019})

    def test_who_judged_an_indicator_does_not_decide(self, noticed, cast):
        Judgement.objects.create(
            case=noticed, code="BOARD", met=True, note="是", judged_by=cast.county_approver,
            judged_on=noticed.opened_on,
        )  # fmt: skip
        with refused("judged or recorded"):
            written(noticed, "reject", "rejected", cast.county_approver)

    @pytest.mark.parametrize("kind", ["village_exit", "county_exit"])
    def test_who_ever_recorded_the_figures_does_not_decide(self, cast, calendar, kind):
        by = {"village_exit": cast.county_approver, "county_exit": cast.province_approver}[kind]
        record = VillageRecord.everywhere.create(village_id=make.VILLAGE, year=2019, recorded_by=by)
        later = VillageRecord.everywhere.create(
            village_id=make.VILLAGE, year=2019, corrects=record, reason="核实",
            recorded_by=cast.county_clerk,
        )  # fmt: skip
        place = {"village_exit": make.VILLAGE, "county_exit": make.COUNTY}[kind]
        subject = Household(number=place)
        subject.village_id = place
        facts = {"year": 2019, "record": later.pk}
        state = {"village_exit": "noticed", "county_exit": "evaluated"}[kind]
        case = make.make_case(subject, kind, state=state, facts=facts)
        with refused("judged or recorded"):
            written(case, "reject", "rejected", by)

    @pytest.fixture
    def approved(self, noticed, cast):
        """The approved exit of the village, and the village as it left the list."""
        case = noticed
        with unguarded():
            written(case, "approve", "approved", cast.county_approver)
        leave = (
            "UPDATE exits_listedplace SET exited_on = '2020-03-01', exit_year = 2019, case_id = %s"
        )
        sql(leave, [case.pk])
        return case

    def test_without_a_case(self, listed):
        with refused("by its approved exit"):
            sql("UPDATE exits_listedplace SET exited_on = '2020-03-01', exit_year = 2019")

    def test_by_a_case_of_something_else(self, listed, checked):
        with refused("by its approved exit"):
            sql(
                "UPDATE exits_listedplace SET exited_on = '2020-03-01', exit_year = 2019,"
                " case_id = %s",
                [checked.pk],
            )

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE exits_listedplace SET exit_year = 2018",
            "UPDATE exits_listedplace SET exited_on = NULL, exit_year = NULL, case_id = NULL",
            "UPDATE exits_listedplace SET listed_on = '2019-01-01'",
            "DELETE FROM exits_listedplace",
        ],
    )
    def test_a_place_that_left_stays_as_it_left(self, approved, statement):
        with refused("leaves the list once"):
            sql(statement)
