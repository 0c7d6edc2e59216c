"""The trace of one household: what was recorded, decided and shown, the latest first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.models import Household, Member, Survey
from households.models.households import STATE_NAMES
from households.rules import State
from officers.models import ROLE_NAMES, Officer
from officers.rules import Role
from trail.models import Change
from workflow.models import Case, CaseEvent
from workflow.procedures import machine_of
from workflow.queries import act_label

SHOWN = 60
ACTS: dict[str, Promise] = {
    "import": gettext_lazy("Changed by an import"),
    "withdraw_import": gettext_lazy("Import withdrawn"),
    "change_state": gettext_lazy("State changed"),
    "enter": gettext_lazy("Entered"),
    "submit_draft": gettext_lazy("Entered by a draft"),
    "change": gettext_lazy("Changed by a case"),
    "push": gettext_lazy("Changed by another system"),
    "decide_difference": gettext_lazy("Decided between two systems"),
    "reveal_differences": gettext_lazy("Numbers of another system shown in full"),
    "reveal_id": gettext_lazy("ID number shown in full"),
    "reveal_phone": gettext_lazy("Phone number shown in full"),
}
KEPT_BESIDE = {"phone": gettext_lazy("phone"), "id_number": gettext_lazy("ID number")}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    at: datetime
    what: str
    who: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class CaseLine:
    """A case with its procedure and state in words."""

    case: Case
    procedure: str
    state: str


def trace_of(officer: Officer, household: Household) -> list[Entry]:
    """Changes, surveys and case events of the household within the officer's posting."""
    entries = [*_changes(household), *_events(officer, household), *_surveys(household)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:SHOWN]


def cases_of(officer: Officer, household: Household) -> list[CaseLine]:
    """The household's cases within the posting, open ones first, then the latest."""
    found = Case.objects.visible_to(officer).filter(subject=household.number)
    ordered = sorted(found, key=lambda case: (case.closed_at is not None, -case.pk))
    return [_case_line(case) for case in ordered]


def _case_line(case: Case) -> CaseLine:
    machine = machine_of(case.kind)
    return CaseLine(case, _(machine.label), _(machine.states[case.state]))


def _changes(household: Household) -> list[Entry]:
    members = Member.objects.filter(household=household).values_list("pk", flat=True)
    own = Change.objects.filter(
        subject_kind=Household._meta.label_lower, subject_id=str(household.pk)
    )
    theirs = Change.objects.filter(
        subject_kind=Member._meta.label_lower, subject_id__in=[str(pk) for pk in members]
    )
    return [_change(one) for one in [*own.order_by("-id")[:SHOWN], *theirs.order_by("-id")[:SHOWN]]]


def _change(change: Change) -> Entry:
    first = change.action == "import" and change.before is None
    act = _("Imported") if first else ACTS.get(change.action, _("Record changed"))
    return Entry(
        at=change.at,
        what=str(act),
        who=_who(change.actor_name, change.role),
        note=change.reason or _what_changed(change),
    )


def _what_changed(change: Change) -> str:
    """The states of a change of state; else the names of the columns, never their values."""
    before = change.before or {}
    if change.action == "change_state":
        states = (before["state"], (change.after or {})["state"])
        return " → ".join(str(STATE_NAMES[State(state)]) for state in states)
    model = Member if change.subject_kind == Member._meta.label_lower else Household
    return _(", ").join(_column_name(model, key) for key in before)


def _column_name(model: type[Model], key: str) -> str:
    if key in KEPT_BESIDE:
        return str(KEPT_BESIDE[key])
    names = {field.name: field.verbose_name for field in model._meta.get_fields() if field.concrete}
    return str(names.get(key, key))


def _who(name: str, role: str) -> str:
    return f"{name} ({ROLE_NAMES[Role(role)]})" if role in set(Role) else name


def _events(officer: Officer, household: Household) -> list[Entry]:
    cases = Case.objects.visible_to(officer).filter(subject=household.number)
    events = CaseEvent.objects.filter(case__in=cases).select_related("case").order_by("-at")
    return [_event(event) for event in events[:SHOWN]]


def _event(event: CaseEvent) -> Entry:
    kind = event.case.kind
    what = f"{_(machine_of(kind).label)} · {act_label(kind, event.step)}"
    return Entry(event.at, what, _who(event.actor_name, event.role), event.note)


def _surveys(household: Household) -> list[Entry]:
    surveys = Survey.objects.filter(household=household).select_related("recorded_by")
    return [_survey(survey) for survey in surveys.order_by("-recorded_at")[:SHOWN]]


def _survey(survey: Survey) -> Entry:
    words = {"year": survey.year}
    if survey.withdrawn_at:
        what = _("Survey of %(year)s recorded, later withdrawn") % words
    elif survey.corrects_id:
        what = _("Survey of %(year)s corrected") % words
    else:
        what = _("Survey of %(year)s recorded") % words
    return Entry(survey.recorded_at, what, survey.recorded_by.name, survey.reason)
