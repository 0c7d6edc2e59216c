"""Machine clients as other systems are: a key in the header, JSON in, JSON out."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from divisions.models import Division
from officers.actions import KeyTerms, create_client
from officers.actions.clients import Issued
from officers.rules import Scope
from tests import factories as make
from tests.settling import alone_on_the_server

__all__ = ["alone_on_the_server"]
ROOT = "/api/v1/"


class Door:
    """One key at the REST door. Answers carry their JSON as `body`."""

    def __init__(self, key: str = "", **headers: str):
        self.client = Client()
        self.headers = {"Accept-Language": "en"} | headers
        if key:
            self.headers["Authorization"] = f"Bearer {key}"

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = self.client.generic(
            method,
            path if path.startswith("/") else ROOT + path,
            text if body is not None else b"",
            content_type="application/json",
            headers=self.headers | {name.replace("_", "-"): v for name, v in headers.items()},
        )
        response.body = read(response)
        return response

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)


def read(response: HttpResponse) -> Any:
    """The JSON of an answer; None for a page and for what has no body."""
    content = response.content
    if response.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    is_json = content and "json" in response["Content-Type"]
    return json.loads(content) if is_json else None


def issue(
    division: str = make.COUNTY, *scopes: Scope, days: int = 30, username: str = "platform"
) -> Issued:
    """A new client's first key; reading and writing unless scopes are named."""
    return create_client(
        username=f"{username}-{division}-{next(make.serials)}",
        name="省级平台",
        division=Division.objects.get(pk=division),
        terms=KeyTerms(scopes or (Scope.READ, Scope.WRITE), days),
        by=make.the_operator(),
    )


@pytest.fixture
def door(tree: None) -> Door:
    """A client of COUNTY that reads and writes households."""
    return Door(issue().text)


@pytest.fixture
def foreign_door(tree: None) -> Door:
    """The like of another county."""
    return Door(issue(make.OTHER_COUNTY).text)


@pytest.fixture
def open_door(tree: None) -> Callable[..., Door]:
    """A door of a place with scopes: open_door(COUNTY, Scope.READ)."""

    def door_of(division: str = make.COUNTY, *scopes: Scope) -> Door:
        return Door(issue(division, *scopes).text)

    return door_of


def new_person(**values: Any) -> dict[str, Any]:
    """A person as the body of a request, head of the household unless said otherwise."""
    return {"name": "陈大山", "relation": "01", "id_number": make.make_id_number()} | values


def new_household(**values: Any) -> dict[str, Any]:
    """A household as the body of a request."""
    return {"village": make.VILLAGE, "group": "一组", "members": [new_person()]} | values
