"""What the page of an identification shows beside the steps: application, answers, red lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from households.models import Member
from households.queries import visible_households
from households.rights import masked_name, reads_names
from identification.actions.appeals import APPEALABLE, appeal_days
from identification.actions.redlines import EXPLAIN, OFFICES
from identification.departments import DEPARTMENTS
from identification.models import Appeal, Application, Comparison, RedLineHit
from identification.procedure import CLERK, COUNTY, TOWNSHIP, VILLAGE
from identification.queries import KINDS, Remarks, effects_of, remarks_of_case
from officers.models import Officer
from registry.pages.cases.queries import remarks_in_words
from registry.templatetags.markup import day
from teams.queries.pairings import helper_named_by
from workflow.deadlines import deadline_of
from workflow.models import Case
from workflow.parameters import RED_LINES
from workflow.queries import standing_lines

ACTS = {"explain": VILLAGE | TOWNSHIP | CLERK, "accept": OFFICES, "withdraw": OFFICES}


@dataclass(frozen=True)
class Hit:
    """One red line of the case; `acts` are what the officer's role may do with it."""

    row: RedLineHit
    label: str
    member: str
    effect: str
    acts: tuple[str, ...]

    @property
    def mark(self) -> str:
        """The sign before its line."""
        if self.row.withdrawn_on:
            return "none"
        return "good" if self.row.accepted_by_id else "bad-mark"


@dataclass(frozen=True)
class Answer:
    """What a department answered, with its name in words."""

    row: Comparison
    department: str


@dataclass(frozen=True)
class Sheet:
    """What stands on record about an identification; without `reads_names`, no free text."""

    application: Application | None
    answers: list[Answer]
    hits: list[Hit]
    appeals: list[Appeal]
    returns: int
    returned: Remarks | None
    remarks: list[tuple[str, str]]
    may_mend: bool
    ahead: list[str]
    reads_names: bool
    may_compare: bool
    may_record_hit: bool
    may_appeal: bool
    may_resolve: bool


def sheet_of(officer: Officer, case: Case, *, today: date) -> Sheet | None:
    """The sheet of a case of identification or re-inclusion; None for another procedure."""
    if case.kind not in KINDS:
        return None
    application = Application.objects.filter(case=case).first()
    hits = list(case.red_line_hits.select_related("member", "accepted_by"))
    appeals = list(case.appeals.select_related("resolved_by"))
    is_open = case.closed_at is None
    returned = remarks_of_case(case)
    waits = any(appeal.resolved_on is None for appeal in appeals)
    return Sheet(
        application=application,
        answers=[Answer(one, _(DEPARTMENTS[one.department])) for one in case.comparisons.all()],
        hits=_hits(officer, case, hits),
        appeals=appeals,
        returns=returned.times if returned else case.events.filter(step="return").count(),
        returned=returned,
        remarks=remarks_in_words(returned.fields) if returned else [],
        may_mend=returned is not None and officer.acting_role in VILLAGE,
        ahead=ahead_of(case, application, today),
        reads_names=reads_names(officer),
        may_compare=is_open and officer.acting_role in TOWNSHIP | CLERK,
        may_record_hit=is_open and officer.acting_role in VILLAGE | OFFICES,
        may_appeal=is_open
        and not waits
        and case.state in APPEALABLE
        and officer.acting_role in VILLAGE | TOWNSHIP | CLERK | COUNTY,
        may_resolve=is_open and officer.acting_role in TOWNSHIP | COUNTY,
    )


def _hits(officer: Officer, case: Case, rows: Sequence[RedLineHit]) -> list[Hit]:
    effects = effects_of(case.division_id) if rows else {}
    return [
        Hit(
            row=row,
            label=_(RED_LINES[row.rule]),
            member=_name(officer, row.member) if row.member else "",
            effect=effects[row.rule],
            acts=_acts(officer, case, row, effects[row.rule]),
        )
        for row in rows
    ]


def _name(officer: Officer, member: Member) -> str:
    return member.name if reads_names(officer) else masked_name(member.name)


def _acts(officer: Officer, case: Case, hit: RedLineHit, effect: str) -> tuple[str, ...]:
    """What the officer may do with a hit, as far as his role and its state go."""
    if case.closed_at or hit.withdrawn_on or hit.accepted_by_id:
        return ()
    fitting = {
        "explain": effect == EXPLAIN and not hit.explanation,
        "accept": effect == EXPLAIN and bool(hit.explanation),
        "withdraw": True,
    }
    return tuple(
        act for act, roles in ACTS.items() if fitting[act] and officer.acting_role in roles
    )


def members_of(officer: Officer, case: Case) -> list[tuple[str, str]]:
    """The members of the household by key, as a red line can name them."""
    households = visible_households(officer).filter(number=case.subject)
    members = Member.objects.active().filter(household__in=households)
    return [(str(one.pk), _name(officer, one)) for one in members]


def ahead_of(case: Case, application: Application | None, today: date) -> list[str]:
    """What comes next, with its day."""
    if case.state == "registered":
        return _after_registration(case, application, today)
    if case.closed_at:
        return []
    sentences = []
    lines = standing_lines([case.pk]).get(case.pk, [])
    last = max((line.notice.last_day for line in lines), default=None)
    if last and last >= today:
        text = _("The notice stands until %(last)s; the next step is possible from %(next)s.")
        sentences.append(text % {"last": day(last), "next": day(last + timedelta(days=1))})
    if case.state == "approved":
        sentences.append(_("The household is on the register. Announce it in the village now."))
    if case.state == "announced":
        sentences.append(_("After the announcement the household is registered and numbered."))
    if case.state == "refused":
        text = _("An appeal is possible until %(day)s. After that the rejection is final.")
        sentences.append(text % {"day": day(appeal_days(case)[1])})
    elif due := deadline_of(case):
        sentences.append(_("The next step is due by %(day)s.") % {"day": day(due)})
    return sentences


def _after_registration(case: Case, application: Application | None, today: date) -> list[str]:
    if application is None or not application.registration_number:
        return []
    return [
        _("Registered as %(number)s.") % {"number": application.registration_number},
        _helper_ahead(case, application, today),
        _("The plan of help is due by %(day)s.") % {"day": day(application.plan_due_on)},
    ]


def _helper_ahead(case: Case, application: Application, today: date) -> str:
    """Who helps the registered household since when, or by which day somebody must."""
    pairing = helper_named_by(case.subject, today)
    if pairing is None:
        return _("A helper is due by %(day)s.") % {"day": day(application.helper_due_on)}
    values = {"name": pairing.cadre.name, "day": day(pairing.starts_on)}
    return _("Helper: %(name)s since %(day)s.") % values
