"""A province of made-up households with members, surveys, plans and measures, by the database.

Five counties of 20,000 households; each household has three members, two surveys, a plan of each of
two years and five measures in each, two of them for a person.
"""

from django.db import connection, transaction

PROVINCE, COUNTY = "96", "960121"
HOUSEHOLDS = 100_000
COUNTIES, TOWNSHIPS, BELOW = 5, 10, 20
VILLAGES = COUNTIES * TOWNSHIPS * BELOW

DIVISIONS = f"""
    INSERT INTO divisions_division (code, level, name, parent_id)
    SELECT '96', 1, '九六省', '0' UNION ALL SELECT '9601', 2, '一市', '96'
    UNION ALL SELECT '9601' || 20 + a, 3, '县' || a, '9601' FROM generate_series(1, {COUNTIES}) a
    UNION ALL SELECT '9601' || 20 + a || 99 + t, 4, '镇' || t, '9601' || 20 + a
    FROM generate_series(1, {COUNTIES}) a, generate_series(1, {TOWNSHIPS}) t
    UNION ALL SELECT '9601' || 20 + a || 99 + t || 199 + v, 5, '村' || v,
        '9601' || 20 + a || 99 + t
    FROM generate_series(1, {COUNTIES}) a, generate_series(1, {TOWNSHIPS}) t,
        generate_series(1, {BELOW}) v
"""
NUMBERED = """
    CREATE TEMP TABLE numbered AS
    SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM divisions_division
    WHERE level = 5 AND code LIKE '96%'
"""
HOUSEHOLD = f"""
    INSERT INTO households_household (uuid, number, village_code, "group", attribute, state,
        state_loaded, exit_year, main_cause, other_causes, housing_grade, search, version)
    SELECT gen_random_uuid(), 'B' || to_char(i, 'FM00000000'), code, '一组', '',
        CASE WHEN i % 3 = 0 THEN 0 ELSE 1 END, true,
        CASE WHEN i % 3 = 0 THEN NULL ELSE extract(year FROM current_date)::int - i % 8 END,
        '', '{{}}', '', '{{}}', 1
    FROM generate_series(0, {HOUSEHOLDS - 1}) i JOIN numbered ON place = i % {VILLAGES}
"""
MEMBER = """
    INSERT INTO households_member (uuid, household_id, person_number, name, no_id_reason, relation,
        sex, birth_date, ethnicity, education, in_school, health, labour, work_place, end_reason,
        version)
    SELECT gen_random_uuid(), household.id, 'P' || household.id || n, '测试',
        '1', CASE WHEN n = 0 THEN '01' ELSE '02' END, '1', date '1975-01-01' + n * 4000, '01', '',
        '', '', CASE WHEN (household.id + n) % 2 = 0 THEN '01' ELSE '03' END, '', '', 1
    FROM households_household household, generate_series(0, 2) n
"""
SURVEY = """
    INSERT INTO households_survey (household_id, village_code, year, recorded_by_id, reason,
        persons, member_digest, wage_income, business_income, property_income, transfer_income,
        business_expense, food, clothing, education, medical, housing, water)
    SELECT household.id, household.village_code, extract(year FROM current_date)::int - back,
        (SELECT min(id) FROM officers_officer), '', 3, gen_random_uuid(),
        household.id * 37 % 12000 + (1 - back) * 3000, household.id * 13 % 6000, 100, 500, 400,
        1, 1, 1, 1, 1, CASE WHEN back = 1 AND household.id % 5 = 0 THEN 0 ELSE 1 END
    FROM households_household household, generate_series(0, 1) back
"""
PLAN = """
    INSERT INTO assistance_plan (uuid, village_id, household_id, year, signing_way, approved_on,
        satisfaction, created_by_id, version)
    SELECT gen_random_uuid(), household.village_code, household.id,
        extract(year FROM current_date)::int - back, '', current_date - back * 365,
        CASE WHEN household.id % 2 = 0 THEN 3 + household.id % 3 END,
        (SELECT min(id) FROM officers_officer), 1
    FROM households_household household, generate_series(0, 1) back
"""
ITEM = """
    INSERT INTO assistance_item (uuid, plan_id, village_id, household_id, member_id, measure_id,
        code, category, unit, content, planned, delivered, funding, starts_on, due_on, status,
        origin, reasons, confirmed, group_claim, once_claim, agreed_on, stop_reason, stop_note,
        version)
    SELECT gen_random_uuid(), plan.id, plan.village_id, plan.household_id,
        CASE WHEN measure.unit = 'person' THEN head.id END, measure.id, measure.code,
        measure.category, measure.unit, '', 1000, CASE WHEN plan.id % 4 = 0 THEN 0 ELSE 800 END,
        'central', make_date(plan.year, 1, 1), make_date(plan.year, 12, 31),
        CASE WHEN plan.id % 4 = 0 THEN 'agreed' ELSE 'ongoing' END, 'recommended', '{}', true, '',
        '', make_date(plan.year, 1, 1), '', '', 1
    FROM assistance_plan plan
    JOIN households_member head ON head.household_id = plan.household_id AND head.relation = '01'
    CROSS JOIN assistance_measure measure
    WHERE measure.code IN ('IND-OWN', 'LOAN-MICRO', 'AST-SHARE', 'HEA-DOCTOR', 'EMP-JOB')
"""
STATEMENTS = (DIVISIONS, NUMBERED, HOUSEHOLD, MEMBER, SURVEY, PLAN, ITEM)


def write_province() -> None:
    """Write the province into an empty database and tell the planner of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
