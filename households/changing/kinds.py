"""The kinds of change, as data. No Django here; labels are English msgids.

Source: domain reference §6.3. Every change has a day, a reason and a proof; none needs a notice.
"""

from dataclasses import dataclass

JOIN, LEAVE, HOUSEHOLD = "join", "leave", "household"
TRANSFERRED = "08"
"""The reason that ends a membership which goes on in another household."""

CAME, SPLIT_OFF, MERGED = "09", "10", "11"
MISSING_YEARS = 2


def gettext_noop(text: str) -> str:
    """Mark a label for the translation catalogue."""
    return text


@dataclass(frozen=True)
class Kind:
    """One kind of change.

    `code` is the reason on the membership: of joining in a JOIN, of its end in a LEAVE.
    `names_household` and `names_village` ask for another household or for a village; `moves` says
    that some people go, `all_go` that everybody does, `relates` that relations are given anew.
    """

    name: str
    label: str
    group: str
    code: str = ""
    names_household: bool = False
    names_village: bool = False
    moves: bool = False
    all_go: bool = False
    relates: bool = False


def _join(name: str, code: str, label: str) -> Kind:
    return Kind(name, label, JOIN, code)


def _leave(name: str, code: str, label: str) -> Kind:
    return Kind(name, label, LEAVE, code, moves=True, relates=True)


KINDS: dict[str, Kind] = {
    one.name: one
    for one in (
        _join("birth", "01", gettext_noop("Birth")),
        _join("marriage_in", "02", gettext_noop("Marriage into the household")),
        _join("moved_in", "03", gettext_noop("Moved in")),
        _join("adoption", "04", gettext_noop("Adoption")),
        _join("released", "05", gettext_noop("Released from prison")),
        _join("discharged", "06", gettext_noop("Discharged from the army")),
        _join("left_out", "07", gettext_noop("Left out earlier")),
        _join("returned", "08", gettext_noop("Returned")),
        _leave("death", "01", gettext_noop("Death")),
        _leave("married_out", "02", gettext_noop("Married out")),
        _leave("moved_out", "03", gettext_noop("Moved out")),
        _leave("army", "04", gettext_noop("Joined the army")),
        _leave("prison", "05", gettext_noop("In prison")),
        _leave("missing", "06", gettext_noop("Missing for two years or more")),
        _leave("divorced", "07", gettext_noop("Divorced out")),
        _leave("emigrated", "09", gettext_noop("Emigrated")),
        _leave("mistake", "10", gettext_noop("Entered by mistake")),
        Kind(
            "transfer",
            gettext_noop("Transfer to another household"),
            HOUSEHOLD,
            CAME,
            names_household=True,
            moves=True,
            relates=True,
        ),
        Kind("head", gettext_noop("Another head"), HOUSEHOLD, relates=True),
        Kind(
            "split",
            gettext_noop("Split into two households"),
            HOUSEHOLD,
            SPLIT_OFF,
            moves=True,
            relates=True,
        ),
        Kind(
            "merge",
            gettext_noop("Merge into another household"),
            HOUSEHOLD,
            MERGED,
            names_household=True,
            all_go=True,
            relates=True,
        ),
        Kind(
            "relocation",
            gettext_noop("Relocation to another village"),
            HOUSEHOLD,
            names_village=True,
        ),
        Kind("cancellation", gettext_noop("Cancellation: nobody is left"), HOUSEHOLD),
    )
}
GROUPS: dict[str, str] = {
    JOIN: gettext_noop("Somebody joins"),
    LEAVE: gettext_noop("Somebody leaves"),
    HOUSEHOLD: gettext_noop("The household changes"),
}


def needs_county(kind: Kind, *, here: str, there: str) -> bool:
    """Whether the county decides: people or the household cross a border that the township has.

    `here` and `there` are village codes; `there` is empty where no other place is named.
    """
    if not there:
        return False
    if kind.names_village:
        return here[:9] != there[:9]
    return here != there
