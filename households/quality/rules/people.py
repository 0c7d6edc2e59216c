"""Soft rules on single members. Ids of the catalogue of domain reference §14.3; own ones: own_…"""

from households.quality.facts import HouseholdFacts, PersonFacts
from households.quality.ruling import Rule, gettext_noop, of_person
from households.rules import State

MALE_RELATIONS = frozenset({"03", "06", "07", "09", "11", "13", "15", "17", "19"})
FEMALE_RELATIONS = frozenset({"04", "05", "08", "10", "12", "14", "16", "18", "20"})
WEAK = ("03", "04", "05")
ILL, DISABLED, HEALTHY = ("02", "03"), "04", "01"
HARDSHIP = "06"
EXITED = (State.EXITED,)
PRESCHOOL, PRESCHOOL_CHILD = "02", "06"
UPPER = tuple(f"{number:02d}" for number in range(7, 16))
LIMB, SEVERE = "4", ("1", "2")
ASK = gettext_noop("Ask the household and enter it.")
CHECK = gettext_noop("Check it at home; correct it, or explain it.")


def _schoolchild_out(person: PersonFacts) -> bool:
    at_home = person.out_of_school_reason in ("01", "02")
    return person.is_aged(6, 15) and not person.is_student and not at_home


def _ill_uninsured(person: PersonFacts, facts: HouseholdFacts) -> bool:
    return (
        facts.state in EXITED
        and not facts.watched
        and person.health in ILL
        and person.critical_illness_insurance is False
    )


def _unschooled(person: PersonFacts) -> bool:
    return not (person.education or person.in_school or person.out_of_school_reason)


