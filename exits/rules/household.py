"""What the facts must show before a household leaves the register."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from exits.rules.risk import OBJECTION
from exits.rules.years import bear_an_exit
from workflow.appraisal import enough_visitors, names_in
from workflow.machine import Fault, Hand, Situation, Step, gettext_noop
from workflow.parameters import EXIT_FLAGGED_APPROVERS

NO = frozenset({"refuse", "disagree"})
"""The steps by which a household says no."""

ANSWERS = frozenset({"answer", "check"})
"""The steps of the township by which it is answered."""

EARLIER = "earlier"
"""Of the records: what was said and answered in exits of the household that came to nothing."""

MINUTES, SIGNATURE = "appraisal", "signature"
PAPERS = {"appraise": MINUTES, "vote_down": MINUTES, "confirm": SIGNATURE}
"""The purpose of the file that each of these steps rests on."""

MISSING = {
    MINUTES: gettext_noop(
        "No minutes of this appraisal are kept at the case. Add a photo of them first, taken since"
        " the exit was planned."
    ),
    SIGNATURE: gettext_noop(
        "No signature of the household is kept at the case. Add a photo of it, or of the signed"
        " slip, first, taken since the exit was planned."
    ),
}


def facts_allow_exit(situation: Situation) -> list[Fault]:
    """A fault unless nothing is lacking or unknown and the income lies above the line.

    What blocks it beside the facts of the survey stands on record: a later survey, never helped, an
    unfinished move, nobody able to work where the province asks; so does their age. Exactly on the
    line is not enough.
    Source: register template, "The finding"; invariant 7.
    """
    blocks = situation.records.values.get("blocks", ())
    if faults := [*blocks, *age_faults(situation.facts["year"], situation.today)]:
        return faults
    finding = situation.facts["finding"]
    if finding["gaps"]:
        return [Fault(gettext_noop("The facts are not complete. Complete them, then decide."))]
    if finding["lacks"]:
        return [Fault(gettext_noop("The household still lacks something. It cannot exit."))]
    if not finding["exit_ready"]:
        return [Fault(gettext_noop("The income is not above the line. The household cannot exit."))]
    return []


def rests_on_the_latest(situation: Situation) -> list[Fault]:
    """A fault while facts of a later year are on record, or these are older than the last year:
    nobody picks the year that suits.
    """
    later = later_faults(situation.records.values["later"])
    return later or age_faults(situation.facts["year"], situation.today)


def later_faults(year: int | None) -> list[Fault]:
    """What facts of a later year say against an exit; nothing without any."""
    if year is None:
        return []
    text = gettext_noop(
        "Facts of %(year)s are on record. Let the exit rest on these: return it to the village if"
        " it has come further than the plan."
    )
    return [Fault(text, {"year": year})]


def age_faults(year: int, today: date) -> list[Fault]:
    """A fault unless facts are of this year or the last: what was so long ago bears no exit."""
    if bear_an_exit(year, today):
        return []
    text = gettext_noop(
        "An exit rests on facts of this year or the last, not of %(year)s. Record these first."
    )
    return [Fault(text, {"year": year})]


def was_refused(situation: Situation) -> bool:
    """Whether the household said no in this case, in whichever run of it, or in one before it."""
    return any(hand.step in NO for hand in _said(situation))


def _said(situation: Situation) -> tuple[Hand, ...]:
    """The acts of this case, behind what was said in the ones before it: a word is not unsaid by
    withdrawing the exit and proposing it again.
    """
    earlier: tuple[Hand, ...] = situation.records.values.get(EARLIER, ())
    return earlier + situation.hands


def was_confirmed(situation: Situation) -> bool:
    """Whether the household signed in this run of the procedure."""
    return "confirm" in _steps_since_plan(situation)


def _steps_since_plan(situation: Situation) -> list[str]:
    """Who takes the case back to its plan begins anew: only what came after counts."""
    steps = [hand.step for hand in situation.hands]
    last_plan = max(
        (n for n, hand in enumerate(situation.hands) if hand.to_state == "planned"), default=0
    )
    return steps[last_plan:]


def refusal_answered(situation: Situation) -> list[Fault]:
    """A fault while what the household said against its exit is without an answer."""
    for hand in reversed(_said(situation)):
        if hand.step in ANSWERS:
            return []
        if hand.step in NO:
            break
    else:
        return []
    if situation.evidence.get("answer"):
        return []
    text = gettext_noop("The household said no on %(day)s. Write what it was answered.")
    return [Fault(text, {"day": hand.on}, "answer")]


def is_flagged_for_two(situation: Situation) -> bool:
    """Whether the case is flagged, and the province asks for two approvers of such exits.

    An open objection lets nobody decide, so it does not ask for a second one.
    """
    approvers = situation.parameters.get(EXIT_FLAGGED_APPROVERS, 1)
    return approvers > 1 and any(flag != OBJECTION for flag in situation.flags)


def one_approver_decides(situation: Situation) -> list[Fault]:
    """As `facts_allow_exit`, and a fault where two approvers must decide."""
    if was_refused(situation):
        text = gettext_noop(
            "The household refused to sign, so two approvers decide. Approve it as the first."
        )
        return [Fault(text)]
    if is_flagged_for_two(situation):
        text = gettext_noop(
            "The exit is flagged, so two approvers decide. Approve it as the first."
        )
        return [Fault(text)]
    return facts_allow_exit(situation)


def two_approvers_decide(situation: Situation) -> list[Fault]:
    """As `facts_allow_exit`, and a fault where one approver decides."""
    if not (was_refused(situation) or is_flagged_for_two(situation)):
        text = gettext_noop("Nothing asks for a second approver here. Approve the exit alone.")
        return [Fault(text)]
    return facts_allow_exit(situation)


def help_blocks(*, was_helped: bool, unfinished: Sequence[str]) -> tuple[Fault, ...]:
    """What of the help stands against an exit; `unfinished` names moves and repairs of the house.

    Who was never helped cannot have been helped out of poverty, and nobody leaves while his house
    is half built. Source: domain reference §7.2, hard blocks.
    """
    found = []
    if not was_helped:
        text = gettext_noop(
            "No help ever reached this household. Record what it got, or help first; then it exits."
        )
        found.append(Fault(text))
    if unfinished:
        text = gettext_noop(
            "Not finished: %(measures)s. Finish it first, then the household exits."
        )
        found.append(Fault(text, {"measures": ", ".join(unfinished)}))
    return tuple(found)


@dataclass(frozen=True)
class Ability:
    """How many of a household are severely ill or disabled, and how many are able to work."""

    ill: int
    able: int


def ability_blocks(found: Ability | None) -> tuple[Fault, ...]:
    """What health and labour say against an exit; None where the province asks nothing of them.

    Whoever is not known to be able to work is not. Source: domain reference §7.2, local block.
    """
    if found is None or found.able or not found.ill:
        return ()
    text = gettext_noop(
        "Nobody in this household is able to work; severely ill or disabled: %(ill)s. The province"
        " lets no such household exit."
    )
    return (Fault(text, {"ill": found.ill}),)


def paper_missing(step: Step, situation: Situation) -> list[Fault]:
    """A fault where the file that the step rests on is not kept at this run of the case."""
    purpose = PAPERS.get(step.name)
    kept = situation.records.values
    if purpose is None or purpose in kept.get("papers", ()):
        return []
    return [kept.get("unfit", {}).get(purpose) or Fault(MISSING[purpose])]


def signature_fault(*, own: bool, by_proposer: bool) -> Fault | None:
    """Why the photo of a signature proves nothing: another household's case had it first, or who
    proposed the exit brought it.
    """
    if not own:
        text = gettext_noop(
            "This photo of a signature is kept at another case already. Add one of what this"
            " household signed itself."
        )
        return Fault(text)
    if by_proposer:
        text = gettext_noop(
            "Who proposed this exit or changed its facts added the signature. Let another officer"
            " add a photo of it."
        )
        return Fault(text)
    return None


def visited_by_others(situation: Situation) -> list[Fault]:
    """Faults unless enough people visited, none of whom proposed or appraised the exit."""
    if faults := enough_visitors(situation):
        return faults
    listed = situation.evidence["visitors"]
    own: Iterable[str] = situation.records.values.get("prepared", ())
    both = [name for name in own if names_in(name) & names_in(listed)]
    if not both:
        return []
    text = gettext_noop("%(names)s proposed or appraised this exit. Let others visit.")
    return [Fault(text, {"names": ", ".join(both)}, "visitors")]
