"""A register in a real database: every village of the sample tree, every state, all hard cases."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from divisions.models import Division, Level
from households.models import Household, Survey
from households.rules import EXPENSE, GUARANTEES, INCOMES, MET, State
from reviews.actions.chunks import drive
from reviews.actions.proposing import propose_dry_run
from reviews.models import Proposal, Review
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.faults.registry.conftest import folder
from tests.processes import Processes
from tests.servers import Servers, used
from workflow.models import PolicyParameter

WAGES = [Decimal(1000), Decimal(4000), Decimal(9000), None]
SLOW = """
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NULL; END $$;
    CREATE TRIGGER slow BEFORE INSERT ON reviews_proposal FOR EACH STATEMENT
        EXECUTE FUNCTION slow();
"""


@pytest.fixture
def register(real_database: str) -> Cast:
    """Eight households in each village of the province, in all states; chunks of one village."""
    make.plant_tree()
    cast = hire_all()
    states = [State(place % len(State)) for place in range(8)]
    villages = Division.objects.filter(level=Level.VILLAGE, code__startswith=make.PROVINCE)
    households = Household.everywhere.bulk_create(
        Household(
            number=f"R{village.pk}{place}",
            village=village,
            state=state,
            exit_year=2018 if state in (State.EXITED, State.RELAPSED) else None,
        )
        for village in villages
        for place, state in enumerate(states)
    )
    Survey.objects.bulk_create(survey_of(one, cast) for one in households if one.pk % 5)
    PolicyParameter.objects.create(
        division_id=make.PROVINCE, year=2014, key="review.chunk_households", value=1, source="test"
    )
    return cast


@pytest.fixture
def servers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Servers]:
    """PostgreSQL and Valkey that this test alone uses, and may break."""
    with folder() as path, django_db_blocker.unblock():
        own = Servers(path)
        try:
            with used(own):
                yield own
        finally:
            own.stop()


@pytest.fixture
def own_processes(servers: Servers, tmp_path: Path) -> Iterator[Processes]:
    """Starts the project's processes on these servers; kills what is left."""
    started = Processes(tmp_path)
    yield started
    started.kill_all()


def survey_of(household: Household, cast: Cast) -> Survey:
    facts = dict.fromkeys((*INCOMES, EXPENSE), Decimal(0)) | dict.fromkeys(GUARANTEES, MET)
    facts["wage_income"] = WAGES[household.pk % len(WAGES)]
    return Survey(
        household=household, village_id=household.village_id, year=2019, persons=1,
        member_digest=household.uuid, recorded_by=cast.operator, **facts,
    )  # fmt: skip


def province() -> Division:
    return Division.objects.get(pk=make.PROVINCE)


def slow_down(seconds: float) -> None:
    """From now on every chunk takes that long, in every process."""
    with connection.cursor() as cursor:
        cursor.execute(SLOW.format(seconds=seconds))


def speed_up() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER slow ON reviews_proposal; DROP FUNCTION slow()")


def undisturbed(cast: Cast) -> Review:
    """A dry run of the same facts, in this process, from beginning to end."""
    review = propose_dry_run(root=province(), year=2019, by=cast.operator)
    drive(review.pk)
    return Review.everywhere.get(pk=review.pk)


def decided(review: Review) -> list[tuple]:
    """Household and kind of each proposal in force."""
    found = Proposal.everywhere.in_force().filter(review=review)
    return sorted(found.values_list("household_id", "kind", "lacks", "gaps", "net_fen"))
