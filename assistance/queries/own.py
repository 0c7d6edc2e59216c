"""Which households an officer reads of: a helper those that he answers for today, others all."""

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from assistance.rights import PLAN_READERS
from officers.models import Officer
from officers.rules import Role
from teams.models import Pairing
from trail.dates import business_date

Rows = TypeVar("Rows", bound="QuerySet[Model]")


def own_households(officer: Officer) -> QuerySet:
    """The keys of the households that a helper answers for today."""
    own = Pairing.everywhere.in_force(business_date()).filter(cadre__account=officer)
    return own.values("household_id")


def is_own(officer: Officer, household_id: int | None) -> bool:
    """Whether a helper answers for a household today; for a village (None) he never does."""
    return household_id is not None and (
        own_households(officer).filter(household=household_id).exists()
    )


def within_own(officer: Officer, visible: Rows) -> Rows:
    """Those of the visible rows, each with its `household`, whose names the acting role reads."""
    if officer.acting_role not in PLAN_READERS:
        return visible.none()
    if officer.acting_role != Role.HELPER:
        return visible
    return visible.filter(Exists(own_households(officer).filter(household=OuterRef("household"))))
