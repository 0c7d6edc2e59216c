"""What a dispatch rests on: the conditions of the post, what stands in the way, in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from officers.models import Officer
from teams.models import POST_NAMES, Cadre, Candidacy, Term, Unit
from teams.procedure import DISPATCHED, PROPOSERS
from teams.queries.cases import Account, Link, Point
from teams.queries.clashes import POST_TAKEN, clash_fault, clash_of
from teams.rules.candidates import Candidate, Check, Conditions, checks_of
from teams.rules.terms import Post
from trail.dates import business_date
from workflow.machine import Fault, Records, gettext_noop
from workflow.models import Case
from workflow.parameters import TEAM_OLDEST_AGE, TEAM_PARTY, TEAM_WORKING_YEARS
from workflow.queries import parameters_in_force

COUNTY_DIGITS = 6
RESTS_ON = {
    "name": gettext_lazy("name"),
    "unit": gettext_lazy("sponsoring unit"),
    "born": gettext_lazy("birth date"),
    "party_member_since": gettext_lazy("full Party member since"),
    "working_since": gettext_lazy("working since"),
    "is_healthy": gettext_lazy("in good health"),
}
"""What of a cadre's record the decision on his dispatch rests on, with its labels."""


def conditions_of(village: str, year: int) -> Conditions:
    """The policy that holds for posts in a village. Raises KeyError where none was ever set."""
    keys = (TEAM_WORKING_YEARS, TEAM_OLDEST_AGE, TEAM_PARTY)
    found = parameters_in_force(keys, village[:COUNTY_DIGITS], year)
    years, oldest, party = (found[key].value for key in keys)
    return Conditions(working_years=years, oldest=oldest, party=party)


def checks_for(cadre: Cadre, village: str, post: str, on: date) -> list[Check]:
    """The conditions of a post on the day of arrival, each met, not met or not known."""
    candidate = Candidate(
        born=cadre.born,
        party_member_since=cadre.party_member_since,
        working_since=cadre.working_since,
        is_healthy=cadre.is_healthy,
        has_unit=cadre.unit is not None and cadre.unit.ended_on is None,
    )
    return checks_of(candidate, post, on=on, conditions=conditions_of(village, on.year))


def point_of(check: Check) -> Point:
    """A condition with its answer in words."""
    answer = {True: _("yes"), False: _("no"), None: _("not known")}[check.is_met]
    colon = pgettext("between label and sentence", ": ")
    return Point(check.is_met, colon.join((_(check.text) % check.values, answer)))


def check_faults(cadre: Cadre, checks: Sequence[Check]) -> list[Fault]:
    """A fault for each condition that is not met or not known."""
    faults = []
    for check in checks:
        if check.is_met:
            continue
        values = {"name": cadre.name, "condition": _(check.text) % check.values}
        text = (
            gettext_noop("It is not known whether %(name)s %(condition)s. Complete the record.")
            if check.is_met is None
            else gettext_noop("A condition of the post is not met: %(name)s %(condition)s.")
        )
        faults.append(Fault(text, values))
    return faults


def arrival(candidacy: Candidacy, today: date) -> date:
    """The day on which the term would begin: the one that was proposed, or today when it passed."""
    return max(candidacy.starts_on, today)


def records_of(cases: Sequence[Case]) -> Mapping[int, Records]:
    """What stands against each dispatch as things are now: conditions, terms, a day that passed."""
    candidacies = Candidacy.objects.filter(case__in=cases)
    return {
        one.case_id: Records(_against(one))
        for one in candidacies.select_related("cadre__unit", "village")
    }


def _against(candidacy: Candidacy) -> dict[str, list[Fault]]:
    """What stands against one dispatch as things are now, and who holds the place (`taken`)."""
    today = business_date()
    first, village = arrival(candidacy, today), candidacy.village_id
    checks = checks_for(candidacy.cadre, village, candidacy.post, first)
    faults = check_faults(candidacy.cadre, checks)
    if candidacy.due_on <= first:
        text = gettext_noop(
            "The planned last day, %(day)s, has come. Withdraw the candidate and propose anew."
        )
        faults.append(Fault(text, {"day": candidacy.due_on}))
    clash = clash_of(candidacy.cadre_id, village, candidacy.post, first)
    said = [clash_fault(*clash, within=village[:COUNTY_DIGITS])] if clash else []
    if clash and clash[0] == POST_TAKEN:
        return {"faults": faults, "taken": said}
    return {"faults": [*faults, *said], "taken": []}


