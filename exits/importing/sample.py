"""The sample of a special evaluation as a file: a row for each village, summed up here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from exits.importing.reasons import say
from households.importing.reader import Limits, read_table
from households.importing.template import Layout, WrongHeadings
from trail.dates import business_date
from trail.sheets import Sheet

MOST_BYTES = 1 << 20
LIMITS = Limits(megabytes=1, rows=5000)
MOST_COUNT = 1_000_000
VILLAGE = "village_code"
HEADINGS = {
    VILLAGE: "行政村代码",
    "exited_sampled": "抽查脱贫人口",
    "wrongly_exited": "其中错退人口",
    "unregistered_sampled": "抽查非建档立卡人口",
    "missed": "其中漏评人口",
    "households_asked": "调查户数",
    "households_approving": "其中认可户数",
}
COUNTED = tuple(name for name in HEADINGS if name != VILLAGE)
PARTS = {
    "wrongly_exited": "exited_sampled",
    "missed": "unregistered_sampled",
    "households_approving": "households_asked",
}


@dataclass(frozen=True)
class RowFault:
    """What is wrong in a row, in words."""

    record: int
    column: str
    value: str
    reason: str


@dataclass
class SampleFile:
    """The sums of a file's counts, from how many villages, and what is wrong in its rows."""

    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    villages: int = 0
    faults: list[RowFault] = field(default_factory=list)


def read_headings(record: Sequence[str]) -> Layout:
    """The layout of a file. Raises WrongHeadings when a column is missing or stands there twice."""
    names = {text.lower(): name for name, zh in HEADINGS.items() for text in (name, zh)}
    places: dict[str, int] = {}
    twice, unknown = [], []
    for place, heading in enumerate(record):
        name = names.get(heading.strip().lower())
        if name is None:
            unknown.append(heading.strip())
        elif name in places:
            twice.append(heading.strip())
        else:
            places[name] = place
    if twice:
        raise WrongHeadings("column_twice", twice)
    missing = [f"{zh} {name}" for name, zh in HEADINGS.items() if name not in places]
    if missing:
        raise WrongHeadings("column_missing", missing)
    return Layout(tuple(record), places, tuple(unknown))


def read_sample(content: bytes, county: str) -> SampleFile:
    """The sums of a file about villages of a county. Raises FileRefused with advice."""
    table = read_table(BytesIO(content), LIMITS, read_headings)
    records = list(table.records)
    places = table.layout.places
    there = Division.objects.in_force(business_date()).within(county).filter(level=Level.VILLAGE)
    known = set(there.values_list("pk", flat=True))
    found, seen = SampleFile(), dict[str, int]()
    for record, cells in records:
        texts = {
            name: cells[place].strip() if place < len(cells) else ""
            for name, place in places.items()
        }
        faults = _faults(texts, known, seen, record)
        found.faults += [
            RowFault(record, table.layout.heading(name), texts[name], reason)
            for name, reason in faults.items()
        ]
        seen.setdefault(texts[VILLAGE], record)
        if not faults:
            found.villages += 1
            for name in COUNTED:
                found.sums[name] += int(texts[name])
    if not records:
        found.faults.append(RowFault(2, "", "", _("the file has no row")))
    return found


def _faults(
    texts: dict[str, str], known: set[str], seen: dict[str, int], record: int
) -> dict[str, str]:
    faults = {}
    code = texts[VILLAGE]
    if code not in known:
        faults[VILLAGE] = _("no village of the county has this code")
    elif code in seen:
        faults[VILLAGE] = _("row %(other)s has the same village") % {"other": seen[code]}
    counts: dict[str, int] = {}
    for name in COUNTED:
        text = texts[name]
        if text.isascii() and text.isdecimal() and int(text[:8]) <= MOST_COUNT and len(text) < 8:
            counts[name] = int(text)
        else:
            faults[name] = _("write a whole number from 0 to 1,000,000")
    for part, whole in PARTS.items():
        if part in counts and whole in counts and counts[part] > counts[whole]:
            faults[part] = say("part_larger", {"whole": heading_of(whole)})
    return faults


def heading_of(name: str) -> str:
    """A column as readers of the active language call it."""
    return HEADINGS[name] if (get_language() or "").startswith("zh") else name


def sample_template() -> Sheet:
    """The headings alone; both languages import alike."""
    return Sheet(_("Sample"), [heading_of(name) for name in HEADINGS], ())
