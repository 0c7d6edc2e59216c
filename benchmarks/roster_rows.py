"""A province of made-up villages with terms, households and helpers, written by the database."""

from django.db import connection, transaction

PROVINCE = "96"
VILLAGES, TERMS, HOUSEHOLDS, HELPERS, UNITS = 12_000, 40_000, 100_000, 25_000, 1_000
CITIES, COUNTIES, TOWNSHIPS, BELOW = 10, 10, 10, 12
"""Cities of the province, counties of a city, townships of a county, villages of a township."""

DIVISIONS = """
    INSERT INTO divisions_division (code, level, name, parent_id)
    SELECT '96', 1, '九六省', '0'
    UNION ALL SELECT '96' || to_char(c, 'FM00'), 2, '市' || c, '96' FROM generate_series(1, 10) c
    UNION ALL SELECT '96' || to_char(c, 'FM00') || to_char(20 + a, 'FM00'), 3, '县' || c || a,
        '96' || to_char(c, 'FM00')
    FROM generate_series(1, 10) c, generate_series(1, 10) a
    UNION ALL SELECT parent || to_char(99 + t, 'FM000'), 4, '镇' || t, parent
    FROM (SELECT '96' || to_char(c, 'FM00') || to_char(20 + a, 'FM00') AS parent
        FROM generate_series(1, 10) c, generate_series(1, 10) a) counties, generate_series(1, 10) t
    UNION ALL SELECT parent || to_char(199 + v, 'FM000'), 5, '村' || v, parent
    FROM (SELECT '96' || to_char(c, 'FM00') || to_char(20 + a, 'FM00') || to_char(99 + t, 'FM000')
        AS parent FROM generate_series(1, 10) c, generate_series(1, 10) a,
        generate_series(1, 10) t) townships, generate_series(1, 12) v
"""
NUMBERED = """
    CREATE TEMP TABLE numbered AS
    SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM divisions_division
    WHERE level = 5 AND code LIKE '96%'
"""
UNIT = f"""
    INSERT INTO teams_unit (name, level, kind, division_id, version)
    SELECT '第' || i || '局', 'county', 'organ', left(code, 6), 1
    FROM generate_series(1, {UNITS}) i JOIN numbered ON place = i * 12 - 12
"""
CADRE = f"""
    INSERT INTO teams_cadre (uuid, number, division_id, name, sex, education, unit_id, title, rank,
        version)
    SELECT gen_random_uuid(), 'B' || to_char(i, 'FM00000000'), left(code, 6), '干部' || i, '1',
        'bachelor', (SELECT min(id) FROM teams_unit) + i % {UNITS}, '',
        (ARRAY['official', 'official', 'official', 'county_leader', 'city_leader'])[1 + i % 5], 1
    FROM generate_series(0, {TERMS + HELPERS - 1}) i
    JOIN numbered ON place = i % {VILLAGES}
"""
TERM = f"""
    INSERT INTO teams_term (cadre_id, village_id, post, unit_id, starts_on, due_on, last_day,
        end_reason, end_note, letter, version)
    SELECT cadre.id, code,
        CASE WHEN i < {VILLAGES} THEN 'first_secretary'
            WHEN i >= {3 * VILLAGES} THEN 'first_secretary' ELSE 'member' END,
        cadre.unit_id,
        CASE WHEN i >= {3 * VILLAGES} THEN current_date - 1800
            ELSE current_date - 600 - i * 7 % 300 END,
        CASE WHEN i >= {3 * VILLAGES} THEN current_date - 1100
            ELSE current_date - 600 - i * 7 % 300 + 730 + i % 500 END,
        CASE WHEN i >= {3 * VILLAGES} THEN current_date - 1000
            WHEN i % 40 = 0 THEN current_date - 30 END,
        CASE WHEN i >= {3 * VILLAGES} OR i % 40 = 0 THEN 'term' ELSE '' END, '', '', 1
    FROM generate_series(0, {TERMS - 1}) i
    JOIN numbered ON place = i % {VILLAGES}
    JOIN teams_cadre cadre ON cadre.number = 'B' || to_char(i, 'FM00000000')
"""
NEED = """
    INSERT INTO teams_teamvillage (village_id, reason, starts_on, source)
    SELECT code, 'poor', '2015-01-01', '' FROM numbered
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
PAIRING = f"""
    INSERT INTO teams_pairing (cadre_id, household_id, village_id, starts_on, end_reason,
        paired_by_id, version)
    SELECT cadre.id, household.id, household.village_code, current_date - 400, '',
        (SELECT min(id) FROM officers_officer), 1
    FROM generate_series(0, {HOUSEHOLDS - 1}) i
    JOIN households_household household ON household.number = 'B' || to_char(i, 'FM00000000')
    JOIN teams_cadre cadre
        ON cadre.number = 'B' || to_char({TERMS} + i % {HELPERS}, 'FM00000000')
    WHERE i % 20 <> 0
"""
STATEMENTS = (DIVISIONS, NUMBERED, UNIT, CADRE, TERM, NEED, HOUSEHOLD, PAIRING)


def write_province() -> None:
    """Write the province into an empty database and tell the planner of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
