"""What the pages of a correction show: the figures in force, what differs, the finding each way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from households.actions.corrections import survey_seen
from households.explain import Explanation, explain, names_of
from households.models import Household, Standard, Survey, YearFreeze
from households.models.freezes import YearFreezeQuerySet
from households.procedure import CORRECTION, CORRECTORS
from households.queries import visible_households
from households.rights import reads_names
from households.rules import GAPS, LACKS, fen
from households.snapshot import described_changes, figures_of, person_numbers, survey_values
from officers.models import Officer
from trail.errors import NotAllowed
from workflow.models import Case


@dataclass(frozen=True)
class Frozen:
    """The freeze that holds over a household and year; `open_case` is a correction under way.

    `may_propose` says whether the acting role proposes corrections.
    """

    freeze: YearFreeze
    may_propose: bool
    open_case: Case | None


@dataclass(frozen=True)
class FindingChange:
    """One part of a finding that is another after the correction, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Weighed:
    """What a correction changes: each figure that differs, and the finding before and after.

    The findings are None where no standard of the year is published.
    """

    changes: list[dict[str, str]]
    before: Explanation | None
    after: Explanation | None

    @property
    def finding_changes(self) -> list[FindingChange]:
        """What differs between the two findings: all that a review's proposal rests on."""
        if self.before is None or self.after is None:
            return []
        pairs = zip(_finding_words(self.before), _finding_words(self.after), strict=True)
        return [
            FindingChange(label, old, new) for (label, old), (_label, new) in pairs if old != new
        ]


@dataclass(frozen=True)
class CorrectionAccount:
    """The facts of a correction case in words; reason and proof are empty without names."""

    year: int
    weighed: Weighed
    reason: str
    proof: str
    has_survey: bool


def freezes_over(code: str, year: int) -> YearFreezeQuerySet:
    """The freezes of the year that hold in division `code`, the widest first."""
    found = YearFreeze.objects.over(code).filter(year=year)
    return found.select_related("division", "frozen_by").order_by("division_id")


def frozen_year(
    officer: Officer, household: Household, year: int, survey: Survey | None
) -> Frozen | None:
    """Whether the facts of the year stand for this household, and who may have them corrected.

    `survey` is the one in force of that year.
    """
    freeze = freezes_over(survey.village_id if survey else household.village_id, year).first()
    if freeze is None:
        return None
    cases = Case.objects.visible_to(officer).open().about(CORRECTION.kind, household.number)
    return Frozen(
        freeze=freeze,
        may_propose=officer.acting_role in CORRECTORS,
        open_case=cases.defer("facts").first(),
    )


def require_corrector(officer: Officer) -> None:
    """NotAllowed, with who can, for a role that proposes no corrections."""
    if officer.acting_role not in CORRECTORS:
        raise NotAllowed(
            _("A village official or the county clerk proposes a correction."), code="wrong_role"
        )


def moved_since(
    household: Household, year: int, seen: int | None, survey: Survey | None
) -> list[dict[str, str]]:
    """How the survey that an officer read differs from the one in force by now."""
    before = survey_values(survey_seen(household, year, seen))
    return described_changes({"facts": before}, {"facts": survey_values(survey)})


def weighed(
    household: Household,
    year: int,
    persons: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Weighed:
    """What differs between two sets of the eleven figures, as a snapshot holds them."""
    standard = Standard.objects.holding(household.village_id, year).first()
    return Weighed(
        changes=described_changes({"facts": before}, {"facts": after}),
        before=_finding(standard, persons, before),
        after=_finding(standard, persons, after),
    )


def persons_of(household: Household, survey: Survey | None) -> int:
    """Whom the finding counts: the survey's persons, without one the active members."""
    return survey.persons if survey else max(1, len(person_numbers([household.pk])[household.pk]))


def account_of_correction(officer: Officer, case: Case) -> CorrectionAccount | None:
    """What a correction case changes, in words; None for a case of another kind."""
    if case.kind != CORRECTION.kind:
        return None
    household = visible_households(officer).filter(number=case.subject).first()
    if household is None:
        return None
    facts, named = case.facts, reads_names(officer)
    return CorrectionAccount(
        year=facts["year"],
        weighed=weighed(
            household, facts["year"], facts["persons"], facts["before"], facts["after"]
        ),
        reason=facts["reason"] if named else "",
        proof=facts["proof"] if named else "",
        has_survey=facts["survey"] is not None,
    )


def _finding_words(account: Explanation) -> list[tuple[str, str]]:
    found = account.finding
    return [
        (_("Lacks"), names_of(found.lacks, LACKS) or _("nothing")),
        (_("Unknown"), names_of(found.gaps, GAPS) or _("nothing")),
        (_("Ready for exit"), _yes_or_no(found.exit_ready)),
        (_("Below the monitoring line"), _yes_or_no(found.at_risk)),
    ]


def _yes_or_no(flag: int) -> str:
    return _("yes") if flag else _("no")


def _finding(
    standard: Standard | None, persons: int, figures: Mapping[str, Any]
) -> Explanation | None:
    if standard is None:
        return None
    return explain(
        figures_of(figures, persons),
        line_fen=fen(standard.line),
        monitoring_fen=fen(standard.monitoring_line),
        guarantees=standard.guarantees,
    )
