"""A province of households that each have an open exit, written by the database."""

from django.db import connection, transaction

from benchmarks.gap_rows import HOUSEHOLD_FACTS, PERSON, PERSONS, YEAR
from benchmarks.roster_rows import DIVISIONS, HOUSEHOLD, NUMBERED

LINE, CASES = 3218, 100_000
INCOMES = f"""
    INSERT INTO households_survey (household_id, village_code, year, recorded_by_id, reason,
        persons, member_digest, food, clothing, education, medical, housing, water, wage_income,
        business_income, property_income, transfer_income, business_expense)
    SELECT id, village_code, year, (SELECT min(id) FROM officers_officer), '', {PERSONS},
        gen_random_uuid(), 1, 1, 1, 1, 1, 1, 9000 + (hashint8(id) & 65535) % 40000 + year - {YEAR},
        4000, 0, id * 31 % 6000, 1000
    FROM households_household, generate_series({YEAR} - 2, {YEAR}) year
"""
CASE = f"""
    INSERT INTO workflow_case (kind, subject, division_id, state, facts, facts_hash, version,
        proposed_by_id, opened_on, entered_state_on)
    SELECT 'exit', h.number, h.village_code,
        CASE WHEN h.id % 20 = 0 THEN 'doubted' WHEN h.id % 10 = 1 THEN 'proposed'
            ELSE 'checked' END,
        jsonb_build_object('household', h.number, 'village', h.village_code, 'state', 0,
            'year', {YEAR}, 'persons', s.persons,
            'survey', s.id, 'members', '[]'::jsonb, 'standard', jsonb_build_object('id', 1,
                'line', '{LINE}.00', 'monitoring_line', '5000.00'),
            'facts', jsonb_build_object('wage_income', s.wage_income::text, 'business_income',
                '4000.00', 'property_income', '0.00', 'transfer_income', s.transfer_income::text,
                'business_expense', '1000.00', 'food', 1, 'clothing', 1, 'education', 1,
                'medical', 1, 'housing', 1, 'water', 1),
            'finding', jsonb_build_object('net_income', net::text, 'per_capita',
                round(net / s.persons, 2)::text, 'lacks', '[]'::jsonb, 'gaps', '[]'::jsonb,
                'exit_ready', net > {LINE} * s.persons, 'at_risk', false)),
        md5(h.number), 1, (SELECT min(id) FROM officers_officer), current_date - (h.id % 30)::int,
        current_date - (h.id % 25)::int
    FROM households_household h
    JOIN households_survey s ON s.household_id = h.id AND s.year = {YEAR},
        LATERAL (SELECT s.wage_income + 3000 + s.transfer_income AS net) sums
"""
EVENT = """
    INSERT INTO workflow_caseevent (case_id, seq, step, from_state, to_state, actor_id, actor_name,
        role, posted_to, "on", note, evidence, facts, facts_hash, decides)
    SELECT id, 1, 'open', '', state, proposed_by_id, 'x', 'county_clerk', '96', opened_on, '', '{}',
        facts, facts_hash, false
    FROM workflow_case
"""
STATEMENTS = (DIVISIONS, NUMBERED, HOUSEHOLD, HOUSEHOLD_FACTS, PERSON, INCOMES, CASE, EVENT)


def write_province() -> None:
    """Write the province into an empty database and tell the planner of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no guard of a single row
        for statement in STATEMENTS:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
