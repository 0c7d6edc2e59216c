"""What a case about a village or county is about, in words: for the page of the case."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from exits.actions.counties import EVALUATED_IN
from exits.actions.villages import JUDGED_IN
from exits.procedure import COUNTY_EXIT, VILLAGE_EXIT
from exits.queries import counties
from exits.queries.evaluation_words import rate_rows
from exits.queries.evaluations import differences_of
from exits.queries.figures import count_of, incidence_text, latest_of, results_of
from exits.queries.villages import difference, judgements_of
from exits.rights import EVALUATORS, JUDGES
from exits.rules.counties import eligibility_faults
from exits.rules.shares import limit_percent
from exits.rules.villages import Count, Result, incidence_faults
from households.rights import is_hidden_count, reads_names, shown_count
from households.village_fields import Kind, fields, in_words
from officers.models import Officer
from teams.queries.cases import Account, Link, Point
from trail.dates import day_text
from workflow.models import Case

PLACE_KINDS = frozenset({VILLAGE_EXIT.kind, COUNTY_EXIT.kind})


def account_of_place(officer: Officer, case: Case) -> Account | None:
    """What the case is about; None for a case about no place."""
    if case.kind == VILLAGE_EXIT.kind:
        return _of_village(officer, case)
    return _of_county(officer, case) if case.kind == COUNTY_EXIT.kind else None


def changes_of_place(officer: Officer, case: Case) -> list[dict[str, str]]:
    """What of the figures differs by now from the facts of an open case.

    Nothing for roles that might read few persons out of it.
    """
    if case.closed_at is not None or not reads_names(officer):
        return []
    year = case.facts["year"]
    if case.kind == VILLAGE_EXIT.kind:
        return difference(case.facts, latest_of(case.subject, year).facts)
    return counties.difference(case.facts, counties.latest_of(case.subject, year))


def _of_village(officer: Officer, case: Case) -> Account:
    facts = case.facts
    judged = judgements_of([case]).get(case.pk, {})
    results = results_of(facts, {code: one.met for code, one in judged.items()})
    waiting = [one for one in results if not one.field]
    judges = officer.acting_role in JUDGES and case.state in JUDGED_IN
    notes = [
        _("%(name)s: %(note)s (%(officer)s, %(day)s)")
        % {
            "name": one.name,
            "note": judged[one.code].note,
            "officer": judged[one.code].judged_by.name,
            "day": day_text(judged[one.code].judged_on),
        }
        for one in waiting
        if one.code in judged
    ]
    links = [
        Link(
            _("Judge “%(name)s”") % {"name": one.name},
            reverse("exits:judge", args=[case.pk, one.code]),
        )
        for one in (waiting if judges else ())
    ]
    page = reverse("exits:village", args=[case.subject]) + f"?year={facts['year']}"
    return Account(
        _("Why the village may exit"),
        [
            (_("Village"), case.division.name),
            (_("Year of the figures"), facts["year"]),
            *incidence_rows(officer, count_of(facts)),
        ],
        [incidence_point(count_of(facts)), *(indicator_point(one) for one in results)],
        notes,
        [Link(_("The village's figures"), page), *links],
    )


def incidence_rows(officer: Officer, count: Count) -> list[tuple[str, Any]]:
    """The incidence with its formula and numbers, as the role may see them."""
    rows: list[tuple[str, Any]] = [
        (_("Poor persons"), shown_count(officer, count.poor)),
        (_("Rural registered population"), in_words(count.population)),
    ]
    if is_hidden_count(officer, count.poor):
        rows.append((_("Incidence"), _("hidden, few persons")))
    elif count.population:
        text = _("%(poor)s ÷ %(population)s = %(incidence)s")
        values = {
            "poor": f"{count.poor:,}",
            "population": f"{count.population:,}",
            "incidence": incidence_text(count),
        }
        rows.append((_("Incidence"), text % values))
    rows.append((_("It must be below"), limit_percent(count.limit_bp)))
    return rows


def incidence_point(count: Count) -> Point:
    """Whether the incidence allows the exit."""
    if not count.population:
        return Point(None, _("The incidence is not known."))
    if incidence_faults(count):
        return Point(is_met=False, text=_("The incidence is not below the limit."))
    return Point(is_met=True, text=_("The incidence is below the limit."))


def indicator_point(result: Result) -> Point:
    """One indicator: its name, its figure, whether it stops the exit."""
    known = fields().get(result.field)
    kind = _("stops the exit") if result.vetoes else _("is reported")
    unknown = _("not known") if result.field else _("not judged yet")
    word = {True: _("met"), False: _("not met"), None: unknown}[result.met]
    said: dict[str, Any] = {"name": result.name, "met": word, "kind": kind}
    if known is None or known.kind == Kind.FLAG:
        return Point(result.met, _("%(name)s: %(met)s · %(kind)s") % said)
    said |= {"field": known, "value": in_words(result.figure)}
    text = _("%(name)s: %(met)s (%(field)s: %(value)s) · %(kind)s")
    return Point(result.met, text % said)


def _of_county(officer: Officer, case: Case) -> Account:
    facts = case.facts
    evaluated = counties.evaluated(case)
    faults = eligibility_faults(counties.standing_of(facts))
    rows: list[tuple[str, Any]] = [
        (_("County"), case.division.name),
        (_("Year of the figures"), facts["year"]),
        (
            _("Listed villages that exited"),
            _("%(exited)s of %(villages)s")
            % {"exited": f"{facts['exited']:,}", "villages": f"{facts['villages']:,}"},
        ),
        *incidence_rows(officer, counties.standing_of(facts).count),
    ]
    points = [Point(is_met=False, text=_(one.text) % one.values) for one in faults]
    points = points or [
        Point(is_met=True, text=_("All listed villages exited and the incidence is low."))
    ]
    remarks = []
    if evaluated:
        rated = rate_rows(officer, evaluated.sample, evaluated.rates)
        rows += [(one.name, one.formula) for one in rated]
        points += [Point(one.passes, one.verdict) for one in rated]
        one = evaluated.evaluation
        said = _("Evaluated by %(evaluator)s from %(first)s to %(last)s.")
        days = {"first": day_text(one.first_day), "last": day_text(one.last_day)}
        remarks.append(said % {"evaluator": one.evaluator, **days})
        remarks += differences_of(officer, one)
    else:
        points.append(Point(None, _("The result of the special evaluation is not on record.")))
    page = reverse("exits:county", args=[case.subject]) + f"?year={facts['year']}"
    links = [Link(_("The county's figures"), page)]
    if officer.acting_role in EVALUATORS and case.state in EVALUATED_IN:
        links.append(
            Link(_("Record the special evaluation"), reverse("exits:evaluation", args=[case.pk]))
        )
    return Account(_("Why the county may exit"), rows, points, remarks, links)
