"""What steps of a household's exit put into the facts of its case, and whether it still stands so.

A decision kept with its facts rests on more than the survey: on the minutes and the signature, and
on the help that the household got. Both go into the facts, so that their hash binds them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from assistance.queries.helped import never_helped
from exits.procedure.household import EXIT
from exits.queries.ability import Leaving, abilities_of
from exits.queries.household import papers_of, unfinished_houses
from exits.rules.household import PAPERS, Ability, ability_blocks, help_blocks
from households.models import Household
from households.recomputing import Compared
from workflow.machine import STEPS
from workflow.models import Attachment, Case, CaseEvent
from workflow.models.attachments import CASE

FILES, HELPED, UNFINISHED, ABILITY = "files", "was_helped", "unfinished", "ability"
APPROVALS = frozenset(step.name for step in EXIT.steps if step.name.startswith("approve"))

Facts = Mapping[str, Any]


def kept_with(case: Case, household: Household, step: str) -> dict[str, Any] | None:
    """What the step of that name puts into the facts of a locked case; None for most steps.

    The digests of the files that it rests on, or what help the household got that leaves, with who
    of it is ill and who can work where the province asks.
    """
    if step in PAPERS:
        return {FILES: sorted(papers_of([case.pk]).get(case.pk, {}).get(PAPERS[step], ()))}
    if step in APPROVALS:
        leaving = Leaving(household.pk, household.village_id, case.facts["year"])
        found = abilities_of([leaving]).get(household.pk)
        return {
            HELPED: household.pk not in never_helped([household.pk]),
            UNFINISHED: unfinished_houses([household.pk]).get(household.pk, []),
            **({ABILITY: vars(found)} if found else {}),
        }
    return None


def households_again(events: Iterable[CaseEvent]) -> dict[int, list[Compared]]:
    """What comes out again of these decisions on exits of households, by their keys: the help that
    stood against them, and the files that they rest on. One query, however many there are.
    """
    found = {
        event.pk: [*dict((event.facts or {}).get(STEPS, {})).values()]
        for event in events
        if event.case.kind == EXIT.kind
    }
    digests = {one for own in found.values() for kept in own for one in kept.get(FILES, ())}
    there = _still_there(digests)
    return {
        key: [
            *([_help(kept) for kept in own if HELPED in kept][-1:]),
            *([_ability(kept) for kept in own if ABILITY in kept][-1:]),
            *_files([one for kept in own for one in kept.get(FILES, ())], there),
        ]
        for key, own in found.items()
    }


def _still_there(digests: set[str]) -> set[str]:
    if not digests:
        return set()
    rows = Attachment.everywhere.filter(subject_kind=CASE, digest__in=digests)
    return set(rows.values_list("digest", flat=True))


def _help(kept: Facts) -> Compared:
    """An approval says that no help stood against it; what was kept says so again, or does not."""
    against = help_blocks(was_helped=kept[HELPED], unfinished=kept[UNFINISHED])
    again = " ".join(_(one.text) % one.values for one in against)
    return Compared(_("What of the help stands against it"), _("nothing"), again or _("nothing"))


def _ability(kept: Facts) -> Compared:
    against = ability_blocks(Ability(**kept[ABILITY]))
    again = " ".join(_(one.text) % one.values for one in against)
    label = _("What of health and labour stands against it")
    return Compared(label, _("nothing"), again or _("nothing"))


def _files(digests: Sequence[str], there: set[str]) -> list[Compared]:
    if not digests:
        return []
    again = sum(one in there for one in digests)
    return [Compared(_("Files of minutes and signature"), str(len(digests)), str(again))]
