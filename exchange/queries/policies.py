"""What counties say about pushes from other systems."""

from exchange.rules import Group, Owner, Policy, Way, Withheld
from workflow.parameters import LOADED_STATES, WITHHELD, owner_key
from workflow.queries import parameters_in_force

COUNTY_DIGITS = 6
OWNERS = {owner_key(group): group for group in Group}
LOAD = "load"


class Policies:
    """The policies of counties in a year, looked up once for each, for what comes in one way."""

    def __init__(self, year: int, way: Way):
        self.year = year
        self.way = way
        self.found: dict[str, tuple[Policy, str]] = {}

    def of(self, village: str) -> Policy:
        """The policy where a village lies."""
        return self._held(village)[0]

    def loads_states(self, village: str) -> bool:
        """Whether a new household brings its status and exit year along there."""
        return self.way == Way.UPLOAD and self._held(village)[1] == LOAD

    def _held(self, village: str) -> tuple[Policy, str]:
        county = village[:COUNTY_DIGITS]
        if county not in self.found:
            rows = parameters_in_force([*OWNERS, WITHHELD, LOADED_STATES], county, self.year)
            owners = {group: Owner(rows[key].value) for key, group in OWNERS.items() if key in rows}
            withheld = Withheld(rows[WITHHELD].value) if WITHHELD in rows else Withheld.QUEUE
            loaded = rows[LOADED_STATES].value if LOADED_STATES in rows else ""
            self.found[county] = Policy(owners, withheld), loaded
        return self.found[county]
