"""How a household, a village and a county leave poverty, and how such a decision is taken back."""

from exits.procedure.counties import COUNTY_EXIT
from exits.procedure.household import EXIT
from exits.procedure.removal import REMOVAL
from exits.procedure.revocation import REVOCATION
from exits.procedure.villages import VILLAGE_EXIT

__all__ = ["COUNTY_EXIT", "EXIT", "REMOVAL", "REVOCATION", "VILLAGE_EXIT"]
