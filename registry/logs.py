"""One JSON object per line, without personal data."""

import json
import logging
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime

TASKS_LOGGER = "celery.app.trace"
TASK_FACTS = {"name": "task", "id": "task_id"}

request_id: ContextVar[str] = ContextVar("request_id", default="")
key_prefix: ContextVar[str] = ContextVar("key_prefix", default="")
"""Beginning of the key that opened the REST door to the request; "" for an officer."""


class JsonLines(logging.Formatter):
    """Writes when, what, where and which request.

    Of an exception only its type and the lines it came from: messages of the database quote rows,
    and local variables hold people. Celery puts the exception into its sentences, and Django the
    address, which names a household; so of these, as of every record with an exception, the
    template is written and not what was filled in.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "request": request_id.get(),
            **_task_facts(record),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            line["error"] = kind.__qualname__
            line["frames"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(trace)
            ]
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """The sentence; its bare template where an exception or an address may have been filled in."""
    is_of_request = hasattr(record, "request")
    if record.name != TASKS_LOGGER and not record.exc_info and not is_of_request:
        return record.getMessage()
    return record.msg if isinstance(record.msg, str) else type(record.msg).__qualname__


def _task_facts(record: logging.LogRecord) -> dict[str, str]:
    """Name and id of the task that a record of Celery's tracer is about."""
    if record.name != TASKS_LOGGER or not isinstance(record.args, Mapping):
        return {}
    return {ours: str(record.args[its]) for its, ours in TASK_FACTS.items() if its in record.args}
