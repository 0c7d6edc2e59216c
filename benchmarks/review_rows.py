"""Rows for measuring the review: province 96, households in shuffled physical order, two surveys.

Set-based and without names or ID numbers: the review reads neither.
"""

from django.db import connection

HOUSEHOLDS_PER_VILLAGE = 15
VILLAGES_PER_TOWNSHIP = 10
TOWNSHIPS_PER_COUNTY = 20
COUNTIES_PER_CITY = 10
PROVINCE = "96"

PLACES = f"""
CREATE TEMPORARY TABLE place AS
SELECT n, '{PROVINCE}' || to_char(1 + n / {VILLAGES_PER_TOWNSHIP * TOWNSHIPS_PER_COUNTY * COUNTIES_PER_CITY}, 'FM00')
    || to_char(1 + n / {VILLAGES_PER_TOWNSHIP * TOWNSHIPS_PER_COUNTY} %% {COUNTIES_PER_CITY}, 'FM00')
    || to_char(100 + n / {VILLAGES_PER_TOWNSHIP} %% {TOWNSHIPS_PER_COUNTY}, 'FM000')
    || to_char(200 + n %% {VILLAGES_PER_TOWNSHIP}, 'FM000') AS code
FROM generate_series(0, %(villages)s - 1) n;
INSERT INTO divisions_division (code, level, name, parent_id)
SELECT DISTINCT left(code, digits), level, left(code, digits), CASE WHEN up = 0 THEN '0' ELSE left(code, up) END
FROM place, (VALUES (2, 1, 0), (4, 2, 2), (6, 3, 4), (9, 4, 6), (12, 5, 9)) AS tree (digits, level, up)
ON CONFLICT DO NOTHING;
"""
HOUSEHOLDS = """
INSERT INTO households_household (uuid, number, village_code, "group", attribute, state, state_loaded, exit_year,
    main_cause, other_causes, housing_grade, search, version)
SELECT gen_random_uuid(), 'B' || to_char(i, 'FM000000000'), place.code, '', '01', state, true,
    CASE WHEN state IN (1, 3) THEN 2018 END, '', '{}', '', '{}', 1
FROM (SELECT i, (ARRAY[0, 0, 1, 1, 1, 2, 3, 4, 4, 5])[1 + (random() * 9.99)::int %% 10] AS state
      FROM generate_series(1, %(households)s) i) one
JOIN place ON place.n = i %% %(villages)s
ORDER BY random();
"""
SURVEYS = """
INSERT INTO households_survey (household_id, village_code, year, recorded_by_id, reason, persons, member_digest,
    wage_income, business_income, property_income, transfer_income, business_expense,
    food, clothing, education, medical, housing, water)
SELECT id, village_code, year, (SELECT id FROM officers_officer WHERE username = 'operator'), '', people,
    gen_random_uuid(), CASE WHEN random() > 0.02 THEN round((random() * 6000 * people)::numeric, 2) END,
    round((random() * 3000 * people)::numeric, 2), round((random() * 300)::numeric, 2),
    round((random() * 1500 * people)::numeric, 2), round((random() * 500)::numeric, 2),
    1, 1, (ARRAY[1, 1, 9])[1 + (random() * 2.99)::int %% 3], CASE WHEN random() > 0.01 THEN 1 END,
    (random() > 0.03)::int, (random() > 0.02)::int
FROM (SELECT h.id, h.village_code, y.year, 1 + (random() * 4.99)::int %% 5 AS people
      FROM households_household h, (VALUES (2018), (2019)) AS y (year)
      WHERE h.village_code LIKE '96%%' AND h.state <> 5) one
ORDER BY random();
"""
ANALYZE = "ANALYZE divisions_division, households_household, households_survey"


def fill(households: int) -> None:
    """Add `households` households, nine tenths of them surveyed for 2018 and 2019."""
    size = {"households": households, "villages": max(households // HOUSEHOLDS_PER_VILLAGE, 1)}
    with connection.cursor() as cursor:
        for statement in (PLACES, HOUSEHOLDS, SURVEYS):
            cursor.execute(statement, size)
        cursor.execute("DROP TABLE place")
        cursor.execute(ANALYZE)
