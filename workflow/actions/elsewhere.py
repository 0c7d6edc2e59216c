"""Whether another system decides on a case."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from trail.dates import business_date
from trail.errors import Refused
from workflow.machine import Step
from workflow.models import Case
from workflow.procedures import machine_of
from workflow.queries import parameter

COUNTY_DIGITS = 6


@dataclass
class Deciders:
    """Which system decides, read once for each kind of case and county."""

    known: dict[tuple[str, str], object] = field(default_factory=dict)

    def refuse_elsewhere(self, step: Step, case: Case) -> None:
        """Raises Refused for a deciding step on a case that another system decides on."""
        key = machine_of(case.kind).decided_elsewhere
        if not (key and step.decides):
            return
        county = case.division_id[:COUNTY_DIGITS]
        if (key, county) not in self.known:
            self.known[key, county] = parameter(key, county, business_date().year)
        if self.known[key, county]:
            raise Refused(
                _("Another system decides in this county, and reports its decisions here."),
                code="decides_elsewhere",
            )
