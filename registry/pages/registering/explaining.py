"""The fields in which what looks odd is explained: one for each rule, and for each row it names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from households.actions.quality import TEXT_LENGTH, explain
from households.entry.saving import Saved
from households.models import QualityIssue
from officers.models import Officer
from registry.pages.quality.queries import MUST_MEND
from registry.pages.registering.parking import parked_for
from workflow.errors import Incomplete

EXPLAIN = "explain-"


@dataclass(frozen=True)
class Explained:
    """What was typed, by the name of its field, and what stands against it."""

    texts: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def field_name(rule: str, row: int | None) -> str:
    """The name of the field of one finding; `row` is a member's, from 0, None for all."""
    return f"{EXPLAIN}{rule}" if row is None else f"{EXPLAIN}{rule}-{row}"


def typed_in(data: QueryDict) -> dict[str, str]:
    """The explanations exactly as they were sent, by field."""
    return {name: data.get(name, "") for name in data if name.startswith(EXPLAIN)}


def typed_for(request: HttpRequest) -> dict[str, str]:
    """What is sent, or was sent to this page before and refused."""
    if request.method == "POST":
        return typed_in(request.POST)
    parked = parked_for(request)
    return typed_in(parked.data) if parked else {}


def refuse_long(explained: Mapping[str, str]) -> None:
    """Incomplete, with the sentence for each field, when an explanation is too long to keep."""
    fault = _("Shorten the explanation to at most 200 characters.")
    long = [name for name, text in explained.items() if len(text.strip()) > TEXT_LENGTH]
    if long:
        raise Incomplete(fault, details={"fields": dict.fromkeys(long, fault)})


def keep(saved: Saved, year: int, explained: Mapping[str, str], *, by: Officer) -> None:
    """Explain what was found when the household was saved, each finding by its own text."""
    rows = {number: row for row, number in enumerate(saved.numbers)}
    standing = QualityIssue.everywhere.open().filter(
        household=saved.household, year=year, severity__gt=MUST_MEND
    )
    for issue in _in_entry(standing.select_related("member").order_by("pk"), rows):
        row = rows[issue.member.person_number] if issue.member else None
        text = explained.get(field_name(issue.rule, row), "").strip()
        if text:
            explain(issue.pk, text=text, by=by)


def _in_entry(issues: Iterable[QualityIssue], rows: Mapping[str, int]) -> list[QualityIssue]:
    """Those of the household, and of members whom the entry has a row of."""
    return [one for one in issues if one.member is None or one.member.person_number in rows]
