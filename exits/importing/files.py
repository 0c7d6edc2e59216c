"""Files of the template to take away: empty, with the records of a place, with the faulty rows."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from divisions.models import Division
from exits.importing.reasons import say
from exits.importing.running import Outcome
from exits.importing.template import VILLAGE, YEAR, cell_of, columns, headings
from exits.queries.village_records import villages_of
from households.importing.filed import Fault
from households.importing.prefill import text_workbook
from households.importing.report import ErrorReport, csv_bytes
from households.models import VillageRecord
from households.village_fields import read
from officers.models import Officer
from trail.actions import record
from trail.sheets import FileForm, Sheet


class RecordsReport(ErrorReport):
    """The faulty rows in the file's own columns, with the number and the faults of each."""

    def sentence(self, fault: Fault) -> str:
        """`column: value — reason`."""
        return f"{self.column(fault)}: {fault.value} — {say(fault.code, fault.params)}"


def faulty_rows(outcome: Outcome, *, form: FileForm) -> bytes:
    """The rows that were left out; mended, the file can be imported as it is."""
    layout = outcome.table.layout
    places = layout.own_places
    report = RecordsReport([layout.headings[place] for place in places])
    report.columns = {key: layout.heading(key) for key in layout.places}
    for row in outcome.faulty:
        cells = [row.cells[place] if place < len(row.cells) else "" for place in places]
        report.rows.append((row.record, cells))
        report.faults[row.record] = row.faults
    return csv_bytes(report) if form == "csv" else text_workbook(report.lines())


def records_sheet(place: Division, year: int, *, by: Officer) -> Sheet:
    """The records of a year at or below a place, in the columns of the template.

    Villages without a record stand there with their code alone, to be filled in.
    """
    record(
        by=by,
        action="download_village_records",
        subject=place,
        division=place.pk,
        after={"year": year},
    )
    found = VillageRecord.objects.visible_to(by).in_force().within(place.pk).filter(year=year)
    by_village = {one.village_id: one for one in found}
    villages = villages_of(place)
    rows = [_cells(one.pk, year, by_village.get(one.pk)) for one in villages]
    return Sheet(
        _("Village records"),
        headings(),
        rows,
        ((_("Place"), place.name), (_("Year"), str(year))),
    )


def empty_sheet() -> Sheet:
    """The headings alone."""
    none: Iterable[Sequence[str]] = ()
    return Sheet(_("Village records"), headings(), none)


def _cells(code: str, year: int, found: VillageRecord | None) -> list[str]:
    values = read(found.values) if found else {}
    own = {VILLAGE: code, YEAR: str(year)}
    return [own.get(key, cell_of(values.get(key))) for key in columns()]
