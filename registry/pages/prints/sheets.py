"""Which sheets can be printed of a household: their names, for whom they are, their templates."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Sheet:
    """One kind of paper; `name` stands in its address and in the trace."""

    name: str
    title: Promise
    purpose: Promise

    @property
    def template(self) -> str:
        """The template that lays it out."""
        return f"prints/{self.name}.html"


SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet(
            "registration",
            _("Registration form"),
            _("All facts of the year, signed by householder, collector and reviewer."),
        ),
        Sheet(
            "verification",
            _("Home-verification sheet"),
            _("The facts beside blanks, taken along and corrected with a pen."),
        ),
        Sheet(
            "booklet",
            _("Household handbook"),
            _("Members, incomes by year, causes and history. It stays with the household."),
        ),
        Sheet(
            "slip",
            _("Confirmation slip"),
            _("The household confirms the year's figures and agrees to a comparison."),
        ),
    )
}
MONTH = Sheet(
    "month",
    _("Month sheet of a village work team"),
    _("Each day of one person, the sums and his work log, signed by village and township."),
)
MINUTES = Sheet(
    "minutes",
    _("Appraisal minutes"),
    _("Who is judged, the sign-in list, the votes and the result of the villagers' meeting."),
)
CASE_FILE = Sheet(
    "case_file",
    _("Case file"),
    _("Facts, standard, finding, who did what, votes, notices, objections and decisions."),
)
