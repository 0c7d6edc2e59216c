"""Nobody resolves an objection to what he prepared himself, by the action or by hand."""

import pytest
from django.db import connection

from exits.models import Judgement
from households.rules import State
from tests import factories as make
from tests.unguarded import unguarded
from tests.web.exits import listed
from tests.web.exits.raw import refused, sql
from tests.web.route_rows import objection_to
from trail.dates import business_date
from trail.errors import NotAllowed
from workflow.actions import dismiss_objection
from workflow.models import CaseEvent, Objection
from workflow.procedures import machines

NOTICING = [one for one in machines() if any(step.notice for step in one.steps)]
PREPARING = [
    (machine.kind, step)
    for machine in NOTICING
    for step in sorted({one.name for one in machine.steps} | {"amend"})
    if step in machine.preparing
]
PLACES = {
    "village_exit": lambda: listed.exit_of_village(make.VILLAGE),
    "county_exit": lambda: listed.exit_of_county(make.COUNTY),
}
RESOLVE = (
    "UPDATE workflow_objection SET resolved_on = %s, resolved_by_id = %s, upheld = false"
    " WHERE id = %s"
)


@pytest.fixture
def objected(tree):
    """An objection to a case of that kind, which somebody else opened, posted and recorded."""

    def one(kind: str, **facts) -> Objection:
        if kind in PLACES:
            case = PLACES[kind]()
        else:
            household = make.make_household(state=State.POOR, persons=2)
            case = make.make_case(household, kind, facts=facts)
        return objection_to(case, posted_on=business_date())

    return one


def resolver_of(cast, kind):
    return cast.province_approver if kind == "county_exit" else cast.county_approver


def took(objection, step, by):
    """A step that the officer took in the case of the objection, once."""
    case = objection.line.case
    with unguarded():
        CaseEvent.objects.create(
            case=case, seq=2, step=step, from_state="x", to_state="y", actor_id=by.pk,
            actor_name=by.name, role="x", posted_to="0", on=business_date(), facts_hash="x",
        )  # fmt: skip


def resolved_by_hand(objection, by):
    sql(RESOLVE, [business_date(), by.pk, objection.pk])
    connection.check_constraints()


@pytest.mark.parametrize(("kind", "step"), PREPARING)
def test_who_prepared_a_case_resolves_no_objection_to_it(objected, cast, kind, step):
    objection, by = objected(kind), resolver_of(cast, kind)
    took(objection, step, by)
    with pytest.raises(NotAllowed) as refusal:
        dismiss_objection(objection.pk, by=by, finding="不属实")
    assert refusal.value.code == "same_hand"
    with refused("prepared the case"):
        resolved_by_hand(objection, by)


JUDGING = [
    (machine.kind, step)
    for machine in NOTICING
    for step in ("check", "review", "doubt", "return")
    if step not in machine.preparing
]


@pytest.mark.parametrize(("kind", "step"), JUDGING)
def test_who_judged_it_does(objected, cast, kind, step):
    objection, by = objected(kind), resolver_of(cast, kind)
    took(objection, step, by)
    assert dismiss_objection(objection.pk, by=by, finding="不属实").resolved_by == by


@pytest.mark.parametrize("kind", [one.kind for one in NOTICING])
def test_who_posted_the_notice_does_not(objected, cast, kind):
    objection, by = objected(kind), resolver_of(cast, kind)
    with unguarded():
        type(objection.line.notice).everywhere.update(posted_by=by)
    with pytest.raises(NotAllowed):
        dismiss_objection(objection.pk, by=by, finding="不属实")
    with refused("prepared the case"):
        resolved_by_hand(objection, by)


def test_who_recorded_the_survey_does_not(objected, cast):
    by = cast.county_approver
    objection = objected("exit", hands=[by.pk])
    with pytest.raises(NotAllowed):
        dismiss_objection(objection.pk, by=by, finding="不属实")
    with refused("prepared the case"):
        resolved_by_hand(objection, by)


def recorded_figures(case, by):
    with unguarded():
        sql("UPDATE households_villagerecord SET recorded_by_id = %s", [by.pk])


def judged(case, by):
    Judgement.objects.create(
        case=case, code="TV", met=True, note="有", judged_by=by, judged_on=business_date()
    )


@pytest.mark.parametrize("act", [recorded_figures, judged])
def test_who_made_the_figures_of_a_village_does_not(objected, cast, act):
    objection, by = objected("village_exit"), cast.county_approver
    act(objection.line.case, by)
    with pytest.raises(NotAllowed):
        dismiss_objection(objection.pk, by=by, finding="不属实")
    with refused("judged or recorded its figures"):
        resolved_by_hand(objection, by)


def test_whoever_proposed_it_does_not_though_no_event_names_him(objected, cast):
    """The row of the case names its proposer for good."""
    objection = objected("exit")
    by = cast.county_approver
    with unguarded():
        type(objection.line.case).everywhere.update(proposed_by=by)
    with pytest.raises(NotAllowed) as refusal:
        dismiss_objection(objection.pk, by=by, finding="不属实")
    assert refusal.value.code == "same_hand"
    with refused("prepared the case"):
        resolved_by_hand(objection, by)
