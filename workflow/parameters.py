"""Which policy parameters there are, with their limits. No Django here.

The values, with their sources, are rows: the nation's come by migration, others by
`set_parameter`.
"""

from workflow.machine import gettext_noop
from workflow.parameter_kinds import (
    Account,
    Choice,
    Deadline,
    Known,
    Parameter,
    Setting,
    Share,
    Window,
)
from workflow.parameter_words import (
    ADDED_VILLAGES,
    LOADED_WORDS,
    NOBODY_WORKS_WORDS,
    OWNERS,
    PARTY_WORDS,
    WITHHELD_WORDS,
)

IDENTIFICATION_VILLAGE_DAYS = "notice.identification.village_days"
IDENTIFICATION_TOWNSHIP_DAYS = "notice.identification.township_days"
IDENTIFICATION_ANNOUNCEMENT_DAYS = "notice.identification.announcement_days"
EXIT_VILLAGE_DAYS = "notice.exit.village_days"
WATCH_VILLAGE_DAYS = "notice.watch.village_days"
REMOVAL_VILLAGE_DAYS = "notice.removal.village_days"
VILLAGE_EXIT_DAYS = "notice.village_exit.township_days"
COUNTY_EXIT_DAYS = "notice.county_exit.public_days"
QUORUM = "appraisal.quorum"
VISITORS = "visit.visitors"
WATCH_MONTHS = "watch.months_before_elimination"
FIELD_WORK = "calendar.field_work"
ENTRY = "calendar.entry"
CLEANING = "calendar.cleaning"
COUNTY_AUDIT = "calendar.county_audit"
FREEZE = "calendar.freeze"

VISIT_DAYS = "identification.visit_days"
COMPARISON_DAYS = "identification.comparison_days"
APPRAISAL_DAYS = "identification.appraisal_days"
TOWNSHIP_DAYS = "identification.township_days"
COUNTY_DAYS = "identification.county_days"
CORRECTION_DAYS = "identification.correction_days"
APPEAL_DAYS = "identification.appeal_days"
HELPER_DAYS = "identification.helper_days"
PLAN_DAYS = "identification.plan_days"
TOWNSHIP_CHECK_SHARE = "identification.township_check_share"
COUNTY_CHECK_SHARE = "identification.county_check_share"
INCOME_JUMP_PERCENT = "income.jump_percent"

