"""The door does what its description says, whatever is sent: schemathesis over every operation.

Four identities send what the description allows and what it forbids: a client of the county with
every scope, one of another county that asks for the first one's rows, one of the province that may
not read who people are, and one whose key expired. 10,000 cases in `make faults`, 300 in the suite.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, BaseSchema, Case, GenerationMode, Response
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks
from werkzeug.test import Client as WsgiClient

from officers.models import ClientKey
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import issue
from tests.api.world import SECRET, World, grow

load_all_checks()
pytestmark = pytest.mark.django_db
FULL = os.environ.get("FAULTS") == "full"
LEAST = 10_000 if FULL else 300
SOUND = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.unsupported_method,
    checks.ignored_auth,
]
CHECKED_LATE, OLD_VERSION = checks.negative_data_rejection, 412
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
OWN, FOREIGN, MASKED, EXPIRED = "own", "foreign", "masked", "expired"
SHARES = {(OWN, POSITIVE): 3, (OWN, NEGATIVE): 3, (FOREIGN, POSITIVE): 1, (FOREIGN, NEGATIVE): 1,
          (MASKED, POSITIVE): 1, (EXPIRED, POSITIVE): 1}  # fmt: skip
"""How the cases of an operation are shared out."""

BEYOND_WORDS = {
    ("cursor", "bad_cursor"),
    ("division", "unknown_division"),
    ("kinds", "not_offered"),
    ("", "bad_request"),
    ("", "outside_posting"),
    ("since", "bad_parameter"),
    ("on", "out_of_range"),
}
"""Faults that no schema can rule out: “since” beside a cursor, a NUL, a day before 2014, a place
beyond the posting.
"""

ID_NUMBER = re.compile("(?<![0-9])[0-9]{17}[0-9X](?![0-9])")
PLACES = [make.PROVINCE, make.COUNTY, make.VILLAGE, make.OTHER_COUNTY]
QUIET = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Site:
    """The door with what it holds, and a key of each identity."""

    schema: BaseSchema
    world: World
    keys: dict[str, str]
    sent: Counter[str] = field(default_factory=Counter)

    def headers(self, who: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.keys[who]}",
            "Accept-Language": "en",
            "Accept-Encoding": "identity",
        }

    def status_of(self, path: str, who: str) -> int:
        """The status of an address; Django's own client would let requests close connections."""
        return WsgiClient(self.schema.app).get(path, headers=self.headers(who)).status_code


@pytest.fixture
def site(tree: None, settings: Any) -> Iterator[Site]:
    """Everything happens in the transaction of the test, so no request may close its connection."""
    settings.API_RATES = {"read": 10**6, "write": 10**6}
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    world = grow()
    keys = {OWN: issue(make.COUNTY, *Scope), FOREIGN: issue(make.OTHER_COUNTY, *Scope)}
    keys[MASKED] = issue(make.PROVINCE, *set(Scope) - {Scope.IDENTITY})
    keys[EXPIRED] = issue(make.COUNTY, *Scope)
    ClientKey.objects.filter(pk=keys[EXPIRED].key.pk).update(expires_at="2020-01-01T00:00Z")
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    yield Site(schema, world, {who: one.text for who, one in keys.items()})
    for signal in signals:
        signal.connect(close_old_connections)


def test_whatever_is_sent_the_door_keeps_to_its_description(site):
    operations = [one.ok() for one in site.schema.get_all_operations()]
    times = -(-LEAST // (len(operations) * sum(SHARES.values())))
    for operation in operations:
        for (who, mode), share in SHARES.items():
            send(site, operation, who, mode, share * times)
    assert site.sent.total() >= LEAST
    assert site.sent["200"] > LEAST / 10
    assert site.sent["201"] > 0


def send(site: Site, operation: APIOperation, who: str, mode: GenerationMode, times: int) -> None:
    """So many cases of an operation by one identity, each answer held against the description."""

    @settings(QUIET, max_examples=times)
    @given(
        case=operation.as_strategy(generation_mode=mode),
        place=st.sampled_from(PLACES),
        known=st.integers(0, 3),
    )
    def run(case: Case, place: str, known: int) -> None:
        aim(site, case, place, known if who in (OWN, MASKED) else 1)
        response = case.call(headers=site.headers(who))
        site.sent[str(response.status_code)] += 1
        case.validate_response(response, checks=fitting(response), headers=site.headers(who))
        JUDGED[who](site, case, response)

    run()


def fitting(response: Response) -> list[Any]:
    """All checks; a body that nobody looked into, as its If-Match was old, was not accepted."""
    return [one for one in SOUND if one != CHECKED_LATE or response.status_code != OLD_VERSION]


def aim(site: Site, case: Case, place: str, known: int) -> None:
    """Let most cases name rows and places that there are, where that is not what is wrong.

    Bodies of chance are no household; now and then the description's own example is sent.
    """
    wrong = {where for where, one in case.meta.components.items() if one.mode == NEGATIVE}
    if known and ParameterLocation.PATH not in wrong:
        filled = urlsplit(site.world.path(case.operation.path)).path.split("/")
        for place_in_path, part in enumerate(case.operation.path.split("/")):
            if part.startswith("{"):
                case.path_parameters[part.strip("{}")] = filled[place_in_path]
    if known and ParameterLocation.QUERY not in wrong:
        case.query.pop("cursor", None)
        if "division" in case.query:
            case.query["division"] = place
    if known and ParameterLocation.HEADER not in wrong and "If-Match" in case.headers:
        case.headers["If-Match"] = '"1"'
    if known == 3 and case.meta.generation.mode == POSITIVE and case.method in ("POST", "PATCH"):
        body = case.operation.definition.raw["requestBody"]
        case.body = body["content"]["application/json"]["example"]
        case.media_type = "application/json"
        case.headers.pop("Content-Encoding", None)


def own(site: Site, case: Case, response: Response) -> None:
    """What the description allows is read; what was made has an address, for this county alone."""
    if case.method == "GET" and case.meta.generation.mode == POSITIVE:
        assert response.status_code in (200, 404) or faults_of(response) <= BEYOND_WORDS
    if response.status_code == 201 and "location" in response.headers:
        [path] = response.headers["location"]
        statuses = {who: site.status_of(path, who) for who in (OWN, FOREIGN, EXPIRED)}
        assert statuses == {OWN: 200, FOREIGN: 404, EXPIRED: 401}


def foreign(site: Site, case: Case, response: Response) -> None:
    """Nobody of another county reads, finds or changes anything of this one."""
    if "{" in case.operation.path:
        assert response.status_code >= 400
    told = response.content.decode()
    for secret in (site.world.household.number, make.VILLAGE, SECRET, str(site.world.plan.uuid)):
        assert secret not in told


def masked(site: Site, case: Case, response: Response) -> None:
    """Whoever may not read who people are gets no ID number, whichever way he asks."""
    assert not ID_NUMBER.search(response.content.decode())


def expired(site: Site, case: Case, response: Response) -> None:
    """A key that is over opens nothing; what no request may hold is refused before that."""
    assert response.status_code == 401 or faults_of(response) == {("", "bad_request")}


JUDGED = {OWN: own, FOREIGN: foreign, MASKED: masked, EXPIRED: expired}


def faults_of(response: Response) -> set[tuple[str, str]]:
    """Parameter and code of each fault; what is none of a parameter is one of its own."""
    told = json.loads(response.content)
    errors = told.get("errors", [told])
    return {(one.get("parameter", ""), one["code"]) for one in errors}
