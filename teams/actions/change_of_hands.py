"""A place changes hands: one leaves it, the successor follows on the next day, all or nothing.

It is made of the acts that exist: the handover, the end of a term, the dispatch that begins one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from officers.models import Officer
from officers.rights import require
from teams.actions.dispatching import advance
from teams.actions.terms import end_term, hand_over
from teams.models import Cadre, Candidacy, Handover, Term
from teams.procedure import APPROVED
from teams.refusals import EntryRefused
from teams.rights import MANAGERS
from teams.rules.terms import ONE_DAY, EndReason
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.transactions import retried
from workflow.errors import Incomplete


@dataclass(frozen=True)
class Leaving:
    """When and why somebody leaves his place; he still serves on the last day."""

    last_day: date
    reason: EndReason
    note: str = ""


@dataclass(frozen=True)
class HandedOn:
    """What the leaving person hands on to the successor, and when."""

    on: date
    text: str


@dataclass(frozen=True)
class Following:
    """The case of the approved dispatch that follows, its letter and the day of the briefing."""

    case: int
    letter: str
    briefed_on: date


@retried
@transaction.atomic
def change_hands(
    term: int,
    leaving: Leaving,
    following: Following,
    *,
    handed_on: HandedOn | None = None,
    version: int,
    by: Officer,
) -> Term:
    """End a term and begin that of the successor on the day after; returns the new one.

    The successor is approved for the same place; his first day moves to the day after the last one,
    never before the approved day or today. `handed_on` is None where the handover stands already.
    Raises NotAllowed, also for one's own term or dispatch; Stale; EntryRefused by field (successor,
    last_day, note, handed_on, text, letter, briefed_on); Refused for a term that is over. Then
    nothing has happened.
    """
    row = Term.everywhere.get(pk=term)
    require(by, *MANAGERS, code=row.village_id)
    candidacy = _approved(row, following.case)
    _lock({row.cadre_id, candidacy.cadre_id})
    _refuse_faulty_day(candidacy, leaving.last_day)
    if handed_on:
        hand_over(row.pk, handed_on=handed_on.on, to=candidacy.cadre_id, text=handed_on.text, by=by)
    elif not Handover.objects.filter(term=row).exists():
        raise EntryRefused([("text", _("Write what is handed on."))])
    end_term(
        row.pk, last_day=leaving.last_day, reason=leaving.reason, note=leaving.note,
        version=version, by=by,
    )  # fmt: skip
    _move_first_day(candidacy, leaving.last_day + ONE_DAY, by=by)
    _dispatch(candidacy, following, by=by)
    return Term.everywhere.get(case=candidacy.case_id)


def _approved(term: Term, case: int) -> Candidacy:
    """The candidacy of the case. EntryRefused unless it is approved for the place of the term."""
    found = Candidacy.objects.filter(
        case=case, case__state=APPROVED, village=term.village_id, post=term.post
    )
    candidacy = found.exclude(cadre=term.cadre_id).select_related("case", "cadre").first()
    if candidacy is None:
        text = _("This candidate is not approved for the place, or not any more. Choose another.")
        raise EntryRefused([("successor", text)])
    return candidacy


def _lock(cadres: Iterable[int]) -> None:
    """Both records in the order of keys, before the acts lock them one by one."""
    rows = Cadre.everywhere.select_for_update(of=("self",)).order_by("pk")
    list(rows.filter(pk__in=set(cadres)).values_list("pk"))


def _refuse_faulty_day(candidacy: Candidacy, last_day: date) -> None:
    """EntryRefused for a last day after which the successor cannot begin."""
    values = {"name": candidacy.cadre.name, "day": candidacy.starts_on}
    if last_day < business_date() - ONE_DAY:
        text = _("The successor begins today or later. Choose yesterday or a later day.")
    elif last_day < candidacy.starts_on - ONE_DAY:
        text = _("%(name)s is approved from %(day)s on. Choose the day before, or a later one.")
    elif last_day >= candidacy.due_on - ONE_DAY:
        values["day"] = candidacy.due_on
        text = _("%(name)s is to serve until %(day)s. Choose a last day well before it.")
    else:
        return
    raise EntryRefused([("last_day", text % values)])


def _move_first_day(candidacy: Candidacy, first: date, *, by: Officer) -> None:
    before = candidacy.starts_on
    if before == first:
        return
    candidacy.starts_on = first
    candidacy.save(update_fields=["starts_on"])
    record(
        by=by,
        action="move_first_day",
        subject=candidacy,
        division=candidacy.village_id,
        before={"starts_on": before.isoformat()},
        after={"starts_on": first.isoformat()},
    )


def _dispatch(candidacy: Candidacy, following: Following, *, by: Officer) -> None:
    """Take the last step of the dispatch; what stands against it is said at the successor."""
    evidence = {"letter": following.letter, "briefed_on": following.briefed_on}
    case = candidacy.case
    try:
        advance(case.pk, "dispatch", by=by, version=case.version, evidence=evidence)
    except (NotAllowed, Stale):
        raise
    except Incomplete as error:
        raise EntryRefused(error.details["fields"].items()) from error
    except Refused as refusal:
        raise EntryRefused([("successor", refusal.message)]) from refusal
