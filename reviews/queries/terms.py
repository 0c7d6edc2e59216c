"""What two reviews that are held against each other differ in, besides their proposals."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from households.explain import LABELS, amount
from households.models import Standard
from households.rules import GUARANTEES, fen
from reviews.models import Review
from reviews.queries.about import moment
from reviews.queries.comparing import Pair


@dataclass(frozen=True)
class Term:
    """One thing that both reviews rest on, in words."""

    label: Promise | str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def terms_of(pair: Pair) -> list[Term]:
    """Sort of review, year, place, moment of the facts, and what either standard says."""
    old, new = pair.before, pair.after
    terms = [
        Term(_("Sort"), _sort(old), _sort(new)),
        Term(_("Year"), str(old.year), str(new.year)),
        Term(_("Place"), old.root.name, new.root.name),
        Term(_("Facts known at"), moment(old.facts_at), moment(new.facts_at)),
        Term(_("Renewed"), moment(old.refreshed_at), moment(new.refreshed_at)),
        Term(_("Standard"), _standard(old.standard), _standard(new.standard)),
        Term(_("Poverty line"), amount(fen(old.standard.line)), amount(fen(new.standard.line))),
        Term(
            _("Monitoring line"),
            amount(fen(old.standard.monitoring_line)),
            amount(fen(new.standard.monitoring_line)),
        ),
    ]
    terms += [
        Term(LABELS[name], _demand(old.standard, name), _demand(new.standard, name))
        for name in GUARANTEES
    ]
    return [term for term in terms if term.before or term.after]


def _sort(review: Review) -> str:
    return _("dry run") if review.dry_run else _("binding")


def _standard(standard: Standard) -> str:
    if standard.number is None:
        return _("draft of %(year)s") % {"year": standard.year}
    return _("no. %(number)s of %(year)s") % {"number": standard.number, "year": standard.year}


def _demand(standard: Standard, name: str) -> str:
    return _("demanded") if name in standard.guarantees else _("not demanded")
