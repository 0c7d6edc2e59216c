"""What the database knows of procedures is what the machines say."""

import pytest

from workflow.models import Transition
from workflow.procedures import machine_of
from workflow.transitions import COLUMNS, LISTS, lines_of, row_of

GUARDED = ["county_exit", "exit", "removal", "revocation", "village_exit"]


def known(kind):
    found = Transition.objects.filter(kind=kind).values(*COLUMNS)
    return sorted(({**row} for row in found), key=str)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", GUARDED)
def test_the_database_knows_the_procedure_as_it_is(kind):
    """A step that changed needs a migration with `workflow.transitions.written`."""
    assert known(kind) == sorted(map(row_of, lines_of(machine_of(kind))), key=str)


@pytest.mark.django_db
def test_no_other_procedure_is_judged_by_the_database():
    assert sorted(set(Transition.objects.values_list("kind", flat=True))) == GUARDED


def test_a_line_keeps_every_column():
    row = row_of("exit checked approve approved forward decides county_approver check,open - -")
    assert row == {
        "kind": "exit", "source": "checked", "step": "approve", "target": "approved",
        "way": "forward", "decides": True, "roles": ["county_approver"],
        "barred": ["check", "open"], "waits": [], "notice": "",
    }  # fmt: skip
    assert set(LISTS) < set(row)


def test_facts_are_replaced_where_none_of_them_stood_on_a_notice():
    lines = [line.split() for line in lines_of(machine_of("exit"))]
    amended = {source for _kind, source, step, *_rest in lines if step == "amend"}
    assert amended == {
        "proposed", "planned", "appraised", "verified", "confirmed", "refused", "answered",
    }  # fmt: skip
