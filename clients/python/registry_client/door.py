"""One key at the REST door of a registry: requests that are sent again until they are answered."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay
from tenacity import wait_random_exponential as growing

ROOT = "/api/v1/"
PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed."""

WAITING = frozenset({"still_running", "still_counting"})
"""Problems that the registry itself will have solved in a moment."""

LONGEST_PAUSE_SECONDS = 60.0
ANSWER_SECONDS = 120.0
FIRST_REDIRECT, FIRST_ERROR = 300, 400


class Refusal(Exception):
    """The registry answers no. `problem` is its RFC 9457 document: code, detail, errors."""

    def __init__(self, status: int, problem: Mapping[str, Any]):
        places = "".join(
            f"\n  {_place(one)}: {one.get('detail')}" for one in problem.get("errors", ())
        )
        super().__init__(f"{status} {problem.get('code', '')}: {problem.get('detail', '')}{places}")
        self.status = status
        self.problem = dict(problem)

    @property
    def code(self) -> str:
        """The stable code of the problem; empty when something else than the registry answered."""
        return str(self.problem.get("code", ""))


class Unreachable(Exception):
    """No answer came within the patience, or none that says yes or no."""


class _Passing(Exception):
    """A failure that may pass; `seconds` is how long the registry asks to wait."""

    def __init__(self, told: str, seconds: float = 0):
        super().__init__(told)
        self.seconds = seconds


class Door:
    """Sends requests with a key, and sends them again after cut lines and busy answers.

    `patience` is for how many seconds one request is tried. Reading is repeated freely; whoever
    writes gives an Idempotency-Key, so that a repeated request is done once. `name` is the site
    with the beginning of the key, which may be kept: what was told there was told nobody else.
    """

    def __init__(
        self,
        site: str,
        key: str,
        *,
        patience: float = 900,
        language: str = "en",
        transport: httpx.BaseTransport | None = None,
    ):
        self.patience = patience
        self.name = " ".join([site.rstrip("/"), *key.split("_")[1:2]])
        self._http = httpx.Client(
            base_url=site.rstrip("/") + ROOT,
            headers={"Authorization": f"Bearer {key}", "Accept-Language": language},
            timeout=ANSWER_SECONDS,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of a resource. Raises Refusal, Unreachable."""
        return self._send("GET", path, params=params)

    def post(self, path: str, body: bytes, *, key: str, **params: Any) -> Any:
        """The answer to a JSON body, done once for `key`. Raises Refusal, Unreachable."""
        return self._post(path, body, "application/json", key, params)

    def post_lines(self, path: str, lines: bytes, *, key: str, **params: Any) -> Any:
        """The answer to JSON objects one a line, done once. Raises Refusal, Unreachable."""
        return self._post(path, lines, "application/x-ndjson", key, params)

    def put(self, path: str, content: bytes) -> Any:
        """The answer to bytes that are put in their place. Raises Refusal, Unreachable."""
        headers = {"Content-Type": "application/octet-stream"}
        return self._send("PUT", path, content=content, headers=headers)

    def _post(
        self, path: str, content: bytes, media_type: str, key: str, params: Mapping[str, Any]
    ) -> Any:
        headers = {"Content-Type": media_type, "Idempotency-Key": key}
        return self._send("POST", path, params=params, content=content, headers=headers)

    def _send(self, method: str, path: str, **parts: Any) -> Any:
        tries = Retrying(
            retry=retry_if_exception_type(_Passing),
            stop=stop_after_delay(self.patience),
            wait=_pause,
            reraise=True,
        )
        try:
            return tries(self._once, method, path, **parts)
        except _Passing as failure:
            raise Unreachable(str(failure)) from failure.__cause__

    def _once(self, method: str, path: str, **parts: Any) -> Any:
        try:
            answer = self._http.request(method, path, **parts)
        except httpx.TransportError as error:
            raise _Passing(f"{type(error).__name__} at {path}") from error
        told = _told(answer)
        problem = told if answer.status_code >= FIRST_ERROR and told else {}
        if answer.status_code in PASSING or problem.get("code") in WAITING:
            raise _Passing(f"{answer.status_code} at {path}", _asked(answer))
        if answer.status_code >= FIRST_ERROR:
            raise Refusal(answer.status_code, problem)
        if told is None or answer.status_code >= FIRST_REDIRECT:
            raise _Passing(f"{answer.status_code} at {path} is no answer of a registry")
        return told


def _place(error: Mapping[str, Any]) -> str:
    """Where in the request an error stands: a pointer into the body, or a parameter."""
    return str(error.get("pointer") or error.get("parameter") or "body")


def _pause(state: RetryCallState) -> float:
    """What the registry asks for, else longer after each failure, at random."""
    failure = state.outcome.exception() if state.outcome else None
    asked = failure.seconds if isinstance(failure, _Passing) else 0
    return asked or growing(multiplier=0.5, max=LONGEST_PAUSE_SECONDS)(state)


def _asked(answer: httpx.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), LONGEST_PAUSE_SECONDS) if text.isdecimal() else 0


def _told(answer: httpx.Response) -> dict[str, Any] | None:
    """The JSON object of an answer; None where something in between answered, a proxy's page."""
    try:
        found = answer.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
