"""Who was sent to a village but cannot sign in there: no account, or no posting in the village."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from officers.models import Officer, Posting
from officers.rules import Role
from teams.models import POST_NAMES, Term
from teams.queries.serving import not_over
from teams.rules.terms import Post
from trail.dates import business_date


@dataclass(frozen=True)
class UnpostedRow:
    """One term whose holder cannot sign in, and what is missing."""

    term: Term
    post: str
    missing: str
    is_late: bool


def unposted(officer: Officer) -> QuerySet[Term]:
    """Terms in the posting that run or are to begin, whose holder has no posting in the village."""
    today = business_date()
    posted = Posting.objects.not_over(today).filter(
        officer=OuterRef("cadre__account"),
        division=OuterRef("village"),
        role=Role.TEAM_MEMBER,
    )
    running = Term.objects.visible_to(officer).filter(not_over(today))
    return running.exclude(Exists(posted)).select_related("cadre__account", "village")


def unposted_rows(officer: Officer) -> list[UnpostedRow]:
    """The list for the account administrator, the earliest first day first."""
    return [
        UnpostedRow(
            one,
            str(POST_NAMES[Post(one.post)]),
            _("posting in the village") if one.cadre.account else _("account"),
            one.starts_on <= business_date(),
        )
        for one in unposted(officer).order_by("starts_on", "pk")
    ]