TEAM_FEWEST = "teams.fewest_people"
TEAM_TERM_YEARS = "teams.term_years"
TEAM_ADDED_VILLAGES = "teams.added_villages"
TEAM_WORKING_YEARS = "teams.working_years"
TEAM_OLDEST_AGE = "teams.oldest_age"
TEAM_PARTY = "teams.party"
TEAM_ENDING_DAYS = "teams.ending_days"
TEAM_GAP_DAYS = "teams.gap_days"
PRESENCE_YEAR_DAYS = "presence.year_days"
PRESENCE_MONTH_DAYS = "presence.month_days"
PRESENCE_TOWNSHIP_LEAVE_DAYS = "presence.township_leave_days"
PAIRING_MOST_HOUSEHOLDS = "pairing.most_households"
PAIRING_SUPPORT_YEARS = "pairing.support_years"
VISIT_SOON_DAYS = "visit.soon_days"
VISIT_LATE_DAYS = "visit.late_days"
TRAINING_YEAR_DAYS = "training.year_days"
ASSESSMENT_EXCELLENT_PERCENT = "assessment.excellent_percent"
ASSESSMENT_EXCELLENT_POINTS = "assessment.excellent_points"
ASSESSMENT_COMPETENT_POINTS = "assessment.competent_points"
ASSESSMENT_BASIC_POINTS = "assessment.basic_points"
ASSESSMENT_SATISFIED_PERCENT = "assessment.satisfied_percent"
ASSESSMENT_NOT_EXCELLENT_ABSENCES = "assessment.not_excellent_absences"
ASSESSMENT_BASIC_ABSENCES = "assessment.basic_absences"
ASSESSMENT_INCOMPETENT_ABSENCES = "assessment.incompetent_absences"
ASSESSMENT_REPLACEMENT_DAYS = "assessment.replacement_days"
ASSESSMENT_WEIGHTS = {
    "village": gettext_noop("Weight of the village's points in the assessment"),
    "township": gettext_noop("Weight of the township's points in the assessment"),
    "county": gettext_noop("Weight of the county's points in the assessment"),
    "unit": gettext_noop("Weight of the sponsoring unit's points in the assessment"),
}
EXIT_INCIDENCE_LIMIT = "exits.incidence_limit_bp"
EXIT_WRONG_LIMIT = "exits.wrong_limit_bp"
EXIT_MISSED_LIMIT = "exits.missed_limit_bp"
EXIT_ACCEPTANCE_LEAST = "exits.acceptance_least_bp"
EXIT_TRACKING_VISIT_DAYS = "exits.tracking_visit_days"
EXIT_HUGGING_PERCENT = "exits.hugging_percent"
EXIT_TRANSFER_PERCENT = "exits.transfer_percent"
EXIT_FAST_SECONDS = "exits.fast_seconds"
EXIT_NOBODY_WORKS = "exits.nobody_works"
EXIT_FLAGGED_APPROVERS = "exits.flagged_approvers"
EXIT_PLAN_DAYS = "exits.plan_days"
EXIT_APPRAISAL_DAYS = "exits.appraisal_days"
EXIT_STEP_DAYS = "exits.step_days"
EXIT_CHECK_DAYS = "exits.check_days"
EXIT_DECISION_DAYS = "exits.decision_days"
COUNTY_EXIT_STEP_DAYS = "exits.county_step_days"
PLAN_COUNTY_AMOUNT = "assistance.county_amount"
PLAN_VILLAGE_COUNTY_AMOUNT = "assistance.village_county_amount"
DELIVERY_SOON_DAYS = "assistance.delivery_soon_days"
LOAN_SOON_DAYS = "assistance.loan_soon_days"
HOUSE_MOST_M2 = "assistance.house_most_m2"
HOUSE_MOST_DEBT = "assistance.house_most_debt"
CONTRACT_MOST_YEARS = "assistance.post_most_years"
DECIDING_SYSTEM = "exchange.deciding_system"
WITHHELD = "exchange.differences"
LOADED_STATES = "exchange.loaded_states"
OWNED_GROUPS = {
    "household": gettext_noop("Owner of address, attribute and bank of a household"),
    "causes": gettext_noop("Owner of causes of poverty and help wanted"),
    "members": gettext_noop("Owner of members and what is known of them"),
    "identity": gettext_noop("Owner of ID numbers, phones and bank accounts"),
    "incomes": gettext_noop("Owner of the incomes of a year"),
    "living": gettext_noop("Owner of guarantees, living conditions and the grade of the house"),
}

RED_LINES = {
    "house": gettext_noop("Red line: commercial house or shop, or luxury renovation"),
    "vehicle": gettext_noop("Red line: private car or construction machinery"),
    "cadre": gettext_noop("Red line: current village cadre in the household"),
    "payroll": gettext_noop("Red line: member paid by public finance or a state company"),
    "business": gettext_noop("Red line: member runs a company, a shop or a cooperative"),
    "absent": gettext_noop("Red line: the whole household has been away for long"),
    "spending": gettext_noop("Red line: study abroad at own cost, commercial pension policy"),
    "conduct": gettext_noop("Red line: gambling, drugs or crime without change"),
    "complaint": gettext_noop("Red line: a complaint that cannot be explained"),
    "residence": gettext_noop("Red line: not a rural resident of the village"),
}
RED_LINE_WORDS = (
    ("reject", gettext_noop("rejects the case")),
    ("explain", gettext_noop("rejects the case unless it is explained")),
    ("off", gettext_noop("is not asked")),
)
COEFFICIENTS = {
    "wheat": gettext_noop("Share of wheat sales that is income, percent"),
    "maize": gettext_noop("Share of maize sales that is income, percent"),
    "rice": gettext_noop("Share of rice sales that is income, percent"),
    "potato": gettext_noop("Share of potato sales that is income, percent"),
    "vegetables": gettext_noop("Share of vegetable sales that is income, percent"),
    "fruit": gettext_noop("Share of fruit sales that is income, percent"),
    "pigs": gettext_noop("Share of pig sales that is income, percent"),
    "sheep": gettext_noop("Share of sheep and goat sales that is income, percent"),
    "cattle": gettext_noop("Share of cattle sales that is income, percent"),
    "poultry": gettext_noop("Share of poultry and egg sales that is income, percent"),
}


