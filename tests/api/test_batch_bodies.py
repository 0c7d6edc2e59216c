"""The body of a batch: strict, packed or plain, as one document or as lines, and sent once."""

import gzip
import json

import pytest

from exchange.models import Push
from households.models import Household
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import new_household
from tests.api.pushing import LINES, errors, one, packed, push, pushed, results, send

pytestmark = pytest.mark.django_db
MIB = 1024 * 1024


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.body["code"]


def document(*households) -> str:
    return json.dumps({"households": [*households]})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" ", (400, "unreadable")),
        ("{", (400, "unreadable")),
        ('{"households": [{}, 7]}', (400, "faulty_request")),
        ("[]", (400, "faulty_request")),
        ("{}", (400, "faulty_request")),
        ('{"household": []}', (400, "faulty_request")),
        ('{"households": {}}', (400, "faulty_request")),
        ('{"households": [] , "x": 1}', (400, "faulty_request")),
        ('{"households": [], "households": []}', (400, "unreadable")),
        ('{"households": []} {}', (400, "unreadable")),
        ('{"households": [{"number": "A", "number": "B"}]}', (400, "unreadable")),
        ('{"households": [{"number": NaN}]}', (400, "unreadable")),
        ('{"households": [{"number": "\\ud800"}]}', (400, "unreadable")),
        ('{"households": [[[[[[[[]]]]]]]]}', (400, "unreadable")),
        ('{"households": [{"number": "A"} {"number": "B"}]}', (400, "unreadable")),
    ],
)
def test_a_body_that_is_no_batch_is_refused_whole(door, text, found):
    assert code(send(door, text.encode())) == found
    assert not Push.objects.exists()


def test_a_body_in_another_encoding_is_refused(door):
    assert code(send(door, '{"households": [], "组": 1}'.encode("gb18030"))) == (400, "unreadable")


def test_no_more_than_a_thousand_households_go_in_one_body(door):
    answer = send(door, document(*({"number": f"A{n}"} for n in range(1001))).encode())
    assert code(answer) == (400, "faulty_request")
    assert answer.body["errors"][0]["code"] == "out_of_range"


def test_an_empty_batch_is_a_batch(door):
    assert results(push(door)) == []


def test_lines_are_as_good_as_a_document_and_a_broken_one_stands_alone(door):
    first, second = pushed(), pushed()
    lines = [json.dumps(first), "", '{"number": ', json.dumps(second, ensure_ascii=False)]
    answer = send(door, "\n".join(lines).encode(), LINES)
    assert results(answer) == ["created", "rejected", "created"]
    assert errors(answer, 1) == [("", "broken_line")]
    assert Household.everywhere.filter(number=second["number"]).exists()


def test_a_packed_body_is_unpacked(door):
    item = pushed()
    answer = send(door, packed(document(item)), Content_Encoding="gzip")
    assert one(answer)["result"] == "created"


@pytest.mark.parametrize(
    ("body", "coding", "found"),
    [
        (b"no gzip", "gzip", (400, "unreadable")),
        (gzip.compress(b"{}", mtime=0)[:-4], "gzip", (400, "unreadable")),
        (gzip.compress(b"{}", mtime=0) + b"more", "gzip", (400, "unreadable")),
        (b"{}", "br", (415, "encoding_unknown")),
        (gzip.compress(b" " * (9 * MIB)), "gzip", (413, "too_large")),
    ],
)
def test_a_body_that_does_not_unpack_is_refused(door, body, coding, found):
    assert code(send(door, body, Content_Encoding=coding)) == found


def test_a_batch_has_eight_mebibytes_and_other_bodies_one(door):
    item = document(pushed())
    assert one(send(door, item.encode() + b" " * (6 * MIB)))["result"] == "created"
    assert code(send(door, b" " * (8 * MIB + 1))) == (413, "too_large")
    body = json.dumps(new_household()).encode() + b" " * MIB
    assert code(door.send("POST", "households/", body)) == (413, "too_large")


def test_only_json_is_taken(door):
    assert code(send(door, b"number=1", "application/x-www-form-urlencoded")) == (415, "not_json")


def test_a_batch_needs_the_scope_to_write(open_door):
    assert code(push(open_door(make.COUNTY, Scope.READ), pushed())) == (403, "no_scope")


def test_a_batch_needs_a_key_of_its_own(door):
    assert code(send(door, document().encode(), Idempotency_Key="")) == (400, "key_missing")


def test_a_batch_that_is_sent_again_is_taken_once(door):
    body, other = document(pushed()).encode(), document(pushed()).encode()
    first = send(door, body, Idempotency_Key="night-1")
    again = send(door, packed(body.decode()), Idempotency_Key="night-1", Content_Encoding="gzip")
    assert (again.body, again["Idempotency-Replayed"]) == (first.body, "true")
    assert Push.objects.count() == 1
    assert code(send(door, other, Idempotency_Key="night-1")) == (422, "key_reused")


def test_a_parameter_that_is_not_known_is_refused(door):
    answer = door.send("POST", "sync/batches/?dry_run=yes", {}, Idempotency_Key="k")
    assert code(answer) == (400, "faulty_request")
