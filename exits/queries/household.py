"""What stands on record about exits of households."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min, Q

from assistance.models import Item
from assistance.queries.helped import never_helped, unfinished_of
from exits.procedure.household import EXIT
from exits.queries.ability import Leaving, abilities_of
from exits.rules.household import (
    ANSWERS,
    EARLIER,
    NO,
    PAPERS,
    SIGNATURE,
    ability_blocks,
    help_blocks,
    later_faults,
    signature_fault,
)
from households.models import Household, StateChange, Survey
from households.rules import State
from workflow.machine import PROPOSERS, Fault, Hand, Records
from workflow.models import Attachment, Case, CaseEvent
from workflow.models.attachments import CASE

HOUSE = "house"
"""The group of measures that move a household or mend its house."""

DECIDED_FROM = frozenset(step.source for step in EXIT.steps if step.name.startswith("approve"))
ANSWERED_FROM = DECIDED_FROM | {step.source for step in EXIT.steps if step.name in ANSWERS}
FILED_FROM = frozenset(step.source for step in EXIT.steps if step.name in PAPERS)


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """What blocks each exit that can be decided now, the files of its run on which its next step
    rests, and the names of who proposed and appraised one that is to be verified.

    `later` is the year of facts on record that came after those of the case, None without any;
    `earlier` is what was said in the exits before one that the township or the county judges;
    `unfit` says by purpose why a file that is kept does not count.
    """
    waiting = {case.subject: case.pk for case in cases if case.state in DECIDED_FROM}
    years = {case.subject: case.facts["year"] for case in cases if case.subject in waiting}
    blocks = {waiting[number]: found for number, found in blocks_of(years).items()}
    papers: dict[int, list[Paper]] = {}
    for one in _papers([case.pk for case in cases if case.state in FILED_FROM]):
        papers.setdefault(one.case, []).append(one)
    prepared = _prepared([case.pk for case in cases if case.state == "appraised"])
    planned = [case.subject for case in cases if case.state == "proposed"]
    latest = latest_years([*waiting, *planned])
    earlier = _said_before([case for case in cases if case.state in ANSWERED_FROM])
    found = {}
    for case in cases:
        year = latest.get(case.subject)
        later = year if year and year > case.facts.get("year", year) else None
        values = {
            "later": later,
            "blocks": (*later_faults(later), *blocks.get(case.pk, ())),
            "papers": {one.purpose for one in papers.get(case.pk, ()) if one.fault is None},
            "unfit": {one.purpose: one.fault for one in papers.get(case.pk, ()) if one.fault},
            "prepared": prepared.get(case.pk, ()),
            EARLIER: earlier.get(case.subject, ()),
        }
        found[case.pk] = Records(values)
    return found


def _said_before(cases: Sequence[Case]) -> dict[str, tuple[Hand, ...]]:
    """What households said against other exits than these, and the answers, in order, by number.

    Only what came since the household last changed its state by something else than the plan of an
    exit: what it said against an exit that was approved, or before a re-inclusion, is done with.
    """
    if not cases:
        return {}
    others = CaseEvent.objects.filter(
        case__kind=EXIT.kind, case__subject__in={case.subject for case in cases},
        step__in=NO | ANSWERS,
    ).exclude(case__in=cases)  # fmt: skip
    columns = ("case__subject", "at", "actor_id", "step", "to_state", "on")
    acts = list(others.order_by("at", "pk").values_list(*columns))
    begun = _begun({number for number, *_rest in acts})
    found: dict[str, tuple[Hand, ...]] = {}
    for number, at, *values in acts:
        if number not in begun or at > begun[number]:
            found[number] = (*found.get(number, ()), Hand(*values))
    return found


def _begun(numbers: Collection[str]) -> dict[str, datetime]:
    """When each household last came to where it stands, plans of exits apart."""
    if not numbers:
        return {}
    changes = StateChange.objects.filter(
        ~Q(case__kind=EXIT.kind) | Q(to_state=State.EXITED),
        household__number__in=numbers, household__withdrawn_at=None,
    )  # fmt: skip
    return dict(changes.order_by().values_list("household__number").annotate(Max("at")))


def latest_years(numbers: Collection[str]) -> dict[str, int]:
    """The year of the latest facts on record of each household, by number."""
    if not numbers:
        return {}
    surveys = Survey.objects.filter(
        household__number__in=numbers, household__withdrawn_at=None, withdrawn_at=None
    )
    found = surveys.order_by().values_list("household__number").annotate(Max("year"))
    return dict(found)


def blocks_of(years: Mapping[str, int]) -> Mapping[str, tuple[Fault, ...]]:
    """What of help, health and labour stands against the exit of these households, by number, on
    facts of the year beside it.

    Four queries for one province, a fifth where it asks about health and labour.
    """
    standing = Household.everywhere.standing().filter(number__in=years)
    found = standing.values_list("pk", "number", "village_id")
    households = {key: number for key, number, _village in found}
    if not households:
        return {}
    unhelped, houses = never_helped(households), unfinished_houses(households)
    abilities = abilities_of(Leaving(key, village, years[number]) for key, number, village in found)
    return {
        number: (
            *help_blocks(was_helped=key not in unhelped, unfinished=houses.get(key, ())),
            *ability_blocks(abilities.get(key)),
        )
        for key, number in households.items()
    }


def unfinished_houses(households: Iterable[int]) -> dict[int, list[str]]:
    """The names of the measures of each household's house that are not finished, by its key."""
    items = unfinished_of(households).filter(measure__group=HOUSE).select_related("measure")
    of: dict[int, list[Item]] = {}
    for item in items:
        of.setdefault(item.household_id or 0, []).append(item)
    return {key: houses_among(own) for key, own in of.items()}