def red_line_key(rule: str) -> str:
    """The parameter that says what a red line does."""
    return f"redline.{rule}"


def owner_key(group: str) -> str:
    """The parameter that says who owns a group of fields where another system pushes them."""
    return f"exchange.owner.{group}"


def weight_key(assessor: str) -> str:
    """The parameter that holds the weight of an assessor's points."""
    return f"assessment.weight.{assessor}"


def coefficient_key(item: str) -> str:
    """The parameter that holds the coefficient of an income item, in percent."""
    return f"income.coefficient.{item}"


def notice_days(label: str, least: int) -> Parameter:
    """The days of a notice, from the fewest that any rule knows; a nearer division asks for more.

    Source: domain reference §5.2, §7.1, §8.3; invariant 13.
    """
    return Parameter(label, least, 90, Setting.STRICTER)


PARAMETERS: dict[str, Known] = {
    IDENTIFICATION_VILLAGE_DAYS: notice_days(
        gettext_noop("Days of the village notice of an identification"), 7
    ),
    IDENTIFICATION_TOWNSHIP_DAYS: notice_days(
        gettext_noop("Days of the township notice of an identification"), 7
    ),
    IDENTIFICATION_ANNOUNCEMENT_DAYS: notice_days(
        gettext_noop("Days of the announcement of an identification"), 7
    ),
    EXIT_VILLAGE_DAYS: notice_days(gettext_noop("Days of the village notice of an exit"), 7),
    WATCH_VILLAGE_DAYS: notice_days(gettext_noop("Days of the village notice of a watch"), 5),
    QUORUM: Share(
        gettext_noop("Share of the villagers' representatives who must be present"),
        setting=Setting.STRICTER,
    ),
    VISITORS: Parameter(
        gettext_noop("People who visit a household together"), 1, 10, Setting.STRICTER
    ),
    WATCH_MONTHS: Parameter(
        gettext_noop("Months under watch before the risk can be declared gone"),
        1,
        60,
        Setting.STRICTER,
    ),
    FIELD_WORK: Window(gettext_noop("Days of the field work of the annual survey")),
    ENTRY: Window(gettext_noop("Days in which the surveys are entered")),
    CLEANING: Window(gettext_noop("Days in which gaps and errors are cleared")),
    COUNTY_AUDIT: Window(gettext_noop("Days of the county's audit and review")),
    FREEZE: Deadline(gettext_noop("Last day to freeze the data of the year")),
    VISIT_DAYS: Parameter(gettext_noop("Days for the visit after an application"), 1, 90),
    COMPARISON_DAYS: Parameter(gettext_noop("Days for the comparison with departments"), 1, 90),
    APPRAISAL_DAYS: Parameter(gettext_noop("Days for the villagers' appraisal"), 1, 90),
    TOWNSHIP_DAYS: Parameter(gettext_noop("Days for the township's review"), 1, 90),
    COUNTY_DAYS: Parameter(gettext_noop("Days for the county's re-check and decision"), 1, 90),
    CORRECTION_DAYS: Parameter(gettext_noop("Days for mending a returned case"), 1, 90),
    APPEAL_DAYS: Parameter(gettext_noop("Days in which a rejection can be appealed"), 1, 90),
    HELPER_DAYS: Parameter(gettext_noop("Days until a registered household has a helper"), 1, 180),
    PLAN_DAYS: Parameter(gettext_noop("Days until a registered household has a plan"), 1, 180),
    TOWNSHIP_CHECK_SHARE: Share(gettext_noop("Share of cases that the township checks on site")),
    COUNTY_CHECK_SHARE: Share(gettext_noop("Share of cases that the county checks on site")),
    INCOME_JUMP_PERCENT: Parameter(
        gettext_noop("Change of an income against last year that must be explained, percent"),
        10,
        500,
        Setting.BY_TWO,
    ),
    **{red_line_key(rule): Choice(label, RED_LINE_WORDS) for rule, label in RED_LINES.items()},
    **{coefficient_key(item): Parameter(label, 1, 100) for item, label in COEFFICIENTS.items()},
    TEAM_FEWEST: Parameter(gettext_noop("Fewest people of a village work team"), 1, 20),
    TEAM_TERM_YEARS: Parameter(gettext_noop("Years of a term in a village"), 1, 5),
    TEAM_ADDED_VILLAGES: Choice(gettext_noop("Villages that need a team"), ADDED_VILLAGES),
    TEAM_WORKING_YEARS: Parameter(gettext_noop("Years of work before a dispatch"), 0, 20),
    TEAM_OLDEST_AGE: Parameter(gettext_noop("Age that ends the service in a village"), 40, 80),
    TEAM_PARTY: Choice(gettext_noop("Who must be a full member of the Party"), PARTY_WORDS),
    TEAM_ENDING_DAYS: Parameter(
        gettext_noop("Days before the end of a term in which a successor is sought"), 1, 365
    ),
    TEAM_GAP_DAYS: Parameter(gettext_noop("Days that a village may be without"), 0, 365),
    PRESENCE_YEAR_DAYS: Parameter(gettext_noop("Days in the village that a year wants"), 1, 366),
    PRESENCE_MONTH_DAYS: Parameter(gettext_noop("Days in the village that a month wants"), 1, 31),
    PRESENCE_TOWNSHIP_LEAVE_DAYS: Parameter(
        gettext_noop("Longest leave that the township approves, days"), 0, 60
    ),
    PAIRING_MOST_HOUSEHOLDS: Parameter(gettext_noop("Most households of a helper"), 1, 50),
    PAIRING_SUPPORT_YEARS: Parameter(
        gettext_noop("Years after its exit in which a household is tracked and has its helper"),
        0,
        20,
        Setting.STRICTER,
    ),
    VISIT_SOON_DAYS: Parameter(gettext_noop("Days after which a visit is due"), 1, 365),
    VISIT_LATE_DAYS: Parameter(gettext_noop("Days after which a visit is overdue"), 1, 730),
    TRAINING_YEAR_DAYS: Parameter(gettext_noop("Days of training that a year wants"), 0, 60),
    ASSESSMENT_EXCELLENT_PERCENT: Parameter(
        gettext_noop("Most of the assessed who may be excellent, percent"), 0, 100
    ),
    ASSESSMENT_EXCELLENT_POINTS: Parameter(gettext_noop("Least points for “excellent”"), 0, 100),
    ASSESSMENT_COMPETENT_POINTS: Parameter(gettext_noop("Least points for “competent”"), 0, 100),
    ASSESSMENT_BASIC_POINTS: Parameter(
        gettext_noop("Least points for “basically competent”"), 0, 100
    ),
    ASSESSMENT_SATISFIED_PERCENT: Parameter(
        gettext_noop("Satisfied villagers that “excellent” wants, percent"), 0, 100
    ),
    ASSESSMENT_NOT_EXCELLENT_ABSENCES: Parameter(
        gettext_noop("Absences without leave that shut out “excellent”"), 1, 30
    ),
    ASSESSMENT_BASIC_ABSENCES: Parameter(
        gettext_noop("Absences without leave that allow at most “basically competent”"), 1, 30
    ),
    ASSESSMENT_INCOMPETENT_ABSENCES: Parameter(
        gettext_noop("Absences without leave that mean “incompetent”"), 1, 30
    ),
    ASSESSMENT_REPLACEMENT_DAYS: Parameter(
        gettext_noop("Days until somebody incompetent is replaced"), 1, 180
    ),
    **{
        weight_key(assessor): Parameter(label, 0, 100)
        for assessor, label in ASSESSMENT_WEIGHTS.items()
    },
    REMOVAL_VILLAGE_DAYS: notice_days(gettext_noop("Days of the village notice of a removal"), 7),
    VILLAGE_EXIT_DAYS: notice_days(
        gettext_noop("Days of the township notice of the exit of a village"), 7
    ),
    COUNTY_EXIT_DAYS: notice_days(
        gettext_noop("Days of the public notice of the exit of a county"), 7
    ),
    EXIT_INCIDENCE_LIMIT: Parameter(
        gettext_noop("Incidence below which a village or county may exit, 1/10,000"),
        1,
        300,
        Setting.BY_TWO,
    ),
    EXIT_WRONG_LIMIT: Parameter(
        gettext_noop("Share of wrong exits below which a county may exit, 1/10,000"),
        1,
        200,
        Setting.BY_TWO,
    ),
    EXIT_MISSED_LIMIT: Parameter(
        gettext_noop("Share of missed people below which a county may exit, 1/10,000"),
        1,
        200,
        Setting.BY_TWO,
    ),
    EXIT_ACCEPTANCE_LEAST: Parameter(
        gettext_noop("Share of approving households that a county exit wants, 1/10,000"),
        9_000,
        10_000,
        Setting.BY_TWO,
    ),
    EXIT_TRACKING_VISIT_DAYS: Parameter(
        gettext_noop("Days between two visits to a tracked household"), 1, 730
    ),
    EXIT_HUGGING_PERCENT: Parameter(
        gettext_noop("Income so close above the line that an exit is looked at twice, percent"),
        1,
        50,
        Setting.BY_TWO,
    ),
    EXIT_TRANSFER_PERCENT: Parameter(
        gettext_noop("Share of transfers in the income at which an exit is looked at, percent"),
        1,
        100,
        Setting.BY_TWO,
    ),
    EXIT_FAST_SECONDS: Parameter(
        gettext_noop("Seconds for a decision below which an approver is looked at"),
        1,
        600,
        Setting.BY_TWO,
    ),
    EXIT_NOBODY_WORKS: Choice(
        gettext_noop(
            "Households in which somebody is severely ill or disabled and nobody is able to work"
        ),
        NOBODY_WORKS_WORDS,
        Setting.BY_TWO,
    ),
    EXIT_FLAGGED_APPROVERS: Parameter(
        gettext_noop("Approvers of a flagged exit"), 1, 2, Setting.BY_TWO
    ),
    EXIT_PLAN_DAYS: Parameter(gettext_noop("Days for the county to plan a proposed exit"), 1, 180),
    EXIT_APPRAISAL_DAYS: Parameter(
        gettext_noop("Days from the plan of an exit to the villagers' appraisal"), 1, 366
    ),
    EXIT_STEP_DAYS: Parameter(
        gettext_noop("Days for each step of village, visitors and clerk in an exit"), 1, 90
    ),
    EXIT_CHECK_DAYS: Parameter(
        gettext_noop("Days for the check after the notice of an exit, the notice included"), 8, 180
    ),
    EXIT_DECISION_DAYS: Parameter(gettext_noop("Days for the county's decision on an exit"), 1, 90),
    COUNTY_EXIT_STEP_DAYS: Parameter(
        gettext_noop("Days for each step in the exit of a county"), 8, 366
    ),
    PLAN_COUNTY_AMOUNT: Parameter(
        gettext_noop("Plan of a household that the county approves, from yuan"), 0, 10_000_000
    ),
    PLAN_VILLAGE_COUNTY_AMOUNT: Parameter(
        gettext_noop("Plan of a village that the county approves, from yuan"), 0, 100_000_000
    ),
    DELIVERY_SOON_DAYS: Parameter(
        gettext_noop("Days before the due day in which a delivery is announced"), 1, 180
    ),
    LOAN_SOON_DAYS: Parameter(
        gettext_noop("Days before the due day in which the end of a loan is announced"), 1, 365
    ),
    HOUSE_MOST_M2: Parameter(
        gettext_noop("Largest area of a relocated household's house, m² a person"), 1, 100
    ),
    HOUSE_MOST_DEBT: Parameter(
        gettext_noop("Largest own debt of a relocated household, yuan"), 0, 1_000_000
    ),
    CONTRACT_MOST_YEARS: Parameter(
        gettext_noop("Most years in public-benefit posts, one after another"), 1, 20
    ),
    DECIDING_SYSTEM: Account(
        gettext_noop("System that decides on households, by its user name; empty: decided here")
    ),
    **{owner_key(group): Choice(label, OWNERS) for group, label in OWNED_GROUPS.items()},
    WITHHELD: Choice(
        gettext_noop("What another system sends of fields that this register owns"), WITHHELD_WORDS
    ),
    LOADED_STATES: Choice(
        gettext_noop(
            "Status and exit year of new households in a file that another system uploads"
        ),
        LOADED_WORDS,
    ),
}

BY_TWO = frozenset(key for key, known in PARAMETERS.items() if known.setting == Setting.BY_TWO)
"""The keys of what the province sets by two officers."""
