"""The entries of a change as they are kept: sealed, because a new member has an ID number."""

import json
from datetime import date
from typing import Any

from households.changing.judging import Wanted
from households.models import HouseholdChange
from households.models.changes import CONTENT_FIELD
from trail.sealing import seal, unseal


def sealed(wanted: Wanted, change: HouseholdChange) -> bytes:
    """The sealed entries of a change."""
    kept: dict[str, Any] = {
        "kind": wanted.kind,
        "happened_on": wanted.happened_on.isoformat(),
        "reason": wanted.reason,
        "proof": wanted.proof,
        "visitors": wanted.visitors,
        "goes": sorted(wanted.goes),
        "relations": {str(key): code for key, code in wanted.relations.items()},
        "person": dict(wanted.person),
        "other": wanted.other,
        "to_village": wanted.to_village,
    }
    return seal(json.dumps(kept, ensure_ascii=False), field=CONTENT_FIELD, row=change.uuid)


def wanted_of(change: HouseholdChange) -> Wanted:
    """The entries of a kept change."""
    kept = json.loads(unseal(change.content_sealed, field=CONTENT_FIELD, row=change.uuid))
    return Wanted(
        **kept
        | {
            "happened_on": date.fromisoformat(kept["happened_on"]),
            "goes": frozenset(kept["goes"]),
            "relations": {int(key): code for key, code in kept["relations"].items()},
        }
    )
