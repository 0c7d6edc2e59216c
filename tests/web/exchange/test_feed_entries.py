"""Every way of writing leaves its entry in the log of changes: acts of officers, bulk, raw SQL."""

import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistance.models import Instalment
from exchange.models import FeedEntry, Kind
from exchange.queries.documents import Reader, documents
from exchange.triggers import FED, names_of
from households.actions.changes import propose_change
from households.entry.saving import enter_household
from households.importing import batches
from households.importing.withdrawing import withdraw_batch
from households.models import Household, IncomeLine, LivingConditions, Member, Survey, SurveyNote
from households.rules import State
from officers.rules import Role
from registry.pages.cases.acts import ADVANCE
from registry.pages.queries.imports import rests_on
from teams.models import Cadre, Unit
from tests import factories as make
from tests.procedures import carry, open_for, take
from tests.web.assistance.delivered import agreed_item, deliver
from tests.web.assistance.planned import approved as agreed
from tests.web.assistance.planned import case_of, drafted, make_poor, with_item
from tests.web.exchange.logged import left, logged, of_case, of_household, of_plan, of_team
from tests.web.households.changes.changed import active, done, wanted
from tests.web.households.entry.entered import entry
from tests.web.teams.sent import approved, step
from workflow.models import Case

pytestmark = pytest.mark.django_db
TO_THE_COUNTY = ("plan", "appraise", "verify", "confirm", "post", "check")
SAMPLE = Path("tests/data/register_sample_2019.csv").read_bytes()


