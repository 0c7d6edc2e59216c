"""Many grades are confirmed at once: never more are excellent than the county has places."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction

from teams.actions.assessing import advance
from teams.models import Assessment, Score
from teams.queries.assessments import quota_of
from teams.rules.assessment import Grade
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.web.teams.assessed import YEAR, case_of, graded, serving
from trail.errors import Refused
from workflow.models import Case, CaseEvent

PEOPLE = 200
AT_ONCE = 10
LONGEST_WAIT = 0.05


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@transaction.atomic
def all_proposed_excellent(cast: Cast, people: int) -> list[Case]:
    """So many people whose grade “excellent” is proposed and rests on facts that allow it."""
    first = graded(cast, serving(200), Grade.EXCELLENT)
    given = list(Score.objects.filter(assessment__case=first))
    cases = [first]
    for _number in range(people - 1):
        term = serving(200)
        facts = first.facts | {"cadre": term.cadre.number, "term": term.pk}
        cases.append(case_of(term, state="graded", facts=facts))
        assessment = Assessment.objects.create(
            case=cases[-1], cadre=term.cadre, term=term, year=YEAR, asked=50, satisfied=45
        )
        Score.objects.bulk_create(
            Score(
                assessment=assessment,
                assessor=one.assessor,
                points=one.points,
                given_by=one.given_by,
            )
            for one in given
        )
    return cases


def test_no_more_are_excellent_than_there_are_places(cast, full_counts):
    people = PEOPLE if full_counts else PEOPLE // 20
    cases = all_proposed_excellent(cast, people)
    dice, barrier = random.Random(), Barrier(min(AT_ONCE, people))

    def confirm(case: Case) -> str:
        try:
            barrier.wait()
            time.sleep(dice.uniform(0, LONGEST_WAIT))
            advance(case.pk, "confirm", by=cast.county_approver, version=case.version)
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(confirm, cases))
    places = people // 5
    assert told.count("") == places
    assert told.count("not_now") == people - places
    assert Assessment.objects.filter(grade=Grade.EXCELLENT).count() == places
    quota = quota_of(make.COUNTY, YEAR)
    assert (quota.taken, quota.places) == (places, places)
    assert CaseEvent.objects.filter(step="confirm").count() == places