def houses_among(items: Iterable[Item]) -> list[str]:
    """The names of those measures that move the household or mend its house."""
    return [str(item.measure.name) for item in items if item.measure.group == HOUSE]


@dataclass(frozen=True)
class Paper:
    """A file of the present run of a case; `fault` says why it proves nothing there, if so."""

    case: int
    purpose: str
    digest: str
    fault: Fault | None


def papers_of(cases: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    """The digests, by purpose, of the files on which the next step of each case can rest."""
    found: dict[int, dict[str, list[str]]] = {}
    for one in _papers(cases):
        if one.fault is None:
            found.setdefault(one.case, {}).setdefault(one.purpose, []).append(one.digest)
    return found


def _papers(cases: Sequence[int]) -> list[Paper]:
    """The minutes and signatures that were added since each case was planned the last time.

    A photo that was known before, anywhere, is none of this run. One of minutes may serve all the
    households of a meeting; a signature belongs to the first case at which it is kept.
    """
    if not cases:
        return []
    begun, proposers = _runs(cases)
    kept = Attachment.everywhere.standing().filter(
        subject_kind=CASE, subject_id__in=[str(key) for key in cases],
        purpose__in=set(PAPERS.values()),
    )  # fmt: skip
    files = list(kept.values_list("subject_id", "purpose", "digest", "added_by"))
    same = Attachment.everywhere.filter(digest__in={digest for _key, _for, digest, _by in files})
    first = dict(same.order_by().values_list("digest").annotate(Min("added_at")))
    owners = _owners(digest for _key, purpose, digest, _by in files if purpose == SIGNATURE)
    found = []
    for subject, purpose, digest, by in files:
        key = int(subject)
        if key in begun and first[digest] > begun[key]:
            fault = None
            if purpose == SIGNATURE:
                own, by_proposer = owners[digest] == subject, by in proposers.get(key, ())
                fault = signature_fault(own=own, by_proposer=by_proposer)
            found.append(Paper(key, purpose, digest, fault))
    return found


def _runs(cases: Sequence[int]) -> tuple[dict[int, datetime], dict[int, set[int]]]:
    """By case the moment at which it was planned last, and who proposed it or changed its facts."""
    begun: dict[int, datetime] = {}
    proposers: dict[int, set[int]] = {}
    wanted = Q(to_state="planned") | Q(step__in=PROPOSERS)
    acts = CaseEvent.objects.filter(wanted, case__in=cases).order_by("case", "seq")
    for key, step, state, by, at in acts.values_list("case", "step", "to_state", "actor_id", "at"):
        if state == "planned":
            begun[key] = max(at, begun.get(key, at))
        if step in PROPOSERS:
            proposers.setdefault(key, set()).add(by)
    return begun, proposers


def _owners(digests: Iterable[str]) -> dict[str, str]:
    """By digest the subject of the first case at which the file is kept."""
    if not (wanted := set(digests)):
        return {}
    rows = Attachment.everywhere.standing().filter(subject_kind=CASE, digest__in=wanted)
    return dict(rows.order_by("-pk").values_list("digest", "subject_id"))


def _prepared(cases: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The names of who proposed each case, changed its facts or recorded its appraisal."""
    if not cases:
        return {}
    acts = CaseEvent.objects.filter(case__in=cases, step__in=PROPOSERS | {"appraise"})
    found: dict[int, tuple[str, ...]] = {}
    for key, name in acts.order_by("actor_name").values_list("case", "actor_name").distinct():
        found[key] = (*found.get(key, ()), name)
    return found