RULES: tuple[Rule, ...] = (
    of_person(
        "1_02_003",
        1,
        "critical_illness_insurance",
        gettext_noop("An ill member lacks critical illness insurance, and nobody watches it."),
        gettext_noop("Insure the member, or open a watch."),
        _ill_uninsured,
    ),
    of_person(
        "1_02_004",
        1,
        "in_school",
        gettext_noop("A child of 6 to 15 of an exited household is out of school and unwatched."),
        gettext_noop("Bring the child back to school, or open a watch."),
        lambda p, f: f.state in EXITED and not f.watched and _schoolchild_out(p),
    ),
    of_person(
        "2_01_001",
        2,
        "ethnicity",
        gettext_noop("The ethnicity is empty."),
        ASK,
        lambda p, f: not p.ethnicity,
    ),
    of_person(
        "2_01_002",
        2,
        "health",
        gettext_noop("The health is empty."),
        ASK,
        lambda p, f: not p.health,
    ),
    of_person(
        "2_01_004",
        2,
        "relation",
        gettext_noop("The relation does not fit the sex."),
        gettext_noop("Correct the relation or the ID number."),
        lambda p, f: (
            (p.sex == "2" and p.relation in MALE_RELATIONS)
            or (p.sex == "1" and p.relation in FEMALE_RELATIONS)
        ),
    ),
    of_person(
        "2_01_006",
        2,
        "critical_illness_insurance",
        gettext_noop("Critical illness insurance is empty."),
        ASK,
        lambda p, f: p.critical_illness_insurance is None,
    ),
    of_person(
        "2_01_007",
        2,
        "pension_insurance",
        gettext_noop("Pension insurance of a grown member is empty."),
        ASK,
        lambda p, f: p.is_aged(16, 120) and not p.is_student and p.pension_insurance is None,
    ),
    of_person(
        "2_01_008",
        2,
        "medical_insurance",
        gettext_noop("Basic medical insurance is empty or no."),
        gettext_noop("Insure the member, or enter the insurance that he has."),
        lambda p, f: not p.medical_insurance,
    ),
    of_person(
        "2_01_010",
        2,
        "labour",
        gettext_noop("Healthy, 16 to 59, no student, yet not able to work."),
        CHECK,
        lambda p, f: (
            p.is_aged(16, 59)
            and p.health == HEALTHY
            and not p.is_student
            and p.labour in ("03", "04")
        ),
    ),
    of_person(
        "2_01_011",
        2,
        "labour",
        gettext_noop("Younger than 16, yet recorded with labour capacity."),
        gettext_noop("Choose “no labour capacity”."),
        lambda p, f: p.is_aged(0, 15) and p.labour not in ("", "04"),
    ),
    of_person(
        "2_01_012",
        2,
        "out_of_school_reason",
        gettext_noop("Out of school for illness or disability, yet healthy."),
        CHECK,
        lambda p, f: p.out_of_school_reason in ("03", "04") and p.health == HEALTHY,
    ),
    of_person(
        "2_01_015",
        2,
        "work_months",
        gettext_noop("Worked, yet weak, lost or no labour capacity."),
        CHECK,
        lambda p, f: p.works and p.labour in WEAK,
    ),
    of_person(
        "2_12_001",
        2,
        "labour",
        gettext_noop("The labour capacity is empty."),
        ASK,
        lambda p, f: not p.labour,
    ),
    of_person(
        "2_12_005",
        2,
        "labour",
        gettext_noop("60 or older, yet ordinary or skilled labour."),
        CHECK,
        lambda p, f: p.is_aged(60, 120) and p.full_labour,
    ),
    of_person(
        "3_01_002",
        3,
        "education",
        gettext_noop("Education, school and reason for not being in school are all empty."),
        ASK,
        lambda p, f: p.is_aged(3, 120) and _unschooled(p),
    ),
    of_person(
        "3_12_004",
        3,
        "in_school",
        gettext_noop("Education and school are both filled in."),
        gettext_noop("A student has a grade, everybody else an education: clear one of them."),
        lambda p, f: bool(p.education) and p.is_student,
    ),
    of_person(
        "4_01_002",
        4,
        "health",
        gettext_noop("Disabled, yet without a disability certificate."),
        gettext_noop("Enter the certificate's number in place of the ID number."),
        lambda p, f: p.health == DISABLED and not p.cert_type,
    ),
    of_person(
        "4_01_003",
        4,
        "id_number",
        gettext_noop("Older than one year and without an ID number."),
        gettext_noop("Have the ID number issued, and enter it."),
        lambda p, f: not p.has_id and p.is_aged(1, 120),
    ),
    of_person(
        "4_01_006",
        4,
        "work_months",
        gettext_noop("In compulsory schooling, yet recorded as working."),
        CHECK,
        lambda p, f: p.is_aged(6, 15) and p.is_student and p.works,
    ),
    of_person(
        "4_01_008",
        4,
        "labour",
        gettext_noop("A severe limb disability, yet ordinary or skilled labour."),
        CHECK,
        lambda p, f: p.cert_type == LIMB and p.cert_grade in SEVERE and p.full_labour,
    ),
    of_person(
        "4_12_001",
        4,
        "work_place",
        gettext_noop("Worked, yet the place of work is empty."),
        ASK,
        lambda p, f: p.works and not p.work_place,
    ),
    of_person(
        "5_01_005",
        5,
        "work_months",
        gettext_noop("A place of work without months worked."),
        ASK,
        lambda p, f: bool(p.work_place) and not p.works,
    ),
    of_person(
        "5_12_003",
        5,
        "work_months",
        gettext_noop("In a household of extreme hardship, yet working."),
        CHECK,
        lambda p, f: f.attribute == HARDSHIP and p.works,
    ),
    of_person(
        "5_12_013",
        5,
        "in_school",
        gettext_noop("7 or older and healthy, yet still pre-school."),
        CHECK,
        lambda p, f: (
            p.is_aged(7, 120)
            and p.health == HEALTHY
            and (p.in_school == PRESCHOOL or p.education == PRESCHOOL_CHILD)
        ),
    ),
    of_person(
        "5_12_016",
        5,
        "in_school",
        gettext_noop("In senior or vocational school, yet younger than 15 or older than 20."),
        CHECK,
        lambda p, f: p.in_school in UPPER and p.age is not None and not p.is_aged(15, 20),
    ),
    of_person(
        "5_15_017",
        5,
        "in_school",
        gettext_noop("A child of 6 to 15 is not in school."),
        gettext_noop("Enter the grade, or the reason for not being in school."),
        lambda p, f: _schoolchild_out(p),
    ),
    of_person(
        "5_15_019",
        5,
        "health",
        gettext_noop("In a household of extreme hardship, yet 18 to 59, healthy and no student."),
        CHECK,
        lambda p, f: (
            f.attribute == HARDSHIP
            and p.is_aged(18, 59)
            and p.health == HEALTHY
            and not p.is_student
        ),
    ),
    of_person(
        "own_age",
        4,
        "birth_date",
        gettext_noop("Older than 105 years."),
        gettext_noop("Check the date of birth, and whether the member still lives."),
        lambda p, f: p.is_aged(106, 999),
    ),
)
