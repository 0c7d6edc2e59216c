"""The names of the figures of a review in the table of counts that are shown together."""

from households.suppression import Key

HOUSEHOLDS, PERSONS = "households", "persons"
REGISTER, EXITS, EXPECTED = "register", "exits", "expected"
BELOW, ABOVE = "below", "above"
BELOW_5, ABOVE_5 = (-2, -1), (0, 1)  # bands of 2.5 % of the line each


def kind_key(kind: int) -> Key:
    """Households with one proposal."""
    return "kind", int(kind)


def state_key(state: int) -> Key:
    """Households of one state then."""
    return "state", int(state)


def cell_key(state: int, kind: int) -> Key:
    """Households of one state with one proposal."""
    return "cell", int(state), int(kind)


def band_key(group: str, band: int) -> Key:
    """Households of a group of states in one band of distance to the line."""
    return "band", group, band


def known_key(group: str) -> Key:
    """Households of a group of states whose income is known."""
    return "known", group


def unknown_key(group: str) -> Key:
    """Households of a group of states whose income is not known."""
    return "unknown", group


def reason_key(sort: str, name: str) -> Key:
    """Households that lack one thing ("lacks"), or of which it is not known ("gaps")."""
    return sort, name


def spared_key(sort: str, name: str) -> Key:
    """The other households of the place."""
    return "spared", sort, name


def part_key(part: str, whole: Key) -> Key:
    """What a division right below holds of another figure."""
    return "part", part, whole
