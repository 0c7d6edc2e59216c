"""Files that an importer takes away: faulty rows, the empty and the filled template."""

from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from divisions.scope import require_within
from households.importing import prefill, store
from households.importing.report import ErrorReport, csv_bytes, unpacked
from households.models import ImportBatch
from officers.models import Officer
from trail.actions import record
from trail.errors import Refused

FileForm = Literal["csv", "xlsx"]


@transaction.atomic
def faulty_rows(batch: ImportBatch, *, by: Officer, form: str) -> bytes:
    """The faulty rows in the file's own columns, with reasons. Raises Refused when gone."""
    findings = store.kept_findings(batch=batch.uuid)
    if findings is None:
        raise Refused(_("The rows of this import are no longer kept."), code="gone")
    record(by=by, action="download_faulty_rows", subject=batch, division=batch.division_id)
    report = unpacked(findings["report"])
    return csv_bytes(report) if form == "csv" else _workbook(report)


def empty_template(*, form: str) -> bytes:
    """The template with its headings, and as a workbook with its lists."""
    rows = iter(())
    return prefill.csv_file(rows) if form == "csv" else prefill.xlsx_file(rows)


@transaction.atomic
def filled_template(*, by: Officer, village: str, form: str) -> bytes:
    """The template with the households of a village; the trace tells who took it.

    Raises NotAllowed outside the officer's posting, Refused for a code without a village.
    """
    require_within(by, village)
    place = Division.objects.filter(pk=village, level=Level.VILLAGE).first()
    if place is None:
        raise Refused(_("No village has this code."), code="no_village")
    record(by=by, action="download_template", subject=place, division=village)
    rows = prefill.village_rows(by, village)
    return prefill.csv_file(rows) if form == "csv" else prefill.xlsx_file(rows)


def _workbook(report: ErrorReport) -> bytes:
    return prefill.text_workbook(report.lines())
