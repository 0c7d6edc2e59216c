"""Terms of the people of each village, drawn backwards from today, with the gaps of real life."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from django.utils import timezone

from officers.models import Officer
from registry.demo.accounts import VILLAGE
from registry.demo.teams.people import People
from teams.models import Cadre, Handover, NeedReason, TeamVillage, Term
from teams.models.terms import HANDOVER_FIELD
from teams.rules.terms import ONE_DAY, EndReason, Post
from trail.sealing import seal

BACK_TO, SHORTEST = timedelta(days=3 * 365), timedelta(days=300)
"""Whoever left before is not drawn; the first teams came four years ago."""

TWO_YEARS, THREE_YEARS = 2, 3
LONG_TERMS, EARLY_ENDS, AGAIN, LATE_SUCCESSORS = 0.2, 0.12, 0.12, 0.2
EARLY = (EndReason.PROMOTION, EndReason.ILLNESS, EndReason.OTHER)
HANDED_OVER = 0.9
HANDED = (
    "移交走访台账、项目资料各一套；两件待办已向接任同志交代。",
    "移交党建资料和产业项目合同；合作社分红方案下月议定。",
)
SOURCE = "省级建档立卡贫困村名单"
REASONS = (
    NeedReason.POOR, NeedReason.POOR, NeedReason.POOR, NeedReason.POOR, NeedReason.WEAK,
    NeedReason.POOR, NeedReason.POOR, NeedReason.KEY, NeedReason.POOR, NeedReason.POOR,
)  # fmt: skip


class Situation(StrEnum):
    """What a visitor finds in a village."""

    WHOLE = "whole"
    NO_SECRETARY = "no_secretary"
    TOO_FEW = "too_few"
    OVERDUE = "overdue"
    ENDING = "ending"
    RECALLED = "recalled"
    NOBODY = "nobody"


SITUATIONS = {
    3: Situation.NO_SECRETARY,
    5: Situation.TOO_FEW,
    6: Situation.OVERDUE,
    8: Situation.ENDING,
}
RECALLED_AT, EVERY, NOBODY_EVERY, NOBODY_AT = 2, 10, 30, 19


def situation_of(place: int) -> Situation:
    """The situation of the village that stands at `place` in its county."""
    if place == RECALLED_AT:
        return Situation.RECALLED
    if place % NOBODY_EVERY == NOBODY_AT:
        return Situation.NOBODY
    return SITUATIONS.get(place % EVERY, Situation.WHOLE)


def needs(villages: Sequence[str], *, today: date) -> list[TeamVillage]:
    """All the villages on the list of those that must have a team."""
    since = date(today.year - 5, 7, 1)
    return [
        TeamVillage(village_id=village, reason=REASONS[place % len(REASONS)], starts_on=since,
                    source=SOURCE)
        for place, village in enumerate(villages)
    ]  # fmt: skip


@dataclass
class Service:
    """The terms of a village, latest first within each seat."""

    village: str
    situation: Situation
    terms: list[Term]

    def serving(self, on: date) -> list[Term]:
        """Who serves on a day, the first secretary first."""
        there = [term for term in self.terms if term.span.holds(on)]
        return sorted(there, key=lambda term: term.post != Post.FIRST_SECRETARY)


class Sender:
    """Draws the terms of one village after the other."""

    def __init__(self, random: Random, people: People, cast: Mapping[str, Officer], *, today: date):
        self.random, self.people, self.cast, self.today = random, people, cast, today
        self.began = date(today.year - 4, 3, 1)

    def serve(self, village: str, situation: Situation) -> Service:
        """Everybody who served in the village: a first secretary, two or three others."""
        if situation is Situation.RECALLED and self.today < date(self.today.year, 4, 1):
            situation = Situation.WHOLE
        others = 1 if situation is Situation.TOO_FEW else self.random.choice([2, 2, 3])
        leads = self.random.random() < LONG_TERMS
        first = Situation.WHOLE if situation is Situation.RECALLED else situation
        terms = self._seat(village, Post.FIRST_SECRETARY, first)
        for place in range(others):
            post = Post.LEADER if leads and place == 0 else Post.MEMBER
            own = Situation.WHOLE
            if situation is Situation.NOBODY:
                own = Situation.NO_SECRETARY
            elif situation is Situation.RECALLED and place == others - 1:
                own = Situation.RECALLED
            terms += self._seat(village, post, own)
        return Service(village, situation, terms)

    def _seat(self, village: str, post: Post, situation: Situation) -> list[Term]:
        """One after the other on the same seat, from the one of today backwards."""
        terms = []
        if situation in (Situation.NO_SECRETARY, Situation.NOBODY):
            last = self.today - timedelta(days=self.random.randint(20, 70))
            reason = self.random.choice(EARLY)
        else:
            current = self._current(village, post, situation)
            terms.append(current)
            last = current.starts_on - ONE_DAY
            if situation is Situation.RECALLED:
                terms.append(self._recalled(village, post, last - timedelta(days=13)))
                last = terms[-1].starts_on - ONE_DAY
            reason = EndReason.TERM
        while last > max(self.today - BACK_TO, self.began + SHORTEST):
            terms.append(self._ended(village, post, last, reason, terms[-1:]))
            last = terms[-1].starts_on - ONE_DAY
            if self.random.random() < LATE_SUCCESSORS:
                last -= timedelta(days=self.random.randint(5, 60))
            reason = EndReason.TERM
            if self.random.random() < EARLY_ENDS:
                reason = self.random.choice(EARLY)
        return terms

    def _current(self, village: str, post: Post, situation: Situation) -> Term:
        """The term that runs today. Its age decides whether it ends soon or is overdue."""
        secretary = self.cast.get("secretary")
        if village == VILLAGE and post is Post.FIRST_SECRETARY and secretary:
            cadre = self.people.official(village[:6], name=secretary.name)
            cadre.account = secretary
            return self._term(cadre, village, post, self.today - timedelta(days=600))
        ages = {
            Situation.OVERDUE: (2 * 365 + 20, 2 * 365 + 70),
            Situation.ENDING: (2 * 365 - 50, 2 * 365 - 10),
        }
        if situation is Situation.RECALLED:
            starts_on = date(self.today.year, 2, 24)
        else:
            age = self.random.randint(*ages.get(situation, (80, 640)))
            starts_on = self.today - timedelta(days=age)
        return self._term(self.people.official(village[:6]), village, post, starts_on)

    def _recalled(self, village: str, post: Post, last: date) -> Term:
        """Somebody whose year was found incompetent, and who was replaced in time."""
        cadre = self.people.official(village[:6])
        term = self._term(cadre, village, post, date(last.year - 2, 3, 1))
        term.last_day, term.end_reason = last, EndReason.RECALL
        term.end_note = "年度考核不称职，召回撤换"
        term.replace_by = last + timedelta(days=20)
        return term

    def _ended(
        self, village: str, post: Post, last: date, reason: EndReason, later: Sequence[Term]
    ) -> Term:
        """A term that ended on `last`; sometimes its holder is the one who serves on."""
        serves_on = bool(later) and later[0].starts_on == last + ONE_DAY
        again = serves_on and reason == EndReason.TERM and self.random.random() < AGAIN
        is_the_secretary = serves_on and later[0].cadre.account_id is not None
        if again and not is_the_secretary:
            cadre: Cadre = later[0].cadre
        else:
            cadre = self.people.official(village[:6])
        years = THREE_YEARS if self.random.random() < LONG_TERMS else TWO_YEARS
        starts_on = _years_before(last + ONE_DAY, years)
        due_on = last
        if reason != EndReason.TERM:
            starts_on = last - timedelta(days=self.random.randint(260, 560))
            due_on = _years_after(starts_on, TWO_YEARS)
        term = self._term(cadre, village, post, max(starts_on, self.began))
        term.due_on, term.last_day, term.end_reason = due_on, last, reason
        return term

    def _term(self, cadre: Cadre, village: str, post: Post, starts_on: date) -> Term:
        return Term(
            cadre=cadre, village_id=village, post=post, unit=cadre.unit, starts_on=starts_on,
            due_on=_years_after(starts_on, TWO_YEARS),
            letter=f"组干〔{starts_on.year}〕{self.random.randint(3, 60)}号",
        )  # fmt: skip


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


def _years_after(starts_on: date, years: int) -> date:
    """The last day of so many years."""
    return starts_on.replace(year=starts_on.year + years, day=min(starts_on.day, 28)) - ONE_DAY


def handovers(random: Random, service: Service, *, by: Officer) -> Iterator[Handover]:
    """What those who left handed on, nearly all of them, to whoever came next on the same post."""
    for term in service.terms:
        last = term.last_day
        if last is None or random.random() >= HANDED_OVER:
            continue
        later = [one for one in service.terms if one.post == term.post and one.starts_on > last]
        following = min(later, key=lambda one: one.starts_on, default=None)
        handed_on = max(term.starts_on, last - timedelta(days=random.randint(0, 6)))
        row = uuid.UUID(int=random.getrandbits(128), version=4)
        yield Handover(
            term=term, uuid=row, handed_on=handed_on, to=following.cadre if following else None,
            content_sealed=seal(random.choice(HANDED), field=HANDOVER_FIELD, row=row),
            recorded_by=term.cadre.account or by,
            recorded_at=timezone.make_aware(datetime.combine(handed_on, time(17))),
        )  # fmt: skip
