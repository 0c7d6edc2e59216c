"""What the register itself knows to rest on a batch: each a sentence that says why."""

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from divisions.scope import in_reach
from households.models import Household, ImportBatch, Member, Survey, YearFreeze
from households.models.batches import BatchState
from trail.models import Change

PREFIX = "import:"
"""How the trace names a batch: this and its number."""


def changes_by(batch: ImportBatch) -> QuerySet[Change]:
    """The trace of the households that the batch made or changed, one row for each at least."""
    return Change.objects.filter(origin=f"{PREFIX}{batch.pk}", subject_kind="households.household")


def resting(batch: ImportBatch) -> list[str]:
    """A sentence each for later surveys, later imports and frozen years; empty for nothing."""
    return [*_later_surveys(batch), *_later_imports(batch), *_frozen_surveys(batch)]


def _later_surveys(batch: ImportBatch) -> list[str]:
    """A sentence when a survey of another origin rests on rows of this batch."""
    joined = Member.objects.filter(
        batch=batch, household=OuterRef("household"), created_at__lt=OuterRef("recorded_at")
    )
    later = (
        Survey.objects.filter(withdrawn_at=None)
        .exclude(batch=batch)
        .filter(Q(corrects__batch=batch) | Q(household__batch=batch) | Q(Exists(joined)))
        .count()
    )
    if not later:
        return []
    text = ngettext(
        "%(count)s later survey rests on it.", "%(count)s later surveys rest on it.", later
    )
    return [text % {"count": later}]


def _later_imports(batch: ImportBatch) -> list[str]:
    """A sentence that names the imports, not withdrawn, which changed households of this batch."""
    own = Household.everywhere.filter(batch=batch, withdrawn_at=None)
    keys = own.annotate(key=Cast("pk", TextField())).values("key")
    origins = (
        Change.objects.filter(origin__startswith=PREFIX, subject_kind="households.household")
        .exclude(origin=f"{PREFIX}{batch.pk}")
        .filter(subject_id__in=keys)
    )
    named = origins.values_list("origin", flat=True).distinct()
    traced = {int(one.removeprefix(PREFIX)) for one in named}
    members = Member.objects.filter(household__in=own, withdrawn_at=None, batch__isnull=False)
    joined = set(members.exclude(batch=batch).values_list("batch_id", flat=True))
    later = (
        ImportBatch.everywhere.filter(pk__in=traced | joined)
        .exclude(state=BatchState.WITHDRAWN)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not later:
        return []
    numbers = ", ".join(map(str, later))
    text = _("Later imports changed its households: %(numbers)s. Withdraw them first.")
    return [text % {"numbers": numbers}]


def _frozen_surveys(batch: ImportBatch) -> list[str]:
    """A sentence for each place and year that was frozen and holds surveys of the batch."""
    own = Survey.objects.filter(batch=batch, withdrawn_at=None)
    freezes = YearFreeze.objects.order_by("year", "division_id")
    text = _(
        "The year %(year)s is frozen for %(place)s and its surveys stand. Correct single households"
        " instead."
    )
    return [
        text % {"year": year, "place": place}
        for year, code, place in freezes.values_list("year", "division_id", "division__name")
        if own.filter(in_reach("village_id", [code]), year=year).exists()
    ]
