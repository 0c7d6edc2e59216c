"""How the income of a village's asset is shared out: proposals in whole fen that add up. Pure.

Whoever has little labour comes first, because the others can earn: source domain reference §10.1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LITTLE_LABOUR = 4
"""At most one of so many members able to work fully is little labour (domain reference §10.2)."""


class Basis(StrEnum):
    """By what a sum is divided."""

    EQUAL = "equal"
    SHARE = "share"
    PERSONS = "persons"


class Whom(StrEnum):
    """Among whom: all beneficiaries, or those with little labour as long as there are any."""

    ALL = "all"
    WEAK = "weak"


@dataclass(frozen=True)
class Claim:
    """A live beneficiary: his share in fen (0 for none), his persons, those able to work fully."""

    household: int
    share_fen: int
    persons: int
    workers: int

    @property
    def is_weak(self) -> bool:
        """Whether the household has no labour, or little of it."""
        return self.workers * LITTLE_LABOUR <= self.persons


def weak_first(claims: Iterable[Claim]) -> list[Claim]:
    """Those with little labour before the others, else in the order given."""
    return sorted(claims, key=lambda one: not one.is_weak)


def proposed_parts(
    sum_fen: int, claims: Iterable[Claim], basis: Basis, whom: Whom = Whom.ALL
) -> dict[int, int]:
    """Fen by household that add up to `sum_fen`; nobody gets a part of nothing.

    Empty where nobody has a weight by this basis. A fen that is left goes to the largest remainder,
    among equal ones to little labour first.
    """
    ordered = weak_first(claims)
    if whom == Whom.WEAK and any(one.is_weak for one in ordered):
        ordered = [one for one in ordered if one.is_weak]
    weights = [(one.household, _weight(one, basis)) for one in ordered]
    return divided(sum_fen, weights)


def _weight(claim: Claim, basis: Basis) -> int:
    if basis == Basis.SHARE:
        return claim.share_fen
    return claim.persons if basis == Basis.PERSONS else 1


def divided(sum_fen: int, weights: Sequence[tuple[int, int]]) -> dict[int, int]:
    """`sum_fen` by weights (key, weight) with the largest remainders rounded up.

    Among equal remainders the earlier key wins; a part of 0 fen is left out.
    """
    whole = sum(weight for _key, weight in weights)
    if whole <= 0:
        return {}
    parts = {key: sum_fen * weight // whole for key, weight in weights}
    left = sum_fen - sum(parts.values())
    remainders = sorted(weights, key=lambda one: -(sum_fen * one[1] % whole))
    for key, _weight_of_it in remainders[:left]:
        parts[key] += 1
    return {key: part for key, part in parts.items() if part}


def difference_fen(total_fen: int, kept_fen: int, parts: Mapping[int, int]) -> int:
    """What parts and the kept sum lack to the total; below 0 they are more than it."""
    return total_fen - kept_fen - sum(parts.values())
