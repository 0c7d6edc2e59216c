"""What is on record about somebody's year and what follows from it, line by line."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from officers.models import Officer
from officers.rules import Role
from teams.models import POST_NAMES, Assessment, Term
from teams.models.assessing import ASSESSOR_NAMES, GRADE_NAMES
from teams.procedure import CONFIRMED, TOWNSHIP
from teams.queries.assessments import (
    COUNTY_DIGITS,
    GRADED,
    SCORING,
    Weighed,
    differences_of,
    quota_of,
    weigh,
)
from teams.queries.cases import Account, Link, Point
from teams.rights import ASSESSMENT_READERS, MANAGERS, SIDES
from teams.rules.assessment import Assessor, Bounds, Facts, Grade, Limit, limits_of
from teams.rules.terms import Post
from trail.dates import business_date
from workflow.models import Case

SEE_ALL = ASSESSMENT_READERS - {Role.VILLAGE_OFFICIAL, Role.TOWNSHIP_REVIEWER}
"""Who sees all points at any time; village and township see them once they gave their own."""


def account_of(officer: Officer, case: Case) -> Account:
    """Whose year is assessed, who gave which points, what the year shows, and what follows.

    Once a grade is proposed it tells what that rests on, and what changed since.
    """
    assessment = _assessment_of(case)
    weighed = weigh([assessment])[case.pk]
    facts, limits = _standing(weighed)
    rows = [*_who(assessment), *_scores(officer, weighed), *_year(officer, weighed, facts)]
    points = [_point(limit) for limit in limits] if _sees_points(officer, weighed) else []
    return Account(
        _("The year and what follows from it"),
        [(label, value) for label, value in rows if value not in ("", None)],
        points,
        _remarks(officer, weighed),
        _links(officer, weighed),
    )


def _assessment_of(case: Case) -> Assessment:
    related = ("case", "cadre__unit", "cadre__account", "term__village")
    return Assessment.objects.select_related(*related).get(case=case)


def _standing(weighed: Weighed) -> tuple[Facts, list[Limit]]:
    """The facts and their lines: as they are, or as they were when the grade was proposed."""
    kept = weighed.assessment.case.facts
    if weighed.assessment.case.state == SCORING or "facts" not in kept:
        return weighed.facts, weighed.limits
    facts = Facts(**(kept["facts"] | {"points": Decimal(kept["facts"]["points"])}))
    return facts, limits_of(facts, Bounds(**kept["bounds"]))


def _who(assessment: Assessment) -> list[tuple[str, Any]]:
    term, cadre = assessment.term, assessment.cadre
    return [
        (_("Person"), f"{cadre.name} ({cadre.number})"),
        (_("Post"), str(POST_NAMES[Post(term.post)])),
        (_("Village"), term.village.name),
        (_("Sponsoring unit"), cadre.unit.name if cadre.unit else ""),
    ]


def _scores(officer: Officer, weighed: Weighed) -> list[tuple[str, Any]]:
    """Who gave points, and how many where that may be seen; the person himself reads no names."""
    colon, dot = pgettext("between label and sentence", ": "), " · "
    shown, own = _sees_points(officer, weighed), is_own(officer, weighed.assessment)
    rows = []
    for one in weighed.scores:
        side = str(ASSESSOR_NAMES[Assessor(one.assessor)])
        told = [str(one.points)] if shown else [_("given")]
        if not own:
            told.append(one.given_by.name)
        if shown and not own and one.remark:
            told.append(one.remark)
        rows.append((colon.join((_("Points"), side)), dot.join(told)))
    return rows


def _year(officer: Officer, weighed: Weighed, facts: Facts) -> list[tuple[str, Any]]:
    assessment, case = weighed.assessment, weighed.assessment.case
    until = case.facts.get("until") if case.state != SCORING else None
    rows: list[tuple[str, Any]] = []
    if weighed.scores and _sees_points(officer, weighed):
        rows.append((_("Points, weighted"), str(facts.points)))
    if facts.asked:
        said = _("%(satisfied)s of %(asked)s") % {
            "satisfied": facts.satisfied,
            "asked": facts.asked,
        }
        rows.append((_("Satisfied villagers"), said))
    days = _("%(days)s of %(wanted)s wanted") % {"days": facts.days, "wanted": facts.wanted}
    rows += [
        (_("Days in the village"), days),
        (_("Days absent without leave"), str(facts.unexplained)),
        (_("Counted up to"), weighed.until if until is None else _day(until)),
    ]
    if case.state in (GRADED, CONFIRMED):
        rows.append((_("Grade that the facts allow"), _named(case.facts.get("proposed"))))
        rows.append((_("Grade that the clerk proposed"), _named(case.facts.get("given"))))
    if assessment.grade:
        rows.append((_("Grade"), _named(assessment.grade)))
        rows.append((_("Confirmed on"), assessment.confirmed_on))
    elif case.state == SCORING and not weighed.missing and _sees_points(officer, weighed):
        rows.append((_("Grade that the facts allow"), _named(int(weighed.proposed))))
    return rows


def _day(text: str) -> Any:
    return business_date().fromisoformat(text)


def _named(grade: int | None) -> str:
    return str(GRADE_NAMES[Grade(grade)]) if grade else ""


def _point(limit: Limit) -> Point:
    """One line: what it says, and the best grade that it leaves."""
    text = _(limit.text) % limit.values
    if limit.grade == Grade.EXCELLENT:
        return Point(is_met=True, text=text)
    at_most = _("At most “%(grade)s”.") % {"grade": GRADE_NAMES[limit.grade]}
    return Point(is_met=False, text=f"{text} {at_most}")


def _remarks(officer: Officer, weighed: Weighed) -> list[str]:
    case = weighed.assessment.case
    found = []
    if case.state == SCORING:
        found = [_(fault.text) % fault.values for fault in weighed.missing]
        if not _sees_points(officer, weighed):
            found.append(_("You see the points of the others once you gave your own."))
    if case.state == GRADED and (moved := differences_of(case.facts, weighed.snapshot())):
        labels = _(", ").join(str(one["label"]) for one in moved)
        found.append(
            _("The year looks different by now (%(what)s). Return it to have it graded anew.")
            % {"what": labels}
        )
    if case.state == GRADED and case.facts.get("given") == Grade.EXCELLENT:
        quota = quota_of(case.division_id[:COUNTY_DIGITS], weighed.assessment.year)
        found.append(
            _("Places for “excellent” in the county: %(places)s, of which %(taken)s are taken.")
            % {"places": quota.places, "taken": quota.taken}
        )
    if replace_by := recall_due(weighed.assessment):
        found.append(
            _("Must be recalled and replaced by %(day)s.") % {"day": replace_by.isoformat()}
        )
    return found


def recall_due(assessment: Assessment) -> Any:
    """The day until which somebody who failed must be replaced, while his term still runs."""
    if assessment.grade != Grade.INCOMPETENT:
        return None
    term = running_term(assessment)
    return term.replace_by if term else None


def running_term(assessment: Assessment) -> Term | None:
    """The term that the person serves today without a last day."""
    running = Term.everywhere.in_force(business_date())
    return running.filter(cadre=assessment.cadre_id, last_day=None).first()


def is_own(officer: Officer, assessment: Assessment) -> bool:
    """Whether the officer is the one who is assessed."""
    return assessment.cadre.account_id == officer.pk


def _sees_points(officer: Officer, weighed: Weighed) -> bool:
    given = any(one.given_by_id == officer.pk for one in weighed.scores)
    decided = weighed.assessment.case.state != SCORING
    return officer.acting_role in SEE_ALL or given or decided


def why_no_points(officer: Officer, weighed: Weighed) -> str:
    """Why the officer cannot give points now; "" when he can."""
    if is_own(officer, weighed.assessment) or officer.acting_role not in SIDES:
        return _("Your role gives no points here.")
    if weighed.assessment.case.state != SCORING:
        return _("A grade is proposed already. The county must return it before this changes.")
    if any(one.given_by_id == officer.pk for one in weighed.scores):
        return _("You gave points already. Nobody gives points twice.")
    return ""


def _links(officer: Officer, weighed: Weighed) -> list[Link]:
    assessment = weighed.assessment
    links = []
    if not why_no_points(officer, weighed):
        links.append(Link(_("Give points"), reverse("teams:points", args=[assessment.pk])))
    polls = officer.acting_role in TOWNSHIP and not is_own(officer, assessment)
    if polls and assessment.case.state == SCORING:
        label = _("Record the villagers' word") if assessment.asked is None else _("Correct it")
        links.append(Link(label, reverse("teams:poll", args=[assessment.pk])))
    if recall_due(assessment) and officer.acting_role in MANAGERS:
        term = running_term(assessment)
        if term is not None:
            address = reverse("teams:term_end", args=[term.pk])
            links.append(Link(_("Recall now"), f"{address}?reason=recall"))
    return links