class TestOfficers:
    """What officers do."""

    def test_a_household_that_is_entered(self, cast):
        entries = logged(lambda: enter_household(entry(), by=cast.village_official, seen=None))
        assert entries == {of_household(Household.everywhere.get())}

    def test_an_import_and_its_withdrawal(self, cast, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        batch = batches.upload(by=cast.county_clerk, year=2019, file_name="x.csv", content=SAMPLE)
        batches.judge_batch(batch.pk)
        batch = batches.confirm(batch, by=cast.county_clerk)
        entries = logged(lambda: batches.save_batch(batch.pk))
        assert entries == {of_household(one) for one in Household.everywhere.all()}
        assert entries
        batch.refresh_from_db()
        back = logged(
            lambda: withdraw_batch(batch, by=cast.county_clerk, reason="重复", rests_on=rests_on)
        )
        assert back == entries

    def test_a_relocation_with_the_plan_that_follows(self, cast):
        household = make_poor()
        plan = drafted(household, cast.village_official)
        change = wanted("relocation", to_village=make.NEXT_VILLAGE)
        case = propose_change(household, change, by=cast.village_official)
        entries = logged(
            lambda: ADVANCE["change"](case.pk, "approve", by=cast.township_reviewer, version=1)
        )
        assert entries == {
            of_household(household),
            of_plan(plan),
            of_case(case),
            of_case(case_of(plan)),
        }
        assert left() == {
            (Kind.HOUSEHOLD, make.VILLAGE, household.number),
            (Kind.PLAN, make.VILLAGE, str(plan.uuid)),
            (Kind.CASE, make.VILLAGE, str(case_of(plan).pk)),
        }

    def test_a_split_and_a_merger(self, cast, household):
        other = active(household)[1]
        change = wanted("split", goes=frozenset({other.pk}), relations={other.pk: "01"})
        entries = logged(lambda: done(household, change, cast))
        fresh = Household.everywhere.get(split_from=household)
        both = {of_household(household), of_household(fresh)}
        assert entries - both == {of_case(Case.everywhere.get())}
        assert both <= entries
        back = wanted("merge", other=household.number, relations={active(fresh)[0].pk: "21"})
        assert both <= logged(lambda: done(fresh, back, cast))

    def test_the_steps_of_a_case_and_the_state_that_they_lead_to(self, cast, calendar):
        household = make.make_household(state=State.POOR, persons=2)
        make.make_survey(household, 2019, wage_income=Decimal(20_000))
        make.make_help(household)
        opened = logged(lambda: open_for(household, "exit", by=cast.county_clerk))
        case = Case.everywhere.get()
        assert opened == {of_case(case)}
        both = {of_case(case), of_household(household)}
        assert logged(lambda: carry(case, cast, *TO_THE_COUNTY)) == both
        assert logged(lambda: take(case, "approve", by=cast.county_approver)) == both

    def test_a_plan_its_measure_its_approval_and_a_delivery(self, cast):
        household = make_poor()
        plan, by = None, cast.village_official
        entries = logged(lambda: drafted(household, by))
        plan = household.plans.get()
        assert of_plan(plan) in entries
        assert logged(lambda: with_item(plan, by)) >= {of_plan(plan)}
        assert logged(lambda: agreed(plan, cast)) >= {of_plan(plan)}
        item = agreed_item("IND-OWN", household)
        assert of_plan(item.plan) in logged(lambda: deliver(item, 100, by=by))

    def test_a_dispatch_and_the_end_of_the_term(self, cast):
        case = approved(cast)
        entries = logged(lambda: step(case, "dispatch", cast.county_clerk))
        assert entries == {of_team(make.VILLAGE), of_case(case)}


class TestBulk:
    """Statements that no model sees one by one."""

    @pytest.fixture
    def households(self, tree: None) -> list[Household]:
        return [make.make_household(persons=2) for _ in range(3)]

    def execute(self, statement: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    def test_an_update_of_many(self, households):
        entries = logged(lambda: Household.everywhere.update(version=F("version") + 1))
        assert entries == {of_household(one) for one in households}

    def test_an_update_from_another_table(self, households):
        entries = logged(
            lambda: self.execute(
                "UPDATE households_member member SET health = '02'"
                " FROM households_household household"
                " WHERE household.id = member.household_id AND household.number <> %s",
                households[0].number,
            )
        )
        assert entries == {of_household(one) for one in households[1:]}

    def test_a_bulk_create(self, households):
        surveys = [
            Survey(
                household=one,
                village_id=one.village_id,
                year=2018,
                persons=1,
                member_digest="0" * 32,
                recorded_by=make.the_operator(),
            )
            for one in households
        ]
        assert logged(lambda: Survey.objects.bulk_create(surveys)) == {
            of_household(one) for one in households
        }

    def test_a_copy(self, households):
        survey = make.make_survey(households[0])
        rows = io.StringIO(f"{survey.pk}\t1\twage_income\tlocal_work\t\t300.00\n")

        def copy() -> None:
            with connection.cursor() as cursor:
                cursor.copy_expert(
                    "COPY households_incomeline (survey_id, position, kind, item, text, amount)"
                    " FROM STDIN",
                    rows,
                )

        assert logged(copy) == {of_household(households[0])}

    def test_a_delete(self, households):
        plan = make.make_plan(households[0])
        entries = logged(lambda: self.execute("DELETE FROM assistance_plan"))
        assert entries == {of_plan(plan)}
        assert left() == {(Kind.PLAN, make.VILLAGE, str(plan.uuid))}

    def test_another_number(self, households):
        household, plan = households[0], make.make_plan(households[0])
        was = household.number
        entries = logged(
            lambda: self.execute(
                "UPDATE households_household SET number = 'N1' WHERE number = %s", was
            )
        )
        assert entries == {of_household(household), of_plan(plan)}
        assert left() == {(Kind.HOUSEHOLD, make.VILLAGE, was)}

    def test_an_entry_stands_once_however_many_statements_a_transaction_has(self, households):
        def often() -> None:
            for group in ("二组", "三组"):
                Household.everywhere.update(group=group)
                Member.objects.update(health="01")

        logged(often)
        assert FeedEntry.objects.count() == len(households)

    def test_what_a_statement_leaves_as_it_is_says_nothing(self, households):
        assert logged(lambda: Household.everywhere.filter(pk=0).update(group="二组")) == set()


class TestNames:
    """Rows that documents of other things name."""

    def test_a_member_of_another_name(self, household):
        member = make.make_member(household)
        item = make.make_item(make.make_plan(household), "EDU-YULU", member)
        entries = logged(lambda: Member.objects.filter(pk=member.pk).update(name="王小"))
        assert entries == {of_household(household), of_plan(item.plan)}
        assert logged(lambda: Member.objects.filter(pk=member.pk).update(health="02")) == {
            of_household(household)
        }

    def test_a_cadre_of_another_name(self, household):
        term = make.make_term()
        plan = make.make_plan(household, helper=term.cadre)
        item = make.make_item(
            make.make_plan(make.make_household()), "IND-OWN", responsible=term.cadre
        )
        entries = logged(lambda: Cadre.everywhere.filter(pk=term.cadre_id).update(name="王小"))
        assert entries == {of_team(make.VILLAGE), of_plan(plan), of_plan(item.plan)}

    def test_a_unit_of_another_name(self, tree):
        term = make.make_term()
        entries = logged(lambda: Unit.everywhere.filter(pk=term.unit_id).update(name="县水利局"))
        assert entries == {of_team(make.VILLAGE)}

    def test_a_household_that_is_withdrawn_takes_its_plans_along(self, household):
        plan = make.make_plan(household)
        entries = logged(lambda: Household.everywhere.update(withdrawn_at=timezone.now()))
        assert entries == {of_household(household), of_plan(plan)}


@pytest.mark.parametrize("table", FED)
def test_a_fed_table_has_its_triggers_and_they_are_on(db, table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass"
            " AND starts_with(tgname, 'feed_')",
            [table],
        )
        assert sorted(cursor.fetchall()) == sorted((name, "O") for name in names_of(table))


def test_the_documents_read_no_table_that_does_not_feed_the_log(household):
    """Else a change there would not be told."""
    survey = household.surveys.get()
    IncomeLine.objects.create(survey=survey, position=1, kind="wage_income", item="x", amount=1)
    LivingConditions.objects.create(survey=survey)
    SurveyNote.objects.create(survey=survey, name="wage_income", text="因")
    item = make.make_item(make.make_plan(household), "EDU-YULU", make.make_member(household))
    Instalment.objects.create(item=item, number=1, due_on=date(2020, 1, 1), amount=1)
    case, term = make.make_case(household), make.make_term()
    client = make.make_officer(Role.MACHINE_CLIENT, make.COUNTY)
    reader = Reader(client, tuple(Kind), masked=False)
    keys = {
        Kind.HOUSEHOLD: household.number,
        Kind.CASE: str(case.pk),
        Kind.PLAN: str(item.plan.uuid),
        Kind.TEAM: term.village_id,
    }
    assert client.posting
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for kind, key in keys.items():
            assert documents(reader, kind, [key])
    tables = set(re.findall(r'(?:FROM|JOIN) "?([a-z]+_[a-z]+)', str(queries.captured_queries)))
    assert tables - {"divisions_division"} == set(FED)
