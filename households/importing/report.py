"""The error report: every row of each faulty household as the file has it, and what is wrong.

It can be corrected and imported as it is; its two own columns are passed over then.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO

from django.utils.translation import gettext as _

from households.importing.filed import SURPLUS, Fault
from households.importing.reasons import say
from households.importing.staging import Staging
from households.importing.template import REPORT_COLUMNS, Layout


@dataclass
class ErrorReport:
    """Faulty rows in file order, with the faults told at each record."""

    headings: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    """Column → the file's own heading."""

    def lines(self) -> Iterator[list[str]]:
        """The heading, then a line for each row, reasons in the active language."""
        yield [*self.headings, *REPORT_COLUMNS]
        for record, cells in self.rows:
            faults = self.faults.get(record, [])
            told = "; ".join(self.sentence(fault) for fault in faults)
            yield [*cells, str(record), told]

    def sentence(self, fault: Fault) -> str:
        """`column: value — reason`."""
        return f"{self.column(fault)}: {fault.value} — {say(fault.code, fault.params)}"

    def column(self, fault: Fault) -> str:
        """The file's own word for the column of a fault."""
        if fault.column == SURPLUS:
            return _("beyond the last heading")
        return self.columns.get(fault.column, fault.column)


def report_of(staging: Staging, layout: Layout) -> ErrorReport:
    """The report on what is staged; it stays whole when the staging is gone."""
    places = layout.own_places
    report = ErrorReport([layout.headings[place] for place in places])
    report.columns = {key: layout.heading(key) for key in layout.places}
    for record, cells in staging.faulty_rows():
        report.rows.append((record, [cells.get(str(place), "") for place in places]))
    for fault in staging.faults():
        report.faults.setdefault(fault.record, []).append(fault)
    return report


def write_csv(report: ErrorReport, out: TextIO) -> None:
    """The report with CRLF, cells as the file has them; open the stream with utf-8-sig."""
    csv.writer(out, lineterminator="\r\n").writerows(report.lines())


def csv_bytes(report: ErrorReport) -> bytes:
    """The report as a download."""
    out = io.StringIO(newline="")
    write_csv(report, out)
    return out.getvalue().encode("utf-8-sig")


def packed(report: ErrorReport) -> dict[str, Any]:
    """The report as JSON values, reasons as codes: any language can word it later."""
    faults = [
        [one.record, one.column, one.value, one.code, one.params]
        for told in report.faults.values()
        for one in told
    ]
    return {
        "headings": report.headings,
        "rows": report.rows,
        "faults": faults,
        "columns": report.columns,
    }


def unpacked(values: dict[str, Any]) -> ErrorReport:
    """The report that `packed` made these values of."""
    rows = [(record, cells) for record, cells in values["rows"]]
    report = ErrorReport(values["headings"], rows, columns=values["columns"])
    for fault in values["faults"]:
        report.faults.setdefault(fault[0], []).append(Fault(*fault))
    return report
