"""What officers do with households beside importing them: cases, freezes, corrections."""

from households.actions.cases import (
    OPENING,
    before_case,
    change_state,
    current_facts,
    lock_subject,
    notice_line,
    refuse_changed,
    take_over_facts,
)

__all__ = [
    "OPENING",
    "before_case",
    "change_state",
    "current_facts",
    "lock_subject",
    "notice_line",
    "refuse_changed",
    "take_over_facts",
]
