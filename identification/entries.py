"""What the steps of an identification put on record, beside visit, meeting and place. No Django."""

from workflow.machine import Evidence, Kind, gettext_noop

CHECKED, FILING = "checked", "filing"
YES_NO = (("yes", gettext_noop("yes")), ("no", gettext_noop("no")))
APPLICATION = (
    Evidence("applied_on", gettext_noop("Day of the application"), Kind.DATE),
    Evidence(
        "applicant",
        gettext_noop("Who applied"),
        Kind.CHOICE,
        (
            ("head", gettext_noop("the householder")),
            ("proxy", gettext_noop("somebody for the household")),
        ),
    ),
    Evidence("statement", gettext_noop("What the household says"), optional=True),
    Evidence(
        "kin_of_official",
        gettext_noop("Is somebody of the household kin of a village official?"),
        Kind.CHOICE,
        tuple(reversed(YES_NO)),
    ),
)
SHEET = Evidence(
    "sheet",
    gettext_noop("Survey sheet"),
    hint=gettext_noop("Its number, or where the signed sheet is kept."),
)
READ_OUT = Evidence(
    "read_out",
    gettext_noop("Was the result of the comparison read out?"),
    Kind.CHOICE,
    YES_NO,
)
COMPARED = Evidence(
    "summary",
    gettext_noop("Result of the comparison in one sentence"),
    hint=gettext_noop("It is read out at the villagers' appraisal."),
)
GROUP_MEETING = Evidence(
    "group_meeting",
    gettext_noop("Meeting of the villagers' group before"),
    hint=gettext_noop("Day, attendance and votes, where the group met first."),
    optional=True,
)
SITE_CHECK = (
    Evidence(CHECKED, gettext_noop("Was the household checked on site?"), Kind.CHOICE, YES_NO),
    Evidence("checked_on", gettext_noop("Day of the check"), Kind.DATE, optional=True),
    Evidence("checked_by", gettext_noop("Who checked"), optional=True),
    Evidence("opinion", gettext_noop("Opinion")),
)
FILED = Evidence(
    FILING,
    gettext_noop("Filing note"),
    hint=gettext_noop("Needed for kin of an official: number and day of the filing."),
    optional=True,
)
APPROVAL_NUMBER = Evidence("approval_number", gettext_noop("Number of the approval"), optional=True)
HANDED_OVER = Evidence("handed_on", gettext_noop("Day the handbook was handed over"), Kind.DATE)
REMARKS = Evidence("remarks", gettext_noop("Remarks at the fields"), Kind.REMARKS, optional=True)
