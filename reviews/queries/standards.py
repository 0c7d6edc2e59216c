"""Standards as their pages show them: what holds in each year, drafts, what they would change."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from divisions.scope import code_range, in_reach, reaches
from households.models import Standard, Survey
from households.models.standards import StandardQuerySet
from officers.models import Officer
from officers.rules import Role
from reviews.models import UNFINISHED, Review, ReviewState
from reviews.queries.comparing import (
    Effect,
    Pair,
    effect_of_turns,
    is_small,
    kept_comparison,
    kept_turns,
    turns_of,
)
from reviews.queries.progress import Progress, progress_of
from reviews.rights import own_part
from trail.errors import NotAllowed, Refused


def visible_standards(officer: Officer) -> StandardQuerySet:
    """What an officer may read of the standards, with places and people.

    Drafts, and those set aside, only where his posting contains their province.
    """
    found = Standard.objects.visible_to(officer).filter(_open_to(officer))
    return found.select_related("division", "prepared_by", "published_by", "replaces")


def standards_to_try(officer: Officer) -> StandardQuerySet:
    """Published standards and drafts that a dry run of the officer may name, latest year first."""
    found = Standard.objects.visible_to(officer).filter(_open_to(officer), discarded_at=None)
    return found.select_related("division").order_by("-year", "division_id", "-number", "-pk")


def _open_to(officer: Officer) -> Q:
    return Q(published_at__isnull=False) | in_reach("division_id", officer.reach)


@dataclass(frozen=True)
class Trial(Pair):
    """Two dry runs over one province and year: under the standard that holds, and under another.

    `part` is the division of which the officer sees proposals.
    """

    @property
    def runs(self) -> tuple[Review, Review]:
        return self.before, self.after

    @property
    def is_running(self) -> bool:
        return any(run.state in UNFINISHED for run in self.runs)

    @property
    def is_sound(self) -> bool:
        """Whether both are finished and rest on the very same facts."""
        return (
            all(run.state == ReviewState.FINISHED for run in self.runs)
            and self.before.input_hash == self.after.input_hash
        )

    @property
    def progress(self) -> list[tuple[Review, Progress]]:
        """Of those that still run."""
        return [(run, progress_of(run)) for run in self.runs if run.state in UNFINISHED]


def publishable(officer: Officer) -> StandardQuerySet:
    """Drafts of others that the officer reads, whose latest facts were tried on both standards."""
    tried = Review.objects.visible_to(officer).filter(dry_run=True, state=ReviewState.FINISHED)
    before = tried.filter(
        root_id=OuterRef("root_id"),
        year=OuterRef("year"),
        input_hash=OuterRef("input_hash"),
        standard__published_at__isnull=False,
    )
    after = tried.filter(standard=OuterRef("pk"), root_id=OuterRef("division_id"))
    waiting = visible_standards(officer).drafts().exclude(prepared_by=officer)
    return waiting.filter(Exists(after.filter(Exists(before))))


def trial_year(standard: Standard) -> int | None:
    """The year whose facts a trial judges: its own, else the latest surveyed; None without any."""
    low, high = code_range(standard.division_id)
    surveys = Survey.objects.filter(village_id__gte=low, village_id__lt=high, withdrawn_at=None)
    if surveys.filter(year=standard.year).exists():
        return standard.year
    return surveys.order_by("-year").values_list("year", flat=True).first()


def trial_of(officer: Officer, standard: Standard) -> Trial | None:
    """The latest trial of this very row against the standard that holds; None when there is none.

    A draft's trial on the facts of another year than `trial_year` does not count. A published
    standard shows the trial that it was published after.
    """
    runs = dry_runs_of(officer, standard.division_id)
    tried, holding = runs.filter(standard=standard), Standard.objects.published()
    if standard.published_at:
        tried = tried.filter(created_at__lt=standard.published_at)
        holding = holding.filter(number__lt=standard.number)
    else:
        tried = tried.filter(year=trial_year(standard) or standard.year)
    if (after := tried.first()) is None:
        return None
    held = holding.holding(standard.division_id, after.year).first()
    before = runs.filter(year=after.year, standard=held, facts_at__lte=after.facts_at).first()
    return Trial(before, after, own_part(officer, after)) if before else None


def refusal_to_publish(officer: Officer, standard: Standard, trial: Trial | None) -> Refused | None:
    """Why this officer cannot publish this draft now; None when he can."""
    if officer.acting_role != Role.PROVINCE_APPROVER or not reaches(officer, standard.division_id):
        return NotAllowed(
            _("The province approver of %(place)s publishes it.")
            % {"place": standard.division.name},
            code="wrong_role",
        )
    if officer.pk in hands_of(standard):
        return NotAllowed(
            _("You prepared this standard. Another officer has to publish it."), code="same_hand"
        )
    if newer := published_since(standard, trial):
        return Refused(
            _("Standard no. %(number)s of the same place and year was published after the preview."
              " Have the preview made again.")
            % {"number": newer.number},
            code="newer_standard",
        )  # fmt: skip
    if trial is None:
        return Refused(
            _("Nobody has seen yet what this draft would change. Have a preview made first."),
            code="no_preview",
        )
    if trial.is_running:
        return Refused(_("The preview is not finished yet."), code="preview_runs")
    if not trial.is_sound:
        return Refused(
            _("The facts changed while the preview was made. Have it made again."),
            code="preview_unsound",
        )
    return None


def refusal_to_change(standard: Standard) -> Refused | None:
    """Why nobody can change, try or discard this standard any more; None while it is a draft."""
    if standard.published_at:
        return Refused(
            _("This standard is published and stays as it is. Prepare a new one instead."),
            code="published",
        )
    if standard.discarded_at:
        return Refused(_("This draft has been set aside already."), code="discarded")
    return None


def may_discard(officer: Officer, standard: Standard) -> bool:
    """Whether the officer's role and posting let him set this draft aside."""
    if not standard.is_draft or not reaches(officer, standard.division_id):
        return False
    return officer.acting_role in (Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER)


def published_since(standard: Standard, trial: Trial | None) -> Standard | None:
    """The standard of the same place and year published after the trial, or after the preparing."""
    since = trial.after.created_at if trial else standard.prepared_at
    found = Standard.objects.published().filter(
        division_id=standard.division_id, year=standard.year, published_at__gt=since
    )
    return found.order_by("-number").first()


def hands_of(standard: Standard) -> set[int]:
    """The officers who prepared a draft or one of those that it replaces."""
    hands: set[int] = set()
    one = standard
    while True:
        if one.prepared_by_id:
            hands.add(one.prepared_by_id)
        if one.replaces is None:
            return hands
        one = one.replaces


def dry_runs_of(officer: Officer, province: str) -> QuerySet[Review]:
    """Dry runs over a whole province that nobody cancelled, latest first."""
    found = Review.objects.visible_to(officer).filter(root_id=province, dry_run=True)
    return (
        found.exclude(state=ReviewState.CANCELLED)
        .select_related("root", "standard")
        .order_by("-pk")
    )


def effect_of(officer: Officer, trial: Trial) -> Effect | None:
    """The two dry runs of a trial held against each other, within the officer's posting.

    None for a large part that no worker has counted yet.
    """
    kept = kept_comparison(officer, trial)
    turns = None if kept is None else kept_turns(kept, trial)
    if turns is None and is_small(trial):
        turns = turns_of(trial)
    return None if turns is None else effect_of_turns(officer, turns)
