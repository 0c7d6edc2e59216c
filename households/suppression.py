"""Which counts of a table stay hidden, so that none comes back by subtraction. No Django.

Few are hidden first. Where a sum would tell one of them, the smallest count beside it is hidden
too, and the total where nothing else is left. Every sum is looked at by itself, until none tells.
Source: role matrix of the security note (counts of at least five only).
"""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass

Key = Hashable
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Sum:
    """Counts that add up to the same on both sides; those of `last` are hidden last."""

    left: tuple[Key, ...]
    right: tuple[Key, ...]
    last: frozenset[Key] = frozenset()


@dataclass(frozen=True)
class Hidden:
    """Keys of hidden counts: `few` may be told to be few, of those `withheld` nothing is told."""

    few: frozenset[Key] = frozenset()
    withheld: frozenset[Key] = frozenset()


def total(whole: Key, parts: Iterable[Key]) -> Sum:
    """The sum of the parts; the whole is hidden last."""
    return Sum(tuple(parts), (whole,), frozenset({whole}))


def hidden_counts(counts: Mapping[Key, int], sums: Iterable[Sum], *, fewest: int) -> Hidden:
    """What to hide of counts, none of them negative, that are shown with these sums.

    A count of none stays shown, and so is one without a key. Sums that do not hold tell nothing.
    """
    few = {key for key, number in counts.items() if 0 < number < fewest}
    withheld: set[Key] = set()
    sound = [
        one
        for one in sums
        if sum(counts.get(key, 0) for key in one.left)
        == sum(counts.get(key, 0) for key in one.right)
    ]

    def bounds(key: Key) -> Bounds:
        if key in few:
            return 1, fewest - 1
        return (fewest if counts[key] >= fewest else 1), math.inf

    changed = bool(few)
    while changed:
        changed = False
        for one in sound:
            while tells(counts, few | withheld, one, bounds, fewest=fewest):
                key = _next(counts, few, withheld, one)
                few.discard(key)
                withheld.add(key)
                changed = True
    return Hidden(frozenset(few), frozenset(withheld))


def tells(
    counts: Mapping[Key, int],
    hidden: Iterable[Key],
    one: Sum,
    bounds: Callable[[Key], Bounds],
    *,
    fewest: int,
) -> bool:
    """Whether the sum gives back a hidden count, or that several of them are few together.

    `bounds` is what the reader knows of a hidden count anyway.
    """
    out_of = set(hidden)
    left, right = ([key for key in side if key in out_of] for side in (one.left, one.right))
    if not left and not right:
        return False
    if not left or not right:
        alone = left or right
        if len(alone) == 1 or sum(counts[key] for key in alone) < fewest:
            return True
    shown = sum(counts.get(key, 0) for key in one.right if key not in out_of) - sum(
        counts.get(key, 0) for key in one.left if key not in out_of
    )
    return any(
        _is_certain(bounds(key), [*map(bounds, _without(side, key))], [*map(bounds, other)], rest)
        for side, other, rest in ((left, right, shown), (right, left, -shown))
        for key in side
    )


def _without(keys: Iterable[Key], key: Key) -> list[Key]:
    return [one for one in keys if one != key]


def _is_certain(own: Bounds, beside: list[Bounds], across: list[Bounds], rest: int) -> bool:
    """Whether own + beside = across + rest leaves one value for the count itself."""
    low = rest + sum(least for least, _most in across) - sum(most for _least, most in beside)
    high = rest + sum(most for _least, most in across) - sum(least for least, _most in beside)
    return max(own[0], low) >= min(own[1], high)


def _next(counts: Mapping[Key, int], few: set[Key], withheld: set[Key], one: Sum) -> Key:
    """The count to withhold next: the smallest one shown that is not hidden last.

    Behind it, a total for one that is hidden alone; for several, that they are few.
    """
    keys = [key for key in (*one.left, *one.right) if counts.get(key) and key not in withheld]
    is_alone = sum(key in few or key in withheld for key in (*one.left, *one.right)) == 1

    def rank(key: Key) -> tuple[bool, bool, int]:
        is_few, is_last = key in few, key in one.last
        return (is_few, is_last, counts[key]) if is_alone else (is_last, is_few, counts[key])

    return min(keys, key=rank)
