"""The register: households, their members, yearly surveys, and the standard they are held to."""

from households.models.batches import ImportBatch
from households.models.changes import HouseholdChange
from households.models.corrections import Correction
from households.models.counts import VillageCount
from households.models.details import Consent, IncomeLine, LivingConditions, SurveyNote
from households.models.drafts import Draft
from households.models.freezes import YearFreeze
from households.models.households import Household, StateChange
from households.models.issues import QualityIssue
from households.models.members import Member
from households.models.standards import Standard
from households.models.surveys import Survey
from households.models.villages import VillageRecord

__all__ = [
    "Consent",
    "Correction",
    "Draft",
    "Household",
    "HouseholdChange",
    "ImportBatch",
    "IncomeLine",
    "LivingConditions",
    "Member",
    "QualityIssue",
    "Standard",
    "StateChange",
    "Survey",
    "SurveyNote",
    "VillageCount",
    "VillageRecord",
    "YearFreeze",
]
