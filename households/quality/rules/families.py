"""Soft rules on the household as a whole: its people together, attribute, causes, guarantees."""

from households.quality.facts import HouseholdFacts, PersonFacts
from households.quality.ruling import Rule, gettext_noop, of_household
from households.rules import MET, NOT_MET, State

HEAD, SPOUSE = "01", "02"
PARENTS, CHILDREN = ("11", "12"), ("03", "04")
FEWEST_YEARS = 14
DANGEROUS, SAFE = ("C", "D"), ("A", "B")
GENERAL, ALLOWANCE, HARDSHIP = "01", "04", "06"
CHECK = gettext_noop("Check it at home; correct it, or explain it.")
CAUSE = gettext_noop("Correct the causes, or the facts of the members.")
WATCH = gettext_noop("Mend it, or open a watch.")


def _relation(facts: HouseholdFacts, relation: str) -> PersonFacts | None:
    return next((one for one in facts.persons if one.relation == relation), None)


def _same_sex(facts: HouseholdFacts) -> bool:
    head, spouse = _relation(facts, HEAD), _relation(facts, SPOUSE)
    return bool(head and spouse and head.sex and head.sex == spouse.sex)


def _ages(facts: HouseholdFacts, relations: tuple[str, ...]) -> list[int]:
    return [p.age for p in facts.persons if p.relation in relations and p.age is not None]


def _young_parent(facts: HouseholdFacts) -> bool:
    head = _relation(facts, HEAD)
    if head is None or head.age is None:
        return False
    return any(age < head.age + FEWEST_YEARS for age in _ages(facts, PARENTS)) or any(
        age > head.age - FEWEST_YEARS for age in _ages(facts, CHILDREN)
    )


def _young_head(facts: HouseholdFacts) -> bool:
    head = _relation(facts, HEAD)
    grown = any(one.is_aged(18, 120) for one in facts.persons)
    return bool(head and head.is_aged(0, 17) and grown)


def _has(facts: HouseholdFacts, cause: str) -> bool:
    return cause in facts.causes


def _nobody(facts: HouseholdFacts, *healths: str) -> bool:
    known = all(one.health for one in facts.persons)
    return known and not any(one.health in healths for one in facts.persons)


def _labourers(facts: HouseholdFacts) -> int:
    return sum(one.full_labour for one in facts.persons)


def _labour_known(facts: HouseholdFacts) -> bool:
    return bool(facts.persons) and all(one.labour for one in facts.persons)


def _no_upper_student(facts: HouseholdFacts) -> bool:
    upper = {f"{number:02d}" for number in range(7, 17)}
    return not any(one.in_school in upper for one in facts.persons)


def _on_allowance(facts: HouseholdFacts) -> bool:
    return any(one.allowance for one in facts.persons)


def _out_of_school(facts: HouseholdFacts) -> bool:
    return any(
        one.is_aged(6, 15)
        and not one.is_student
        and one.out_of_school_reason not in ("", "01", "02")
        for one in facts.persons
    )


def _labour_cause(cause: str, rule: str, sentence: str) -> Rule:
    """A cause that supposes somebody able to work."""
    return of_household(
        rule,
        5,
        "causes.main_cause",
        sentence,
        CAUSE,
        lambda f: _has(f, cause) and _labour_known(f) and not _labourers(f),
    )


