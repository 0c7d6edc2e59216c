from workflow.models.attachments import Attachment
from workflow.models.cases import Case, CaseEvent, Look
from workflow.models.notices import Notice, NoticeLine, Objection
from workflow.models.parameters import PolicyParameter
from workflow.models.transitions import Transition

__all__ = [
    "Attachment",
    "Case",
    "CaseEvent",
    "Look",
    "Notice",
    "NoticeLine",
    "Objection",
    "PolicyParameter",
    "Transition",
]
