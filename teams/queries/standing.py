"""Whether an officer serves here today: what the daily sign-in and a request for leave rest on."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from divisions.scope import reaches
from officers.models import Officer
from teams.models import Cadre, Presence, Term


@dataclass(frozen=True)
class Standing:
    """Whom the account belongs to and the term that runs; without a term, why, and who mends it."""

    cadre: Cadre | None
    term: Term | None
    reason: str = ""


def standing_of(officer: Officer, today: date) -> Standing:
    """The officer's own term of today in the village of his acting posting."""
    cadre = Cadre.everywhere.filter(account=officer).first()
    if cadre is None:
        return Standing(
            None,
            None,
            _(
                "Your account is not linked to a person on the roster. The county clerk links it"
                " on the page of your record."
            ),
        )
    terms = Term.everywhere.in_force(today).filter(cadre=cadre).select_related("village")
    term = terms.first()
    if term is None:
        return Standing(
            cadre,
            None,
            _(
                "No term of yours runs today, so there is nothing to sign in for. If you serve in"
                " a village, ask the county clerk to record the term."
            ),
        )
    if not reaches(officer, term.village_id):
        return Standing(
            cadre,
            None,
            _(
                "Your term of today is in %(village)s, but you act for %(here)s. Change the"
                " posting in the menu with your name, or ask the account administrator for one"
                " in %(village)s."
            )
            % {"village": term.village.name, "here": officer.posting.division.name},  # type: ignore[union-attr]
        )
    return Standing(cadre, term)


def unsigned_today(officer: Officer, today: date) -> QuerySet[Term]:
    """The officer's own term here, while he has not signed in today and nothing explains it."""
    return _unrecorded(officer, today).filter(cadre__account=officer)


def unrecorded_today(officer: Officer, today: date) -> QuerySet[Term]:
    """The terms within the posting of which nothing is on record for today, his own left out."""
    return _unrecorded(officer, today).exclude(cadre__account=officer)


def _unrecorded(officer: Officer, today: date) -> QuerySet[Term]:
    terms = Term.objects.visible_to(officer).in_force(today)
    known = Presence.everywhere.filter(cadre=OuterRef("cadre"), day=today)
    return terms.filter(~Exists(known))
