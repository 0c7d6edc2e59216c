"""How a name is found: by its first characters, by pinyin, by initials. Names stay byte for byte.

A household carries the tokens of its members in `Household.search`; a search is one exact token,
so that the index answers at any size. No Django here.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

SHORTEST_PREFIX, LONGEST_PREFIX = 2, 6
SEPARATORS = re.compile(r"[\s·•‧・.'’-]+")
SURNAME_READINGS = {
    "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "曾": "zeng", "朴": "piao", "区": "ou",
    "任": "ren", "盖": "gai", "尉": "wei", "种": "chong", "翟": "zhai", "覃": "qin", "乐": "yue",
}  # fmt: skip


def search_key(text: str) -> str:
    """A name or query without separators, in small letters; what tokens are made of."""
    return SEPARATORS.sub("", text).lower()


def tokens_of(names: Iterable[str]) -> list[str]:
    """The sorted search tokens of some names: prefixes, given name, pinyin, initials."""
    return sorted({token for name in names for token in _tokens(search_key(name))})


def query_token(text: str) -> str:
    """The one token that a query looks for; "" when it is too short to search by.

    A longer query finds by its first characters; the caller compares the whole name.
    """
    key = search_key(text)
    if len(key) < SHORTEST_PREFIX:
        return ""
    return key if key.isascii() else key[:LONGEST_PREFIX]


@lru_cache(maxsize=65536)
def _tokens(key: str) -> frozenset[str]:
    if len(key) < SHORTEST_PREFIX:
        return frozenset({key})
    readings = [_reading(character) for character in key]
    readings[0] = SURNAME_READINGS.get(key[0], readings[0])
    found = {key[:length] for length in range(SHORTEST_PREFIX, min(len(key), LONGEST_PREFIX) + 1)}
    found |= {key[1:], "".join(readings), "".join(readings[1:]), readings[0]}
    found.add("".join(reading[0] for reading in readings))
    return frozenset(token for token in found if len(token) >= SHORTEST_PREFIX)


@lru_cache(maxsize=32768)
def _reading(character: str) -> str:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - 60 MB, for writers of names alone

    return lazy_pinyin(character, style=Style.NORMAL)[0] or character
