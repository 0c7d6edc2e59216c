"""Who helps: units, cadres, terms, presence, pairings, visits, training, assessments."""

from teams.models.assessing import Assessment, Score, Training, TrainingRecord
from teams.models.helping import LogEntry, Met, Pairing, Task, Topic, Visit
from teams.models.presence import Absence, Presence, PresenceMonth
from teams.models.terms import (
    END_REASONS,
    POST_NAMES,
    Candidacy,
    Handover,
    Incentive,
    NeedReason,
    TeamVillage,
    Term,
)
from teams.models.units import Cadre, Education, Rank, Sex, Unit, UnitKind, UnitLevel

__all__ = [
    "END_REASONS",
    "POST_NAMES",
    "Absence",
    "Assessment",
    "Cadre",
    "Candidacy",
    "Education",
    "Handover",
    "Incentive",
    "LogEntry",
    "Met",
    "NeedReason",
    "Pairing",
    "Presence",
    "PresenceMonth",
    "Rank",
    "Score",
    "Sex",
    "Task",
    "TeamVillage",
    "Term",
    "Topic",
    "Training",
    "TrainingRecord",
    "Unit",
    "UnitKind",
    "UnitLevel",
    "Visit",
]
