"""What the pages of changes show: a change in words, and the changes of a household."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from households import codes
from households.changing.content import wanted_of
from households.changing.kinds import GROUPS, KINDS
from households.changing.procedure import CHANGE
from households.entry import fields
from households.models import HouseholdChange, Member
from households.rights import masked_name, reads_health, reads_names
from officers.models import Officer
from trail.masking import mask_id
from workflow.models import Case

HEALTH = frozenset({"health", "labour"})


@dataclass(frozen=True)
class Told:
    """A change in words, as the acting role may read it."""

    change: HouseholdChange
    kind: str
    lines: list[tuple[str, Any]]


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The kinds by group, each as (name, label)."""
    return [
        (_(label), [(one.name, _(one.label)) for one in KINDS.values() if one.group == group])
        for group, label in GROUPS.items()
    ]


def told(officer: Officer, case: Case) -> Told | None:
    """What the change of a case is; None for a case of another kind."""
    if case.kind != CHANGE.kind:
        return None
    change = HouseholdChange.objects.select_related("other", "to_village").get(case=case)
    wanted = wanted_of(change)
    lines: list[tuple[str, Any]] = [(_("Day of the event"), change.happened_on)]
    members = Member.objects.filter(household=change.household).in_bulk()
    for key in sorted(wanted.goes):
        lines.append((_("Leaves"), _named(officer, members[key])))
    for key, code in wanted.relations.items():
        if members[key].relation != code:
            name = _named(officer, members[key])
            words = {"name": name, "relation": codes.label("relation", code)}
            lines.append((_("Relation"), _("%(name)s becomes %(relation)s") % words))
    lines += _joins(officer, wanted.person)
    if change.other:
        lines.append((_("Other household"), change.other.number))
    if change.to_village:
        lines.append((_("New village"), change.to_village.name))
    if reads_names(officer):
        lines += [(_("What happened"), wanted.reason), (_("What proves it"), wanted.proof)]
        if wanted.visitors:
            lines.append((_("Who checked it at home"), wanted.visitors))
    return Told(change, _(KINDS[change.kind].label), lines)


def _named(officer: Officer, member: Member) -> str:
    return member.name if reads_names(officer) else masked_name(member.name)


def _joins(officer: Officer, person: Any) -> list[tuple[str, Any]]:
    """Who joins, masked for the role."""
    found: list[tuple[str, Any]] = []
    for name, text in person.items():
        one = fields.BY_STEP[fields.MEMBERS][name]
        if name in HEALTH and not reads_health(officer):
            continue
        if name == "name" and not reads_names(officer):
            text = masked_name(text)
        if name == "id_number":
            text = mask_id(text)
        found.append((str(one.label), codes.label(one.codes, text) if one.codes else text))
    return found
