"""Somebody's history as his page shows it: one small answer for each subject.

Every subject has its template `templates/teams/person_<subject>.html` and its function here; all
take the officer first, and tell him what his role and posting let him see. Whoever the record
belongs to sees his own.
"""

from datetime import date
from typing import Any

from django.db.models import Sum

from officers.models import Officer
from teams.models import Assessment, Cadre, Candidacy, Pairing, Term
from teams.models.assessing import GRADE_NAMES
from teams.queries.grades import visible_assessments
from teams.queries.presence import Totals, year_totals
from teams.queries.roster import handed_over
from teams.rights import CASE_READERS, reads_assessments, reads_days, reads_training
from teams.rules.assessment import Grade
from workflow.models import Case
from workflow.parameters import TRAINING_YEAR_DAYS
from workflow.queries import parameter


def is_own(officer: Officer, cadre: Cadre) -> bool:
    """Whether the record is that of the officer himself."""
    return cadre.account_id is not None and cadre.account_id == officer.pk


def terms_of(officer: Officer, cadre: Cadre, today: date) -> dict[str, Any]:
    """The terms within the posting, the latest first, and how many lie elsewhere."""
    visible = Term.objects.visible_to(officer).filter(cadre=cadre)
    terms = list(visible.select_related("village", "unit").order_by("-starts_on", "-pk"))
    handed = handed_over(terms)
    elsewhere = Term.everywhere.filter(cadre=cadre).count() - len(terms)
    lines = [(term, handed.get(term.pk), term.span.holds(today)) for term in terms]
    return {"lines": lines, "elsewhere": elsewhere, "today": today}


def candidacies_of(officer: Officer, cadre: Cadre) -> list[Candidacy]:
    """The posts for which somebody was proposed, where the officer sees the case."""
    if officer.acting_role not in CASE_READERS:
        return []
    cases = Case.objects.visible_to(officer).filter(kind="dispatch", subject=cadre.number)
    found = Candidacy.objects.filter(cadre=cadre, case__in=cases.values("pk"))
    return list(found.select_related("case", "village").defer("case__facts").order_by("-pk"))


def pairings_of(officer: Officer, cadre: Cadre, today: date) -> dict[str, int]:
    """How many households within the posting somebody helps today, and ever helped."""
    visible = Pairing.objects.visible_to(officer).filter(cadre=cadre)
    ever = visible.order_by().values("household").distinct().count()
    return {"now": visible.in_force(today).count(), "ever": ever}


def presence_of(cadre: Cadre, today: date) -> Totals | None:
    """What the days of the year add up to so far; None for somebody who does not serve in it."""
    return year_totals([cadre.pk], today.year, today).get(cadre.pk)


def training_of(officer: Officer, cadre: Cadre, today: date) -> dict[str, Any] | None:
    """The courses of somebody and the days of this year; None where the role sees none."""
    if not (reads_training(officer) or is_own(officer, cadre)):
        return None
    records = cadre.training.select_related("training").order_by("-training__starts_on")
    passed = records.exclude(passed=False).filter(training__starts_on__year=today.year)
    return {
        "records": list(records),
        "days": passed.aggregate(days=Sum("days"))["days"] or 0,
        "wanted": parameter(TRAINING_YEAR_DAYS, cadre.division_id, today.year),
        "year": today.year,
    }


def assessments_of(officer: Officer, cadre: Cadre) -> list[tuple[Assessment, Any]] | None:
    """The confirmed assessments with their grades; None for who may not read them."""
    if not (reads_assessments(officer) or is_own(officer, cadre)):
        return None
    found = visible_assessments(officer).filter(cadre=cadre, grade__isnull=False)
    return [(one, GRADE_NAMES[Grade(one.grade)]) for one in found.order_by("-year") if one.grade]


def incentives_of(officer: Officer, cadre: Cadre) -> list[Any] | None:
    """What somebody received for his service; None where the role reads no single days."""
    if not (reads_days(officer) or is_own(officer, cadre)):
        return None
    return list(cadre.incentives.all())


def person_of(officer: Officer, cadre: Cadre, *, today: date) -> dict[str, Any]:
    """Everything that the page of a person shows, by subject."""
    return {
        "terms": terms_of(officer, cadre, today),
        "candidacies": candidacies_of(officer, cadre),
        "pairings": pairings_of(officer, cadre, today),
        "year": today.year,
        "presence": presence_of(cadre, today),
        "training": training_of(officer, cadre, today),
        "assessments": assessments_of(officer, cadre),
        "incentives": incentives_of(officer, cadre),
    }
