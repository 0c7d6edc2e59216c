"""What officers say when they refuse a proposal or send it back: the lists of reasons.

A reason is stored as its code, or as "code: what the officer wrote".
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reviews.models import Answer

TEXT_LENGTH = 160
SEPARATOR = ": "
REFUSAL_REASONS: dict[str, Promise] = {
    "facts_differ": _("the situation on site differs from the survey"),
    "judged_otherwise": _("the village appraisal came to another result"),
    "unstable": _("the income is not stable yet, wait for another year"),
    "other_procedure": _("another procedure is under way or fits better"),
    "household_gone": _("the household moved away, merged or died out"),
    "other": _("other reason"),
}
MISSING_FACTS: dict[str, Promise] = {
    "no_survey": _("the survey of the year"),
    "income": _("incomes and expenses"),
    "members": _("the members of the household"),
    "education": _("proof of compulsory education"),
    "medical": _("proof of medical insurance"),
    "housing": _("the assessment of the house"),
    "water": _("the assessment of the drinking water"),
    "implausible": _("figures that cannot be right must be checked on site"),
    "other": _("other facts"),
}
REASONS = {Answer.REFUSED: REFUSAL_REASONS, Answer.SENT_BACK: MISSING_FACTS}


def written(code: str, text: str) -> str:
    """The reason as it is stored."""
    return f"{code}{SEPARATOR}{text.strip()}" if text.strip() else code


def in_words(reasons: dict[str, Promise], stored: str) -> tuple[str, str]:
    """A stored reason in the words of its list, and what the officer wrote behind it.

    A code that the list has lost stands for itself.
    """
    code, _separator, text = stored.partition(SEPARATOR)
    return str(reasons.get(code, code)), text
