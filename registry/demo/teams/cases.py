"""What waits for a visitor: people proposed for villages without first secretary, and a leave."""

from collections.abc import Mapping
from datetime import date, timedelta

from officers.models import Officer
from registry.demo.accounts import COUNTY, DEMO_ACCOUNTS
from teams.actions.absences import Asked, ask_absence
from teams.actions.dispatching import Wanted, advance, propose_candidate
from teams.models import Cadre, Pairing, TeamVillage, Term
from teams.rules.presence import AbsenceKind
from teams.rules.terms import Post, Span
from trail.dates import business_date
from workflow.models import Case

NOTICE, LEAVE_DAYS = timedelta(days=21), 3
PROPOSED, WHOLE_TEAM = 2, 3


def begin_cases() -> list[Case]:
    """Two dispatches at different steps, and a leave that the township decides; by demo accounts.

    Through the actions that officers use, on the business date; fewer where a village has nobody
    to send or nothing is missing.
    """
    names = [account.username for account in DEMO_ACCOUNTS]
    cast = {one.username: one for one in Officer.objects.filter(username__in=names)}
    cases = _propose(cast)
    if cases:
        _check(cases[0], by=cast["clerk"])
    asked = Asked(AbsenceKind.PERSONAL, _leave(), "家中老人住院，需陪护三天。")
    return [*cases, ask_absence(asked, by=cast["secretary"])]


def _leave() -> Span:
    first = business_date() + timedelta(days=7)
    return Span(first, first + timedelta(days=LEAVE_DAYS - 1))


def _propose(cast: Mapping[str, Officer]) -> list[Case]:
    """Somebody who helps households there, for each of two villages that lack somebody."""
    today = business_date()
    free = Cadre.everywhere.filter(division_id=COUNTY, account=None).exclude(terms__isnull=False)
    cases = []
    for village, post in _lacking(today)[:PROPOSED]:
        helping = Pairing.everywhere.in_force(today).filter(village=village).values("cadre")
        cadre = free.filter(pk__in=helping).order_by("number").first()
        if cadre is not None:
            starts_on = today + NOTICE
            due_on = starts_on.replace(year=starts_on.year + 2, day=1)
            wanted = Wanted(village, post, starts_on, due_on)
            cases.append(propose_candidate(cadre.pk, wanted, by=cast["clerk"]))
    return cases


def _lacking(today: date) -> list[tuple[str, Post]]:
    """Villages of the county without first secretary, then those with few others, by code."""
    serving: dict[str, list[str]] = {}
    for village, post in Term.everywhere.in_force(today).values_list("village_id", "post"):
        serving.setdefault(village, []).append(post)
    listed = TeamVillage.everywhere.in_force(today).within(COUNTY)
    villages = sorted(listed.values_list("village_id", flat=True))
    teams = [(village, serving.get(village, [])) for village in villages]
    unled = [(v, Post.FIRST_SECRETARY) for v, team in teams if Post.FIRST_SECRETARY not in team]
    led = [(v, team) for v, team in teams if Post.FIRST_SECRETARY in team]
    small = [(v, Post.MEMBER) for v, team in led if len(team) < WHOLE_TEAM]
    return [*unled[:1], *small, *unled[1:]]


def _check(case: Case, *, by: Officer) -> None:
    evidence = {
        "checked_on": business_date(),
        "integrity": "县纪委监委：无不良反映。",
        "ability": "派出单位：政治可靠，作风扎实，有农村工作经验。",
    }
    advance(case.pk, "check", by=by, version=case.version, evidence=evidence)
