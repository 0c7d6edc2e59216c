"""What proves a review: its recomputations, and one proposal recomputed figure by figure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.explain import facts_of, names_of, plain_amount
from households.models import Household, Survey
from households.rules import (
    GAPS,
    LACKS,
    Kind,
    State,
    fen,
    find,
    propose,
    standard_digest,
    unknown_facts,
)
from households.snapshot import snapshot_of
from officers.models import Officer
from reviews.models import KIND_NAMES, Proposal, Review, Verification
from reviews.rights import own_part
from trail.models import Change
from trail.rules import digest

SHOWN = 20
SHORT = 16
TAKES_AT_MOST = timedelta(minutes=15)  # the time limit of its task
COLUMN_NAMES: dict[str, Promise] = {
    "survey": gettext_lazy("Survey"),
    "persons": gettext_lazy("People"),
    "kind": gettext_lazy("Proposal"),
    "lacks": gettext_lazy("What is lacking"),
    "gaps": gettext_lazy("What is unknown"),
    "known": gettext_lazy("Incomes known"),
    "net": gettext_lazy("Net income"),
    "facts_hash": gettext_lazy("Evidence of the case"),
    "input_hash": gettext_lazy("Facts"),
    "standard_hash": gettext_lazy("Standard"),
    "result_hash": gettext_lazy("Result"),
}


@dataclass(frozen=True)
class Example:
    """One difference in words: the household, village or standard, and both values."""

    what: str
    label: str
    stored: str
    recomputed: str


@dataclass(frozen=True)
class Proof:
    """The recomputations of a review, latest first.

    `asked` is the request that a worker is still at, `lost` one that nobody answered. `examples`
    are those of the latest recomputation; only who sees the whole review sees them, and how much
    was compared and differed. Others learn whether it came out the same.
    """

    verifications: list[Verification]
    examples: list[Example]
    asked: Change | None
    lost: Change | None
    sees_all: bool

    @property
    def latest(self) -> Verification | None:
        return self.verifications[0] if self.verifications else None


def proof_of(officer: Officer, review: Review) -> Proof:
    """What the page of proof shows."""
    verifications = list(_verifications(review)[:SHOWN])
    for one in verifications:
        one.review = review
    open_request = _open_request(review, verifications)
    late = open_request is not None and timezone.now() - open_request.at > TAKES_AT_MOST
    sees_all = own_part(officer, review) == review.root_id
    return Proof(
        verifications=verifications,
        examples=examples_of(verifications[0]) if verifications and sees_all else [],
        asked=None if late else open_request,
        lost=open_request if late else None,
        sees_all=sees_all,
    )


def _verifications(review: Review) -> QuerySet[Verification]:
    return review.verifications.select_related("by").order_by("-pk")


def _open_request(review: Review, verifications: list[Verification]) -> Change | None:
    """The latest request of a recomputation, if none was made since."""
    requests = Change.objects.filter(
        subject_kind=Review._meta.label_lower, subject_id=str(review.pk), action="ask_verification"
    )
    asked = requests.order_by("-pk").first()
    answered: datetime | None = verifications[0].at if verifications else None
    return None if asked is None or (answered and answered >= asked.at) else asked


def examples_of(verification: Verification) -> list[Example]:
    """The differences that it names, in words."""
    return [
        Example(
            what=_what(example),
            label=str(COLUMN_NAMES[example["column"]]),
            stored=_in_words(example["column"], example["stored"]),
            recomputed=_in_words(example["column"], example["recomputed"]),
        )
        for example in verification.examples
    ]


def _what(example: Mapping[str, Any]) -> str:
    if "household" in example:
        return _("household %(number)s") % {"number": example["household"]}
    if "village" in example:
        return _("village %(code)s") % {"code": example["village"]}
    return _("standard %(number)s") % {"number": example["standard"]}


def _in_words(column: str, value: Any) -> str:
    match column:
        case "kind":
            return str(KIND_NAMES.get(Kind(value), _("nothing")))
        case "lacks":
            return names_of(value, LACKS) or _("nothing")
        case "gaps":
            return names_of(value, GAPS) or _("nothing")
        case "known":
            return _("yes") if value else _("no")
        case "net":
            return plain_amount(value)
        case "survey":
            return _("number %(id)s") % {"id": value} if value else _("none")
    if column.endswith("_hash"):
        return f"{value[:SHORT]}…" if value else _("none")
    return str(value)


def standard_hash_again(review: Review) -> str:
    """The hash of the review's standard as its values stand.

    A review of a draft was hashed before the standard had its number.
    """
    standard = review.standard
    as_draft = standard_digest(
        number=None,
        division_id=standard.division_id,
        year=standard.year,
        line=standard.line,
        monitoring_line=standard.monitoring_line,
        source=standard.source,
        guarantees=standard.guarantees,
    )
    return as_draft if as_draft == review.standard_hash else standard.digest()


def evidence_again(proposal: Proposal, review: Review, then: Mapping[str, Any]) -> dict[str, Any]:
    """The evidence of an accepted proposal, made again from its survey, state and standard.

    `then` is the evidence that its case was opened on. Only what cannot be known from the register
    of today, or says nothing of the household, is taken from it: the year of exit, the digest of
    the members, and whom it keeps from deciding.
    """
    household = Household(
        number=proposal.household.number,
        village_id=proposal.village_id,
        state=proposal.state,
        exit_year=then.get("exit_year"),
    )
    hands = then.get("hands", ())
    facts = snapshot_of(household, review.year, review.standard, [], proposal.survey, hands)
    return facts | {
        "members": then.get("members"),
        "review": review.pk,
        "proposal": proposal.pk,
        "kind": Kind(proposal.kind).name.lower(),
    }


@dataclass(frozen=True)
class Figure:
    """One figure of a proposal as it is stored and as it comes out again."""

    label: str
    stored: str
    recomputed: str
    is_same: bool


@dataclass(frozen=True)
class Recomputed:
    """One proposal recomputed. One that needs attention was never computed: no figures."""

    figures: list[Figure]

    @property
    def is_same(self) -> bool:
        return all(figure.is_same for figure in self.figures)


def recomputed_of(review: Review, proposal: Proposal) -> Recomputed:
    """The proposal from the survey that it names, its state, persons and standard, by the rules."""
    figures = [] if proposal.kind == Kind.ATTENTION else _figures(review, proposal)
    hash_again = standard_hash_again(review)
    figures.append(_figure("standard_hash", review.standard_hash, hash_again))
    if proposal.case is not None:
        opening = proposal.case.events.order_by("seq")[0]
        again = digest(evidence_again(proposal, review, opening.facts or {}))
        figures.append(_figure("facts_hash", opening.facts_hash, again))
    return Recomputed(figures)


def _figures(review: Review, proposal: Proposal) -> list[Figure]:
    survey: Survey | None = proposal.survey
    facts = facts_of(survey) if survey else unknown_facts(proposal.persons)
    standard = review.standard
    finding = find(
        facts,
        line_fen=fen(standard.line),
        monitoring_fen=fen(standard.monitoring_line),
        guarantees=standard.guarantees,
    )
    kind = propose(State(proposal.state), finding, surveyed=int(survey is not None))
    net = _figure("net", proposal.net_fen or 0, finding.net_fen * finding.incomes_known)
    if proposal.net_fen is None and not finding.incomes_known:
        net = replace(net, stored=_("unknown"), recomputed=_("unknown"))
    return [
        _figure("persons", proposal.persons, facts["persons"]),
        _figure("known", int(proposal.net_fen is not None), finding.incomes_known),
        net,
        _figure("lacks", proposal.lacks, finding.lacks),
        _figure("gaps", proposal.gaps, finding.gaps),
        _figure("kind", proposal.kind, kind),
    ]


def _figure(column: str, stored: Any, recomputed: Any) -> Figure:
    """A hash is shown whole here, so that it can be compared with that of a case."""
    words = str if column.endswith("_hash") else partial(_in_words, column)
    return Figure(
        label=str(COLUMN_NAMES[column]),
        stored=words(stored),
        recomputed=words(recomputed),
        is_same=stored == recomputed,
    )
