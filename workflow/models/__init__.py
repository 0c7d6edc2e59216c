from workflow.models.attachments import Attachment
from workflow.models.cases import Case, CaseEvent
from workflow.models.notices import Notice, NoticeLine, Objection
from workflow.models.parameters import PolicyParameter

__all__ = [
    "Attachment",
    "Case",
    "CaseEvent",
    "Notice",
    "NoticeLine",
    "Objection",
    "PolicyParameter",
]
