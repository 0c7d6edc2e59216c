"""A finding as JSON: what its page says, with the same reasons."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from households.explain import Explanation, Point, in_order
from households.rules import GAPS, LACKS, named
from households.snapshot import account_of, yuan


def facts_json(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The facts of a case about a household explained; None for facts of another form."""
    account = account_of(facts)
    if account is None:
        return None
    standard = facts["standard"]
    return {
        "year": facts["year"],
        "standard": {
            "number": standard["number"],
            "line": f"{Decimal(standard['line']):.2f}",
            "monitoring_line": f"{Decimal(standard['monitoring_line']):.2f}",
        },
        "finding": account_json(account),
    }


def account_json(account: Explanation) -> dict[str, Any]:
    """The finding with its reasons; amounts are null while an income is unknown."""
    finding = account.finding
    return {
        "persons": account.persons,
        "net_income": known_yuan(account.net_fen),
        "per_capita_net_income": known_yuan(account.per_capita_fen),
        "needed": yuan(account.needed_fen),
        "monitoring_needed": yuan(account.monitoring_needed_fen),
        "lacks": in_order(named(finding.lacks, LACKS)),
        "gaps": in_order(named(finding.gaps, GAPS)),
        "exit_ready": bool(finding.exit_ready),
        "at_risk": bool(finding.at_risk),
        "verdict": account.verdict,
        "reasons": [_reason(point) for point in account.points],
        "remarks": account.remarks,
    }


def _reason(point: Point) -> dict[str, str]:
    words = {"good": "met", "bad-mark": "lacking", "open": "unknown", "none": "neither"}
    return {"name": point.name, "verdict": words[point.mark], "sentence": point.sentence}


def known_yuan(fen: int | None) -> str | None:
    """Fen as a two-decimal text; None stays unknown."""
    return None if fen is None else yuan(fen)
