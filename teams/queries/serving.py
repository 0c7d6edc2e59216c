"""Whether somebody is busy: serves in a village, helps a household, or is proposed for a post."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from teams.models import Cadre, Pairing, Term
from teams.procedure import DISPATCH
from trail.dates import business_date
from workflow.models import Case


@dataclass(frozen=True)
class Busy:
    """Whether somebody is busy, and the last day, None when it is not known."""

    is_busy: bool
    until: date | None = None


def not_over(today: date) -> Q:
    """The condition that a dated row runs today or is still to begin."""
    return Q(last_day=None) | Q(last_day__gte=today)


def busy_until(cadre: Cadre) -> Busy:
    """Whether a term or pairing of the person runs or is to begin, or a dispatch is under way."""
    running = not_over(business_date())
    days: list[date | None] = [
        *Term.everywhere.filter(running, cadre=cadre).values_list("last_day", flat=True),
        *Pairing.everywhere.filter(running, cadre=cadre).values_list("last_day", flat=True),
    ]
    if Case.everywhere.open().about(DISPATCH.kind, cadre.number).exists():
        days.append(None)
    known = [day for day in days if day is not None]
    return Busy(bool(days), max(known) if days and len(known) == len(days) else None)
