"""Which years are frozen where, and what of a year is not ready to be frozen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from divisions.models import Division, Level
from divisions.queries import Place, places
from divisions.scope import contains
from households.models import Correction, ImportBatch, Standard, Survey, YearFreeze
from households.models.batches import BatchState
from households.queries import COUNT_CAP, visible_households
from households.rights import FEWEST_COUNTED, is_hidden_count, reads_households, shown_count
from households.rules import ACCEPTABLE, ON_REGISTER, State
from officers.models import Officer
from reviews.models import Proposal, Review, ReviewState
from trail.errors import NotAllowed
from workflow.models import Case

JUDGED_STATES = (*ON_REGISTER, State.EXITED)
UNSAVED = (BatchState.UPLOADED, BatchState.JUDGED, BatchState.CONFIRMED)


@dataclass(frozen=True)
class Unfrozen:
    """The officer's own place and its last year that is not frozen, with what is not ready of it.

    `told` is None for a place that is too large to be counted on every visit.
    """

    place: Division
    year: int
    told: list[str] | None


def require_household_reader(officer: Officer) -> None:
    """NotAllowed for a role that sees no households."""
    if not reads_households(officer):
        raise NotAllowed(_("Your role does not work with the register."), code="wrong_role")


def freezes(officer: Officer) -> QuerySet[YearFreeze]:
    """What is frozen within the posting or over it, the latest year first."""
    found = YearFreeze.objects.touching(officer).select_related("division", "frozen_by")
    return found.order_by("-year", "division_id")


def with_places(found: Iterable[YearFreeze]) -> list[tuple[YearFreeze, Place]]:
    """Each freeze with the names of the divisions above its own."""
    listed = list(found)
    return list(zip(listed, places(one.division for one in listed), strict=True))


def unfrozen(officer: Officer, *, today: date) -> Unfrozen | None:
    """The last year with a standard that is not frozen for the whole posting; None for none."""
    place = Division.objects.filter(pk__in=officer.reach).first()
    if place is None or place.level == Level.NATION:
        return None
    held = YearFreeze.objects.over(place.pk).values_list("year", flat=True)
    years = Standard.objects.published().filter(year__lte=today.year).exclude(year__in=held)
    year = years.order_by("-year").values_list("year", flat=True).first()
    if year is None:
        return None
    small = place.level >= Level.COUNTY
    return Unfrozen(place, year, unready(officer, place, year) if small else None)


def unready(officer: Officer, place: Division, year: int) -> list[str]:
    """A sentence for each thing of the year that is not done below `place`; empty for nothing."""
    return [
        *_missing_surveys(officer, place, year),
        *_reviews(officer, place, year),
        *_waiting_proposals(officer, place, year),
        *_open_corrections(officer, place, year),
        *_unsaved_imports(officer, place, year),
    ]


def _missing_surveys(officer: Officer, place: Division, year: int) -> list[str]:
    surveyed = Survey.objects.filter(household=OuterRef("pk"), year=year, withdrawn_at=None)
    households = visible_households(officer).within(place.pk).filter(state__in=JUDGED_STATES)
    missing = households.exclude(Exists(surveyed)).order_by()[: COUNT_CAP + 1].count()
    text = ngettext(
        "%(count)s household on the register or exited has no survey of the year.",
        "%(count)s households on the register or exited have no survey of the year.",
        _plural(officer, missing),
    )
    return _told(text, missing, _shown(officer, missing))


def _reviews(officer: Officer, place: Division, year: int) -> list[str]:
    found = list(
        Review.objects.visible_to(officer).overlapping(place.pk, year).select_related("root")
    )
    committed = [one for one in found if one.state == ReviewState.COMMITTED]
    if any(contains(one.root_id, place.pk) for one in committed):
        return []
    told = [
        _("The review number %(number)s of %(place)s is not committed.")
        % {"number": one.pk, "place": one.root.name}
        for one in found
        if one.state != ReviewState.COMMITTED
    ]
    if not found:
        told.append(_("No review of the year has been proposed here."))
    elif committed:
        told.append(_("The committed reviews of the year cover only parts of the place."))
    return told


def _waiting_proposals(officer: Officer, place: Division, year: int) -> list[str]:
    """Proposals that can be accepted and that nobody has decided on."""
    committed = Review.objects.visible_to(officer).filter(year=year, state=ReviewState.COMMITTED)
    waiting = Proposal.objects.visible_to(officer).within(place.pk).waiting()
    found = waiting.filter(review__in=committed, kind__in=ACCEPTABLE).order_by()
    count = found[: COUNT_CAP + 1].count()
    text = ngettext(
        "%(count)s proposal of a committed review of the year still waits for its decision.",
        "%(count)s proposals of committed reviews of the year still wait for their decision.",
        _plural(officer, count),
    )
    return _told(text, count, _shown(officer, count))


def _open_corrections(officer: Officer, place: Division, year: int) -> list[str]:
    within = Case.objects.visible_to(officer).within(place.pk).open()
    count = Correction.objects.filter(year=year, case__in=within).count()
    text = ngettext(
        "%(count)s correction of the year, where it is frozen already, waits for its decision.",
        "%(count)s corrections of the year, where it is frozen already, wait for their decision.",
        _plural(officer, count),
    )
    return _told(text, count, shown_count(officer, count))


def _unsaved_imports(officer: Officer, place: Division, year: int) -> list[str]:
    files = ImportBatch.objects.visible_to(officer).within(place.pk)
    count = files.filter(year=year, state__in=UNSAVED).count()
    text = ngettext(
        "%(count)s import of the year is not saved yet; after the freeze it is refused.",
        "%(count)s imports of the year are not saved yet; after the freeze they are refused.",
        count,
    )
    return _told(text, count, f"{count:,}")


def _told(text: str, count: int, shown: str) -> list[str]:
    return [text % {"count": shown}] if count else []


def _shown(officer: Officer, count: int) -> str:
    return f"{COUNT_CAP:,}+" if count > COUNT_CAP else shown_count(officer, count)


def _plural(officer: Officer, count: int) -> int:
    """The number that chooses between singular and plural; it tells no more than what is shown."""
    return FEWEST_COUNTED if is_hidden_count(officer, count) else count
