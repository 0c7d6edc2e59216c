"""One import by the product and by the oracle at once, for tests that compare them."""

from dataclasses import dataclass, field
from pathlib import Path

from officers.models import Officer
from tests.oracle.register import Result, import_file
from tests.oracle.world import OPERATOR, Importer, Register
from tests.property.households.comparing import register_differences, report_differences
from tests.property.households.product import Import, run_import
from trail.dates import business_date

THE_OPERATOR = Importer(OPERATOR, "0")


@dataclass
class Both:
    """The database and an oracle's register that are fed the same files."""

    register: Register
    folder: Path
    differences: list[str] = field(default_factory=list)

    def take(
        self,
        content: bytes,
        records: list[list[str]],
        year: int = 2019,
        *,
        by: Officer | None = None,
        importer: Importer = THE_OPERATOR,
        name: str = "register.csv",
    ) -> tuple[Result, Import]:
        """Imports; `differences` grows by every difference in report, exit status and rows."""
        source = records if name.endswith("xlsx") else content
        today = business_date()
        expected = import_file(self.register, source, year=year, importer=importer, today=today)
        options = [f"--by={by.username}"] if by else []
        got = run_import(content, self.folder, year, *options, name=name)
        self.differences += report_differences(expected, got, records)
        numbers = sorted({*self.register.households, *expected.left_out, *expected.saved})
        self.differences += register_differences(self.register, numbers)
        return expected, got

    def take_rows(
        self,
        *rows: dict[str, str],
        year: int = 2019,
        by: Officer | None = None,
        importer: Importer = THE_OPERATOR,
    ) -> tuple[Result, Import]:
        """Imports rows given as column → text, under the English headers."""
        headers = list(dict.fromkeys(name for row in rows for name in row))
        records = [headers, *([row.get(name, "") for name in headers] for row in rows)]
        lines = (
            ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in one) for one in records
        )
        content = "\r\n".join(lines).encode()
        return self.take(content, records, year, by=by, importer=importer)