RULES: tuple[Rule, ...] = (
    of_household(
        "1_02_001",
        1,
        "living.housing_grade",
        gettext_noop("An exited household lives in a dangerous house, and nobody watches it."),
        WATCH,
        lambda f: f.state == State.EXITED and f.housing_grade in DANGEROUS and not f.watched,
    ),
    of_household(
        "1_02_002",
        1,
        "living.water",
        gettext_noop("An exited household lacks safe water, and nobody watches it."),
        WATCH,
        lambda f: (
            f.state == State.EXITED and f.guarantees.get("water") == NOT_MET and not f.watched
        ),
    ),
    of_household(
        "2_11_003",
        2,
        "members.relation",
        gettext_noop("Head and spouse have the same sex."),
        gettext_noop("Correct the relation or the ID number."),
        _same_sex,
    ),
    of_household(
        "3_02_012",
        3,
        "members.relation",
        gettext_noop("The household has no head."),
        gettext_noop("Report another head."),
        lambda f: bool(f.persons) and _relation(f, HEAD) is None,
    ),
    of_household(
        "4_01_001",
        4,
        "household.phone",
        gettext_noop("No phone number is on record."),
        gettext_noop("Enter the 11 digits of a phone on which the household is reached."),
        lambda f: not f.has_phone,
    ),
    of_household(
        "4_11_006",
        4,
        "causes.main_cause",
        gettext_noop("Safe water is not met, yet lack of water is no cause."),
        CAUSE,
        lambda f: f.guarantees.get("water") == NOT_MET and not _has(f, "06"),
    ),
    of_household(
        "5_15_021",
        5,
        "household.phone",
        gettext_noop("A household of another county has the same phone."),
        CHECK,
        lambda f: f.phone_elsewhere,
    ),
    of_household(
        "own_parent_age",
        4,
        "members.birth_date",
        gettext_noop("A parent is less than 14 years older than the child."),
        gettext_noop("Correct the relation or the ID number."),
        _young_parent,
    ),
    of_household(
        "own_young_head",
        5,
        "members.relation",
        gettext_noop("The head is younger than 18 though adults live in the household."),
        CHECK,
        _young_head,
    ),
    of_household(
        "own_large",
        5,
        "members.name",
        gettext_noop("The household has more than 12 members."),
        gettext_noop("Check whether it is one household or two."),
        lambda f: f.size > 12,
    ),
    of_household(
        "own_hardship_labour",
        3,
        "household.attribute",
        gettext_noop("A household of extreme hardship has somebody able to work."),
        CHECK,
        lambda f: f.attribute == HARDSHIP and _labourers(f) > 0,
    ),
    of_household(
        "own_allowance_nobody",
        3,
        "household.attribute",
        gettext_noop("An allowance household in which nobody enjoys the allowance."),
        gettext_noop("Say which members enjoy it, or correct the attribute."),
        lambda f: f.attribute == ALLOWANCE and not _on_allowance(f),
    ),
    of_household(
        "own_general_allowance",
        3,
        "household.attribute",
        gettext_noop("A general poor household in which somebody enjoys the allowance."),
        gettext_noop("Correct the attribute or the member."),
        lambda f: f.attribute == GENERAL and _on_allowance(f),
    ),
    of_household(
        "own_cause_illness",
        5,
        "causes.main_cause",
        gettext_noop("Illness is a cause, yet nobody is ill."),
        CAUSE,
        lambda f: _has(f, "01") and _nobody(f, "02", "03"),
    ),
    of_household(
        "2_11_001",
        2,
        "causes.main_cause",
        gettext_noop("Disability is a cause, yet nobody has a certificate."),
        CAUSE,
        lambda f: _has(f, "02") and not any(one.cert_type for one in f.persons),
    ),
    of_household(
        "own_cause_schooling",
        5,
        "causes.main_cause",
        gettext_noop("Schooling is a cause, yet nobody goes to senior school or college."),
        CAUSE,
        lambda f: _has(f, "03") and _no_upper_student(f),
    ),
    _labour_cause(
        "07",
        "own_cause_skill",
        gettext_noop("Lack of skill is a cause, yet nobody is able to work."),
    ),
    of_household(
        "2_11_004",
        2,
        "causes.main_cause",
        gettext_noop("Lack of labour is a cause, yet more than a quarter are able to work."),
        CAUSE,
        lambda f: _has(f, "08") and _labour_known(f) and 4 * _labourers(f) > f.size,
    ),
    _labour_cause(
        "09",
        "own_cause_capital",
        gettext_noop("Lack of capital is a cause, yet nobody is able to work."),
    ),
    _labour_cause(
        "11",
        "own_cause_drive",
        gettext_noop("Lack of own drive is a cause, yet nobody is able to work."),
    ),
    of_household(
        "own_cause_missing",
        3,
        "causes.main_cause",
        gettext_noop("A household on the register has no main cause."),
        gettext_noop("Enter the main cause of poverty."),
        lambda f: f.state in (State.POOR, State.PLANNED_EXIT, State.RELAPSED) and not f.main_cause,
    ),
    of_household(
        "own_medical",
        3,
        "living.medical",
        gettext_noop("Basic medical care is met, yet a member lacks medical insurance."),
        CHECK,
        lambda f: (
            f.guarantees.get("medical") == MET
            and any(one.medical_insurance is False for one in f.persons)
        ),
    ),
    of_household(
        "own_education",
        3,
        "living.education",
        gettext_noop("Compulsory education is met, yet a child of 6 to 15 is out of school."),
        CHECK,
        lambda f: f.guarantees.get("education") == MET and _out_of_school(f),
    ),
    of_household(
        "own_housing",
        3,
        "living.housing",
        gettext_noop("The housing guarantee contradicts the grade of the house."),
        CHECK,
        lambda f: (
            (f.guarantees.get("housing") == MET and f.housing_grade in DANGEROUS)
            or (f.guarantees.get("housing") == NOT_MET and f.housing_grade in SAFE)
        ),
    ),
)
