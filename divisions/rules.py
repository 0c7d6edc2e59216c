"""What a division code says by itself. No Django here.

Source: GB/T 2260 (first six digits), GB/T 10114 (townships), statistical division codes.
"""

PADDED_DIGITS = 12
NATURAL_DIGITS = (2, 4, 6, 9, 12)

GB_2260_PROVINCES = frozenset(
    str(digits)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 82),
    )
    for digits in range(first, last + 1)
)
"""The province digits that are given out; anything else is demonstration or a mistake."""


def candidates(code: str) -> list[str]:
    """The natural codes that a typed code may mean, the highest level first.

    A natural code means itself. Twelve digits may also be a padded code: 441900000000 is the city
    4419 or its only county 441900, 350527000000 a county, a township or a village.
    """
    if len(code) != PADDED_DIGITS:
        return [code]
    short = [code[:digits] for digits in NATURAL_DIGITS if not code[digits:].strip("0")]
    return ["0"] if not code.strip("0") else short


def township_is_out_of_class(code: str) -> bool:
    """Whether a township's last three digits lie outside the classes that are given out.

    001–099 sub-district, 100–199 town, 200–399 township, 400–599 enterprise-run unit. Local
    exceptions exist: a warning, never an error.
    """
    return not "001" <= code[6:9] <= "599"


def village_is_out_of_class(code: str) -> bool:
    """Whether a village's last three digits lie outside the classes that are given out.

    001–199 residents' committee, 200–399 villagers' committee, 400–599 enterprise-type unit.
    """
    return not "001" <= code[9:12] <= "599"
