"""What the page of a batch shows."""

from collections.abc import Callable
from typing import Any

from households.importing import store
from households.importing.filed import Fault
from households.importing.reasons import say
from households.importing.report import unpacked
from households.models import ImportBatch
from households.models.batches import BatchState
from officers.models import Officer
from officers.rules import Role
from trail.masking import mask_id, mask_phone

FAULTS_SHOWN, WARNINGS_SHOWN = 200, 50
WORKING = (BatchState.UPLOADED, BatchState.CONFIRMED)
TONES = {
    BatchState.SAVED: "good",
    BatchState.REFUSED: "bad-tag",
    BatchState.JUDGED: "info",
    BatchState.WITHDRAWN: "quiet-tag",
}

MASKS: dict[str, Callable[[str], str]] = {"id_number": mask_id, "phone": mask_phone}


def own_village(officer: Officer) -> str:
    """The village of a village official, else empty."""
    return officer.acting_division if officer.acting_role == Role.VILLAGE_OFFICIAL else ""


def batch_page(batch: ImportBatch, officer: Officer) -> dict[str, Any]:
    """Counts, first households, faults and warnings of a batch, worded for the reader."""
    page: dict[str, Any] = {
        "batch": batch,
        "tone": TONES.get(BatchState(batch.state), "quiet-tag"),
        "working": batch.state in WORKING,
        "rows": batch.counts.get("rows", 0),
        "refusal": say(batch.refused["code"], batch.refused["params"]) if batch.refused else "",
        "nothing_to_save": batch.counts.get("new", 0) + batch.counts.get("changed", 0) == 0,
        "may_confirm": batch.state == BatchState.JUDGED and batch.imported_by_id == officer.pk,
        "may_withdraw": batch.state == BatchState.SAVED,
    }
    findings = None if page["working"] else store.kept_findings(batch=batch.uuid)
    return page | _findings(findings) if findings else page


def shown_value(fault: Fault) -> str:
    """What stands in the faulty cell, an ID number or a phone masked.

    The whole value is in the download of the faulty rows, which the trace records.
    """
    mask = MASKS.get(fault.column)
    return mask(fault.value) if mask else fault.value


def _findings(findings: dict[str, Any]) -> dict[str, Any]:
    report = unpacked(findings["report"])
    faults = [
        {
            "record": fault.record,
            "column": report.column(fault),
            "value": shown_value(fault),
            "reason": say(fault.code, fault.params),
        }
        for told in report.faults.values()
        for fault in told
    ]
    warnings = [
        {"record": record, "text": say(code, params)}
        for record, code, params in findings["warnings"]
    ]
    return {
        "found": True,
        "first": findings["first"],
        "faults": faults[:FAULTS_SHOWN],
        "faults_in_all": len(faults),
        "warnings": warnings[:WARNINGS_SHOWN],
        "warnings_in_all": sum(findings["warning_counts"].values()),
    }
