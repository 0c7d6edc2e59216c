"""A decision about a household made again from the snapshot that it kept, figure by figure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from households.explain import LABELS, in_order
from households.models import Standard, Survey
from households.rules import GAPS, GUARANTEES, fen, find, named, per_capita_fen
from households.rules import LACKS as LACK_NAMES
from households.snapshot import figures_of, shown_figure, survey_values, yuan
from trail.rules import digest
from workflow.models import CaseEvent


@dataclass(frozen=True)
class Compared:
    """One value as the decision kept it, and as it comes out again."""

    label: str
    kept: str
    again: str

    @property
    def is_same(self) -> bool:
        """Whether the two are one."""
        return self.kept == self.again


def recomputed(events: Iterable[CaseEvent]) -> dict[int, list[Compared]]:
    """What comes out again of these decisions, by their keys. Two queries, however many there are.

    The digest is that of the facts kept; the finding is made from the figures and the lines kept;
    standard and survey are looked up again. Facts of another form are compared by digest alone.
    """
    found = list(events)
    kept = {event.pk: event.facts or {} for event in found}
    judged = {key: facts for key, facts in kept.items() if "finding" in facts}
    surveys = Survey.objects.in_bulk({one["survey"] for one in judged.values() if one["survey"]})
    standards = Standard.objects.in_bulk({one["standard"]["id"] for one in judged.values()})
    return {
        event.pk: [
            Compared(_("Digest of the facts"), event.facts_hash, digest(kept[event.pk])),
            *_of_household(kept[event.pk], surveys, standards),
        ]
        for event in found
    }


def _of_household(
    facts: Mapping[str, Any], surveys: Mapping[int, Survey], standards: Mapping[int, Standard]
) -> list[Compared]:
    if "finding" not in facts:
        return []
    standard = standards.get(facts["standard"]["id"])
    again = standard.digest() if standard else _("none")
    return [
        *_finding(facts),
        Compared(_("Standard"), facts["standard"]["hash"], again),
        *_survey(facts, surveys.get(facts["survey"] or 0)),
    ]


def _finding(facts: Mapping[str, Any]) -> list[Compared]:
    kept, again = facts["finding"], finding_again(facts)
    yes, no, unknown = _("yes"), _("no"), _("unknown")
    pairs = [
        (label, _amount(kept[name]) or unknown, _amount(again[name]) or unknown)
        for label, name in (
            (_("Net income"), "net_income"),
            (_("Net income per person, yuan"), "per_capita"),
        )
    ]
    pairs += [
        (label, _listed(kept[name]), _listed(again[name]))
        for label, name in (
            (_("What is lacking"), "lacks"),
            (_("What is unknown"), "gaps"),
        )
    ]
    pairs += [
        (label, yes if kept[name] else no, yes if again[name] else no)
        for label, name in (
            (_("Above the line, nothing lacking or unknown"), "exit_ready"),
            (_("Below the monitoring line"), "at_risk"),
        )
    ]
    return [Compared(*pair) for pair in pairs]


def finding_again(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The finding on the figures and lines that a snapshot kept, in the form it keeps one."""
    standard, figures = facts["standard"], figures_of(facts["facts"], facts["persons"])
    found = find(
        figures,
        line_fen=fen(Decimal(standard["line"])),
        monitoring_fen=fen(Decimal(standard["monitoring_line"])),
        guarantees=standard.get("guarantees", GUARANTEES),
    )
    known = bool(found.incomes_known)
    return {
        "net_income": yuan(found.net_fen) if known else None,
        "per_capita": yuan(per_capita_fen(found.net_fen, facts["persons"])) if known else None,
        "lacks": named(found.lacks, LACK_NAMES),
        "gaps": named(found.gaps, GAPS),
        "exit_ready": bool(found.exit_ready),
        "at_risk": bool(found.at_risk),
    }


def _amount(text: str | None) -> str:
    return f"{Decimal(text):,.2f}" if text else ""


def _listed(names: Iterable[str]) -> str:
    return _(", ").join(str(LABELS[name]) for name in in_order(names)) or _("nothing")


def _survey(facts: Mapping[str, Any], survey: Survey | None) -> list[Compared]:
    """Each figure as the survey that is named holds it; a survey is never edited."""
    if facts["survey"] is None:
        return []
    if survey is None:
        return [Compared(_("Survey"), str(facts["survey"]), _("none"))]
    again = survey_values(survey)
    rows = [
        Compared(str(LABELS[name]), shown_figure(name, kept), shown_figure(name, again[name]))
        for name, kept in facts["facts"].items()
    ]
    return [Compared(_("People"), str(facts["persons"]), str(survey.persons)), *rows]
