"""A province of registered households with people, surveys, plans and measures, by the database."""

from django.db import connection, transaction

from benchmarks.roster_rows import DIVISIONS, HOUSEHOLD, NUMBERED

YEAR = 2019
PERSONS = 4
"""Persons of a household; the shares of measures are those of the national census."""

PERSON = f"""
    INSERT INTO households_member (uuid, household_id, person_number, name, id_sealed,
        id_blind, id_digest, no_id_reason, relation,
        sex, birth_date, ethnicity, education, in_school, health, labour, work_place, work_months,
        medical_insurance, end_reason, version)
    SELECT gen_random_uuid(), h.id, h.number || p, '人',
        CASE WHEN NOT disabled THEN '\\x00'::bytea END,
        CASE WHEN NOT disabled THEN gen_random_uuid() END,
        CASE WHEN NOT disabled THEN gen_random_uuid() END,
        CASE WHEN disabled THEN '1' ELSE '' END, CASE p WHEN 1 THEN '01' ELSE '03' END,
        '1', CASE WHEN p = 4 THEN date '2009-01-01' ELSE date '1970-01-01' END + (h.id % 360)::int,
        '', '', CASE WHEN p = 4 THEN '03' ELSE '01' END,
        CASE WHEN disabled THEN '04' WHEN p = 3 AND h.id % 5 = 0 THEN '02'
            ELSE '01' END,
        CASE WHEN p < 3 THEN '01' WHEN p = 3 THEN '05' ELSE '04' END, '', 6,
        NOT (p = 3 AND h.id % 50 = 0), '', 1
    FROM households_household h, generate_series(1, {PERSONS}) p,
        LATERAL (SELECT p = 1 AND h.id % 20 = 0 AS disabled) one
"""
HOUSEHOLD_FACTS = """
    UPDATE households_household SET state = 0, exit_year = NULL,
        housing_grade = CASE WHEN id % 25 = 0 THEN 'D' ELSE 'B' END,
        attribute = CASE WHEN id % 4 = 0 THEN '04' ELSE '01' END,
        needs = CASE WHEN id % 30 = 0 THEN '{REL}'::varchar[] ELSE '{}'::varchar[] END
"""
SURVEY = f"""
    INSERT INTO households_survey (household_id, village_code, year, recorded_by_id, reason,
        persons, member_digest, food, clothing, education, medical, housing, water)
    SELECT id, village_code, {YEAR}, (SELECT min(id) FROM officers_officer), '', {PERSONS},
        gen_random_uuid(), 1, 1, 1, 1, 1, CASE WHEN id % 40 = 0 THEN 0 ELSE 1 END
    FROM households_household
"""
LIVING = """
    INSERT INTO households_livingconditions (survey_id, forest_mu, arable_mu, housing_structure,
        water_source, fuel, road_type)
    SELECT id, household_id % 3, 5, '', '', '', '' FROM households_survey
"""
PLAN = f"""
    INSERT INTO assistance_plan (uuid, village_id, household_id, year, signing_way, created_by_id,
        version)
    SELECT gen_random_uuid(), village_code, id, {YEAR}, '', (SELECT min(id) FROM officers_officer),
        1
    FROM households_household
"""
SHARES = {
    "IND-OWN": 77, "IND-TECH": 72, "EMP-TRAIN": 63, "EMP-JOB": 81, "LOAN-MICRO": 37, "PUB-POST": 28,
    "ECO-FOREST": 60, "EDU-BOARD": 90, "HOU-D": 3, "SOC-DIBAO": 24,
}  # fmt: skip
"""Of a hundred households so many have a measure of the kind."""

FOR_PERSON = {"IND-TECH": 2, "EMP-TRAIN": 2, "EMP-JOB": 1, "PUB-POST": 3, "EDU-BOARD": 4,
              "SOC-DIBAO": 1}  # fmt: skip
ITEM = f"""
    INSERT INTO assistance_item (uuid, plan_id, village_id, household_id, member_id, measure_id,
        code, category, unit, content, planned, delivered, funding, starts_on, due_on, status,
        origin, reasons, confirmed, group_claim, once_claim, agreed_on, stop_reason, stop_note,
        version)
    SELECT gen_random_uuid(), p.id, p.village_id, p.household_id, m.id, e.id, e.code, e.category,
        e.unit, '', 1000, 0, '', '{YEAR}-01-01', '{YEAR}-12-31', 'agreed', 'added', '{{}}', true,
        '', '', '{YEAR}-01-01', '', '', 1
    FROM assistance_plan p JOIN assistance_measure e ON e.code = %(code)s
    MEMBERS
    WHERE (p.household_id * 7919 + %(salt)s) %% 1000 < %(share)s
"""
ONE = (
    "JOIN households_member m ON m.household_id = p.household_id"
    " AND m.person_number LIKE '%%' || {}"
)
EVERYBODY = "JOIN households_member m ON m.household_id = p.household_id"
NOBODY = "LEFT JOIN households_member m ON false"


def write_province() -> None:
    """Write the province into an empty database and tell the planner of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no guard of a single row
        for statement in (
            DIVISIONS,
            NUMBERED,
            HOUSEHOLD,
            HOUSEHOLD_FACTS,
            PERSON,
            SURVEY,
            LIVING,
            PLAN,
        ):
            cursor.execute(statement)
        for salt, (code, percent) in enumerate(SHARES.items()):
            which = ONE.format(FOR_PERSON[code]) if code in FOR_PERSON else NOBODY
            known = {"code": code, "salt": salt * 131, "share": percent * 10}
            cursor.execute(ITEM.replace("MEMBERS", which), known)
        known = {"code": "HEA-PREMIUM", "salt": 7, "share": 996}
        cursor.execute(ITEM.replace("MEMBERS", EVERYBODY), known)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
