"""What stands on record about an identification as JSON values; free text is left out."""

from typing import Any

from households.models import Member
from households.rights import masked_name
from identification.models import Appeal, Application, Comparison, RedLineHit
from identification.queries import effects_of
from trail.shapes import day
from workflow.models import Case


def records_json(case: Case) -> dict[str, Any]:
    """The application, the departments' answers, the red lines and the appeals."""
    application = Application.objects.filter(case=case).first()
    hits = list(case.red_line_hits.select_related("member"))
    effects = effects_of(case.division_id) if hits else {}
    return {
        "application": _application(application) if application else None,
        "answers": [_answer(one) for one in case.comparisons.all()],
        "red_lines": [_red_line(one, effects.get(one.rule)) for one in hits],
        "appeals": [_appeal(one) for one in case.appeals.all()],
    }


def _application(one: Application) -> dict[str, Any]:
    return {
        "applied_on": day(one.applied_on),
        "applicant": one.applicant,
        "kin_of_official": one.kin_of_official,
        "registration_number": one.registration_number or None,
        "helper_due_on": day(one.helper_due_on),
        "plan_due_on": day(one.plan_due_on),
    }


def _answer(one: Comparison) -> dict[str, Any]:
    return {"department": one.department, "result": one.result, "on": day(one.on)}


def _red_line(one: RedLineHit, effect: str | None) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "effect": effect,
        "person": _person(one.member),
        "recorded_on": day(one.recorded_on),
        "accepted_on": day(one.accepted_on),
        "withdrawn_on": day(one.withdrawn_on),
    }


def _person(member: Member | None) -> dict[str, str] | None:
    if member is None:
        return None
    return {"number": member.person_number, "name": masked_name(member.name)}


def _appeal(one: Appeal) -> dict[str, Any]:
    return {
        "level": one.level,
        "appellant": one.appellant,
        "received_on": day(one.received_on),
        "resolved_on": day(one.resolved_on),
        "upheld": one.upheld,
    }
