"""What officers do in an identification or re-inclusion: apply, advance, compare, judge, appeal."""

from identification.actions.advancing import advance, apply
from identification.actions.appeals import record_appeal, resolve_appeal
from identification.actions.comparing import record_comparison
from identification.actions.redlines import (
    accept_explanation,
    explain_red_line,
    record_red_line,
    withdraw_red_line,
)

__all__ = [
    "accept_explanation",
    "advance",
    "apply",
    "explain_red_line",
    "record_appeal",
    "record_comparison",
    "record_red_line",
    "resolve_appeal",
    "withdraw_red_line",
]
