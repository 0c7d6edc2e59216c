"""One request of each kind that writes at the door, and how often each kind was done."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.db.models import F, Sum

from assistance.models import Delivery
from exchange.models import ForeignDecision, Push, Upload, UploadPart
from households.models import Household, Member, Survey
from households.rules import State
from registry.api.examples import BODIES
from tests import factories as make
from tests.api.conftest import Door, new_household, new_person
from tests.api.pushing import LINES, pushed
from trail.models import Change

ADDRESS, GROUP, NAME, PART = "新村", "九组", "陈小山", 7


@dataclass(frozen=True)
class Write:
    """A request, as it is sent and sent again."""

    kind: str
    method: str
    path: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Kind:
    """How a request of a kind is made, and how many were carried out."""

    made: Callable[[Door], Write]
    done: Callable[[], int]


def writes(door: Door, count: int) -> Iterator[Write]:
    """So many requests, of each kind in turn."""
    kinds = [*KINDS.values()]
    for place in range(count):
        yield kinds[place % len(kinds)].made(door)


def _write(kind: str, path: str, body: Any, method: str = "POST", **more: str) -> Write:
    """A request of JSON with a key of its own."""
    key = {"Content-Type": "application/json", "Idempotency-Key": f"k/{next(make.serials)}"}
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return Write(kind, method, path, json.dumps(body).encode(), key | named)


def _registration(_door: Door) -> Write:
    return _write("registration", "households/", new_household(address=ADDRESS))


def _batch(_door: Door) -> Write:
    return _write("batch", "sync/batches/", {"households": [pushed()]})


def _lines(_door: Door) -> Write:
    """Two households, so that it is told from a document of one."""
    text = "\n".join(json.dumps(pushed()) for _ in range(2))
    write = _write("lines", "sync/batches/", None, Content_Type=LINES)
    return replace(write, body=text.encode())


def _change(_door: Door) -> Write:
    path = f"households/{make.make_household().number}/"
    return _write("change", path, {"group": GROUP}, "PATCH", If_Match='"1"')


def _member(_door: Door) -> Write:
    path = f"households/{make.make_household(persons=1).number}/members/"
    return _write("member", path, new_person(relation="03", name=NAME))


def _survey(_door: Door) -> Write:
    path = f"households/{make.make_household().number}/surveys/"
    return _write("survey", path, BODIES["NewSurvey"])


def _delivery(_door: Door) -> Write:
    item = make.make_item(make.make_plan(make.make_household()), "IND-OWN")
    body = BODIES["NewDelivery"] | {"reference": f"fin-{next(make.serials)}"}
    return _write("delivery", f"measures/{item.uuid}/deliver/", body, If_Match='"1"')


def _decision(_door: Door) -> Write:
    household = make.make_household(state=State.POOR)
    own = {"household": household.number, "reference": f"P-{household.number}"}
    return _write("decision", "sync/decisions/", BODIES["NewDecision"] | own)


def _opening(_door: Door) -> Write:
    return _write("opening", "sync/uploads/", {})


def _part(door: Door) -> Write:
    path = f"sync/uploads/{_opened(door)}/parts/{PART}/"
    kind = {"Content-Type": "application/octet-stream"}
    return Write("part", "PUT", path, f"part {next(make.serials)}".encode(), kind)


def _closing(door: Door) -> Write:
    at = f"sync/uploads/{_opened(door)}/"
    door.send("PUT", f"{at}parts/1/", b"{}")
    end = {"parts": 1, "sha256": sha256(b"{}").hexdigest()}
    kind = {"Content-Type": "application/json"}
    return Write("closing", "POST", f"{at}close/", json.dumps(end).encode(), kind)


def _opened(door: Door) -> str:
    key = f"upload/{next(make.serials)}"
    return door.post("sync/uploads/", {"packing": "gzip"}, Idempotency_Key=key).body["uuid"]


def _changes() -> int:
    """The versions that households came to by changes."""
    found = Household.everywhere.filter(group=GROUP).aggregate(count=Sum(F("version") - 1))
    return found["count"] or 0


KINDS = {
    "registration": Kind(_registration, Household.everywhere.filter(address=ADDRESS).count),
    "batch": Kind(_batch, Push.objects.filter(counts__created=1).count),
    "lines": Kind(_lines, Push.objects.filter(counts__created=2).count),
    "change": Kind(_change, _changes),
    "member": Kind(_member, Member.objects.filter(name=NAME).count),
    "survey": Kind(_survey, Survey.objects.count),
    "delivery": Kind(_delivery, Delivery.everywhere.count),
    "decision": Kind(_decision, ForeignDecision.everywhere.count),
    "opening": Kind(_opening, Upload.objects.filter(is_packed=False).count),
    "part": Kind(_part, UploadPart.objects.filter(number=PART).count),
    "closing": Kind(_closing, Change.objects.filter(action="close_upload").count),
}
