"""Which terms stand in the way of a new one, and how that is said."""

from datetime import date

from divisions.scope import contains
from teams.models import Term
from teams.rules.terms import Post
from workflow.machine import Fault, gettext_noop

SERVES_ELSEWHERE, POST_TAKEN = "serves_elsewhere", "post_taken"
CLASH_CODES = {
    "one_village_at_a_time": SERVES_ELSEWHERE,
    "one_first_secretary_at_a_time": POST_TAKEN,
}
"""What the database calls a clash, and what a refusal calls it."""


def clash_of(
    cadre: int, village: str, post: str, first: date, last: date | None = None
) -> tuple[str, Term] | None:
    """The code and the term that keeps somebody from these days in a village; None if free.

    His own term comes before that of the first secretary of the village.
    """
    until = last or date.max
    terms = Term.everywhere.meeting(first, until).select_related("cadre", "village")
    if own := terms.filter(cadre=cadre).first():
        return SERVES_ELSEWHERE, own
    if post != Post.FIRST_SECRETARY:
        return None
    holder = terms.filter(village=village, post=Post.FIRST_SECRETARY).first()
    return (POST_TAKEN, holder) if holder else None


def clash_fault(code: str, term: Term, *, within: str) -> Fault:
    """The clash in words; a village outside the division `within` stays unnamed."""
    values = {
        "name": term.cadre.name,
        "village": term.village.name,
        "first": term.starts_on,
        "last": term.last_day,
    }
    if code == POST_TAKEN:
        text = (
            gettext_noop(
                "%(village)s has a first secretary from %(first)s to %(last)s: %(name)s. Choose"
                " a first day after that."
            )
            if term.last_day
            else gettext_noop(
                "%(village)s has a first secretary since %(first)s: %(name)s. Record the last day"
                " of that term first."
            )
        )
    elif contains(within, term.village_id):
        text = (
            gettext_noop(
                "%(name)s serves in %(village)s from %(first)s to %(last)s. Choose a first day"
                " after that."
            )
            if term.last_day
            else gettext_noop(
                "%(name)s serves in %(village)s since %(first)s. Record the last day of that term"
                " first."
            )
        )
    else:
        text = (
            gettext_noop("%(name)s serves elsewhere until %(last)s. Choose a later first day.")
            if term.last_day
            else gettext_noop("%(name)s serves elsewhere, and no last day is known yet.")
        )
    return Fault(text, values, "starts_on" if term.last_day else "")
