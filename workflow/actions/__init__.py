"""The one way in which cases open, move and change, and what is posted and said about them.

Locks are taken in one order: household (by the caller), cases by key, notices by key.
"""

from workflow.actions.cases import Opening, amend, open_case, open_cases
from workflow.actions.endings import end_case
from workflow.actions.looks import record_look
from workflow.actions.notices import (
    Line,
    add_line,
    correct_line,
    post_notice,
    withdraw_line,
)
from workflow.actions.objections import dismiss_objection, record_objection, uphold_objection
from workflow.actions.parameters import confirm_parameter, set_parameter
from workflow.actions.steps import Order, Outcome, take_step, take_steps
from workflow.actions.weighing import WEIGHED, weigh, weigh_about, weigh_again

__all__ = [
    "WEIGHED",
    "Line",
    "Opening",
    "Order",
    "Outcome",
    "add_line",
    "amend",
    "confirm_parameter",
    "correct_line",
    "dismiss_objection",
    "end_case",
    "open_case",
    "open_cases",
    "post_notice",
    "record_look",
    "record_objection",
    "set_parameter",
    "take_step",
    "take_steps",
    "uphold_objection",
    "weigh",
    "weigh_about",
    "weigh_again",
    "withdraw_line",
]
