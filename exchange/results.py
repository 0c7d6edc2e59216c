"""What became of pushed households, as their sender is told."""

from typing import Any

from exchange.actions.pushing import Result
from trail.api import ApiFault


def result_json(result: Result) -> dict[str, Any]:
    """What became of one household."""
    return {
        "index": result.index,
        "number": result.number or None,
        "result": str(result.result),
        "version": result.version,
        "errors": [_fault(one) for one in result.errors],
        "warnings": [{"code": code, "detail": text} for code, text in result.warnings],
        "queued": result.queued,
        "refused": result.refused,
        "overwritten": result.overwritten,
        "kept": result.kept,
    }


def _fault(fault: ApiFault) -> dict[str, Any]:
    return {"pointer": fault.pointer or "", "code": fault.code, "detail": fault.sentence}