def rests_on(cadre: Cadre) -> dict[str, Any]:
    """The part of the record that a decision rests on, as plain values."""
    values = {name: getattr(cadre, name) for name in RESTS_ON if name != "unit"}
    plain = {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
    return plain | {"unit": cadre.unit_id}


def facts_of(cadre: Cadre, candidacy: Candidacy, checks: Sequence[Check]) -> dict[str, Any]:
    """The facts of a dispatch without the state of its case."""
    return {
        "cadre": cadre.number,
        "version": cadre.version,
        "rests_on": rests_on(cadre),
        "village": candidacy.village_id,
        "post": candidacy.post,
        "starts_on": candidacy.starts_on.isoformat(),
        "due_on": candidacy.due_on.isoformat(),
        "checks": [
            {"name": one.name, "is_met": one.is_met, "text": one.text, "values": dict(one.values)}
            for one in checks
        ],
    }


def differences(case: Case, cadre: Cadre) -> list[dict[str, str]]:
    """What of the record changed since the case was proposed or sent again, in words."""
    then, now = case.facts["rests_on"], rests_on(cadre)
    changed = [name for name in RESTS_ON if then.get(name) != now[name]]
    units = {then.get("unit"), now["unit"]} if "unit" in changed else set()
    names = dict(Unit.everywhere.filter(pk__in=units).values_list("pk", "name"))

    def words(name: str, value: Any) -> str:
        if value is None or value == "":
            return _("not known")
        if name == "unit":
            return names.get(value, str(value))
        return {True: _("yes"), False: _("no")}[value] if name == "is_healthy" else str(value)

    return [
        {
            "label": str(RESTS_ON[name]),
            "before": words(name, then.get(name)),
            "after": words(name, now[name]),
        }
        for name in changed
    ]


def account_of(officer: Officer, case: Case) -> Account:
    """Who is to serve where, as what and how long, with the conditions as they stand."""
    related = ("cadre__unit", "village")
    candidacy = Candidacy.objects.select_related(*related).get(case=case)
    cadre = candidacy.cadre
    rows: list[tuple[str, Any]] = [
        (_("Person"), f"{cadre.name} ({cadre.number})"),
        (_("Sponsoring unit"), cadre.unit.name if cadre.unit else _("none")),
        (_("Position in the unit"), cadre.title),
        (_("Post"), str(POST_NAMES[Post(candidacy.post)])),
        (_("Village"), candidacy.village.name),
        (_("First day"), candidacy.starts_on),
        (_("Planned last day"), candidacy.due_on),
    ]
    remarks = []
    if case.closed_at is None:
        first = arrival(candidacy, business_date())
        points = [
            point_of(one) for one in checks_for(cadre, case.division_id, candidacy.post, first)
        ]
        remarks = _remarks(case, candidacy)
    else:
        points = [point_of(Check(**one)) for one in case.facts["checks"]]
    if case.state == DISPATCHED:
        rows.append((_("Serves since"), Term.everywhere.get(case=case).starts_on))
        remarks = what_follows()
    shown = [(label, value) for label, value in rows if value]
    return Account(_("Who is to serve where"), shown, points, remarks, _links(officer, case))


def _remarks(case: Case, candidacy: Candidacy) -> list[str]:
    """What keeps an open case from going on, beyond the conditions that are listed anyway."""
    first, cadre = arrival(candidacy, business_date()), candidacy.cadre
    found = []
    if clash := clash_of(cadre.pk, candidacy.village_id, candidacy.post, first):
        fault = clash_fault(*clash, within=candidacy.village_id[:COUNTY_DIGITS])
        found.append(_(fault.text) % fault.values)
    if changed := differences(case, cadre):
        labels = _(", ").join(one["label"] for one in changed)
        text = _(
            "The record of the person changed since: %(what)s. Return the case to have it sent"
            " again."
        )
        found.append(text % {"what": labels})
    return found


def what_follows() -> list[str]:
    """What comes after a dispatch, for the page of its case."""
    return [
        _(
            "The account administrator gives an account and a posting as work-team member of the"
            " village."
        ),
        _("From the first day on, sign in every day in the village."),
    ]


def _links(officer: Officer, case: Case) -> list[Link]:
    if case.state == "returned" and officer.acting_role in PROPOSERS:
        return [Link(_("Fix and send again"), reverse("teams:candidate_mend", args=[case.pk]))]
    return []
