"""What became of a case since an officer saw it: who did what, and which facts differ."""

from typing import Any

from households.snapshot import described_changes
from officers.models import Officer
from registry.pages.cases.queries import Entry, entry_of
from workflow.models import Case
from workflow.procedures import machine_of


def acts_since(officer: Officer, case: Case, version: int | None) -> list[Entry]:
    """The acts after `version`, the last one first; none where no version was seen."""
    if version is None:
        return []
    machine = machine_of(case.kind)
    later = case.events.filter(seq__gt=version).defer("facts").order_by("-seq")
    return [entry_of(officer, machine, event) for event in later]


def facts_since(case: Case, version: int | None) -> list[dict[str, str]]:
    """The facts of a household as they were at `version` against those of now, where they differ.

    Facts of another form, as those of places, are not compared here.
    """
    if version is None or "finding" not in case.facts:
        return []
    then = facts_at(case, version)
    return described_changes(then, case.facts) if then != case.facts else []


def facts_at(case: Case, version: int) -> dict[str, Any]:
    """The facts that the case rested on at `version`; those of now where none were replaced."""
    kept = case.events.filter(seq__lte=version, facts__isnull=False).order_by("-seq")
    then: dict[str, Any] | None = kept.values_list("facts", flat=True).first()
    return case.facts if then is None else then


def state_at(case: Case, version: int) -> str:
    """Where the case stood at `version`; "" before there was any."""
    kept = case.events.filter(seq__lte=version).order_by("-seq")
    return kept.values_list("to_state", flat=True).first() or ""
