"""Batches of households as another system pushes them."""

import gzip
import json
from typing import Any

from exchange.models import Push
from tests import factories as make
from tests.api.conftest import Door, new_person, read
from workflow.models import PolicyParameter

PATH = "/api/v1/sync/batches/"
LINES = "application/x-ndjson"


def pushed(**values: Any) -> dict[str, Any]:
    """A household to push, new unless its number is on record."""
    number = f"{make.COUNTY}9{next(make.serials):07d}"
    return {"number": number, "village": make.VILLAGE, "members": [new_person()]} | values


def say(key: str, value: str, county: str = make.COUNTY) -> None:
    """Let a policy parameter hold in a county from the beginning."""
    PolicyParameter.objects.create(
        division_id=county, year=2014, key=key, value=value, source="test", version=9
    )


def year(**values: Any) -> dict[str, Any]:
    """The facts of a year to push with it."""
    return {"year": 2019, "wage_income": "8000.00", "food": "1"} | values


def send(door: Door, body: bytes, kind: str = "application/json", **headers: str) -> Any:
    """The answer to a body as it stands; a key of its own unless one is named."""
    own = {"Idempotency-Key": f"k-{next(make.serials)}"}
    query = "?dry_run=1" if headers.pop("dry", "") else ""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = door.client.generic(
        "POST", PATH + query, body, content_type=kind, headers=door.headers | own | named
    )
    response.body = read(response)
    return response


def push(door: Door, *households: Any, **headers: str) -> Any:
    """The answer to these households as one document."""
    return send(door, json.dumps({"households": [*households]}).encode(), **headers)


def results(answer: Any) -> list[str]:
    """What became of each household."""
    assert answer.status_code == 200, answer.body
    return [one["result"] for one in answer.body["results"]]


def one(answer: Any) -> dict[str, Any]:
    """What became of the only household."""
    assert answer.status_code == 200, answer.body
    (found,) = answer.body["results"]
    return found


def errors(answer: Any, place: int = 0) -> list[tuple[str, str]]:
    """Pointers and codes of the errors of a household."""
    return [(each["pointer"], each["code"]) for each in answer.body["results"][place]["errors"]]


def packed(text: str) -> bytes:
    return gzip.compress(text.encode())


def last_push() -> Push:
    return Push.objects.latest("pk")
