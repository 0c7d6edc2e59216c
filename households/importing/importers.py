"""Who may import, for which years, and what every written row says of him."""

from django.utils.translation import gettext as _

from households.importing.judging import Importer
from households.importing.saving import Author
from households.models import ImportBatch
from officers.models import Officer, Posting
from officers.rights import require
from officers.rules import Role
from trail.dates import business_date
from trail.errors import Refused

IMPORTERS = (Role.OPERATOR, Role.COUNTY_CLERK, Role.VILLAGE_OFFICIAL)
FIRST_YEAR = 2000
YEARS_AHEAD = 1


def require_importer(by: Officer) -> Posting:
    """The acting posting. Raises NotAllowed for everybody who may not import."""
    return require(by, *IMPORTERS)


def latest_year() -> int:
    """The last year that a file may speak of: the template of the new year is filled in early."""
    return business_date().year + YEARS_AHEAD


def require_year(year: int) -> None:
    """Raises Refused for a year that no file can speak of."""
    latest = latest_year()
    if not FIRST_YEAR <= year <= latest:
        text = _("The year must lie between %(first)s and %(last)s.")
        raise Refused(text % {"first": FIRST_YEAR, "last": latest}, code="year")


def importer_of(role: str, division: str) -> Importer:
    """Whoever imports under this posting; a village official leaves the state alone."""
    return Importer((division,), sets_state=role != Role.VILLAGE_OFFICIAL)


def author_of(batch: ImportBatch) -> Author:
    """Whom the rows of a batch name."""
    return Author(
        officer_id=batch.imported_by_id,
        officer_name=batch.imported_by.name,
        role=batch.role,
        posted_to=batch.division_id,
        batch_id=batch.pk,
        year=batch.year,
        today=business_date(),
    )
