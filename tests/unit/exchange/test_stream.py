"""A body read household by household: nothing lost at the borders of its blocks."""

import gzip
import io
import json

import pytest

from exchange import stream
from exchange.stream import BLOCK, DOCUMENT, LINES, Broken, TooLarge, Unreadable, items, unpacked

MANY = 1000


def households(count: int) -> list[dict[str, str]]:
    return [{"number": f"A{n}", "group": "𠮷野家" * (n % 7)} for n in range(count)]


@pytest.mark.parametrize("lead", range(4))
def test_households_come_as_they_stand_whatever_the_blocks_cut(lead):
    wanted = households(MANY)
    text = " " * lead + json.dumps({"households": wanted}, ensure_ascii=False, indent=1)
    content = text.encode()
    assert len(content) > BLOCK
    assert list(items(content, DOCUMENT, most=MANY)) == wanted


def test_the_first_household_is_there_before_the_body_is_read_to_its_end():
    content = b'{"households": [{"number": "A1"}, ' + b" " * BLOCK + b"oops"
    found = items(content, DOCUMENT, most=MANY)
    assert next(found) == {"number": "A1"}
    with pytest.raises(Unreadable):
        next(found)


def test_a_text_that_never_ends_is_given_up_before_it_is_read_whole(monkeypatch):
    monkeypatch.setattr(stream, "LONGEST", 3 * BLOCK)
    content = b'{"households": [{"number": "' + b"A" * (40 * BLOCK)
    text = stream.Text(content)
    for sign in '{"households":[':
        text.skip(sign)
    with pytest.raises(ValueError, match="Unterminated"):
        text.value()
    assert text.place < 6 * BLOCK


def test_lines_end_with_or_without_a_carriage_return():
    content = b'{"number": "A1"}\r\n\r\n[1]\n{"number": "A2"}'
    first, broken, last = items(content, LINES, most=9)
    assert (first["number"], type(broken), last["number"]) == ("A1", Broken, "A2")


def test_a_body_is_unpacked_up_to_its_limit():
    assert unpacked(io.BytesIO(gzip.compress(b"a" * 100)), "gzip", limit=100) == b"a" * 100
    for body, coding in ((gzip.compress(b"a" * 101), "gzip"), (b"a" * 101, "")):
        with pytest.raises(TooLarge):
            unpacked(io.BytesIO(body), coding, limit=100)


def test_a_bomb_is_stopped_after_a_few_times_the_limit():
    bomb = gzip.compress(b"\0" * (64 * 1024 * 1024))
    source = io.BytesIO(bomb)
    with pytest.raises(TooLarge):
        unpacked(source, "gzip", limit=1024)
    assert source.tell() <= BLOCK
