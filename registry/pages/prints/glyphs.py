"""Characters that the usual fonts lack, so that a sheet can say where a box may stand.

Noto CJK has the Unicode blocks up to extension A and a part of B; HanaMin has B to F. Extensions G,
H and I and the private areas are in neither: such a character prints as a box where the office has
no font of its own. Names are kept byte for byte all the same.
"""

from collections.abc import Iterable

LAST_OF_FONTS = 0x2EBE0
PRIVATE = ((0xE000, 0xF8FF), (0xF0000, 0x10FFFD))
IN_NOTO_CJK = frozenset({0x30EDE, 0x30EDD})


def seldom_in_fonts(texts: Iterable[str]) -> list[str]:
    """Code points such as "U+31350" that stand in the texts, each once, in order."""
    found = {ord(character) for text in texts for character in text}
    return [f"U+{point:04X}" for point in sorted(found) if _is_seldom(point)]


def _is_seldom(point: int) -> bool:
    private = any(first <= point <= last for first, last in PRIVATE)
    return private or (LAST_OF_FONTS < point < 0xE0000 and point not in IN_NOTO_CJK)
