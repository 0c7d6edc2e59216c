"""Moving a case by raw SQL, as somebody with a database client would."""

import pytest
from django.db import IntegrityError, connection

from trail.dates import business_date

EVENT = """
    INSERT INTO workflow_caseevent (case_id, seq, step, from_state, to_state, actor_id, actor_name,
        role, posted_to, "on", note, evidence, facts, facts_hash, decides)
    SELECT own.id, own.version + 1, %(step)s, %(source)s, %(target)s, %(actor)s, 'x', %(role)s,
        %(posted_to)s, coalesce(%(on)s, '2020-01-01'::date), '', '{}',
        CASE WHEN %(decides)s THEN own.facts END, own.facts_hash, %(decides)s
    FROM workflow_case own WHERE own.id = %(case)s
"""
MOVE = """
    UPDATE workflow_case SET state = %(target)s, version = version + 1,
        closed_at = CASE WHEN %(target)s IN ('rejected', 'withdrawn') THEN now() END
    WHERE id = %(case)s
"""


def written(case, step, target, by, **other):
    """Move the case by raw SQL, as the action would: an event, then the row; all triggers fire."""
    case.refresh_from_db()
    values = {
        "case": case.pk, "step": step, "source": case.state, "target": target, "actor": by.pk,
        "role": by.acting_role, "posted_to": by.acting_division, "on": business_date(),
        "decides": step in ("approve", "approve_first", "plan", "revoke_first", "revoke", "reject"),
    } | other  # fmt: skip
    sql(EVENT, values)
    sql(MOVE, values)
    connection.check_constraints()


def sql(statement, values=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(because):
    return pytest.raises(IntegrityError, match=because)
