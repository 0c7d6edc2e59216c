"""What a line of the log says, and what it leaves out."""

import json
import logging
import sys

from celery.app.trace import LOG_FAILURE, LOG_RETRY

from registry.logs import JsonLines

DETAIL = "DETAIL: Failing row contains (张三丰, 970123196503074013)."
FACTS = {"name": "reviews.tasks.work", "id": "5d0c", "exc": f"IntegrityError({DETAIL!r})",
         "description": "raised unexpected", "args": "(7,)"}  # fmt: skip


def line_of(name: str, message: object, *args: object, exc_info: object = None) -> dict:
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, exc_info)
    return json.loads(JsonLines().format(record))


def raised() -> object:
    try:
        raise LookupError(DETAIL)
    except LookupError:
        return sys.exc_info()


def test_a_failed_task_is_logged_by_name_id_and_type_without_the_row():
    line = line_of("celery.app.trace", LOG_FAILURE, FACTS, exc_info=raised())
    assert (line["task"], line["task_id"]) == ("reviews.tasks.work", "5d0c")
    assert line["error"] == "LookupError"
    assert line["message"] == LOG_FAILURE
    assert "DETAIL" not in json.dumps(line, ensure_ascii=False)


def test_a_retried_task_does_not_quote_why():
    line = line_of("celery.app.trace", LOG_RETRY, FACTS)
    assert line["task"] == "reviews.tasks.work"
    assert "DETAIL" not in json.dumps(line, ensure_ascii=False)


def test_a_record_with_an_exception_keeps_only_its_template():
    line = line_of("reviews", "It failed: %s", DETAIL, exc_info=raised())
    assert line["message"] == "It failed: %s"
    assert "DETAIL" not in json.dumps(line, ensure_ascii=False)


def test_an_exception_logged_as_the_message_is_named_by_its_type():
    line = line_of("reviews", LookupError(DETAIL), exc_info=raised())
    assert line["message"] == "LookupError"


def test_a_record_about_a_request_keeps_its_address_to_itself():
    values = {"name": "django.security.csrf", "msg": "Forbidden (%s): %s", "request": object()}
    record = logging.makeLogRecord(values | {"args": ("no cookie", "/households/97012300000001/")})
    assert json.loads(JsonLines().format(record))["message"] == "Forbidden (%s): %s"


def test_another_record_has_its_values_filled_in():
    assert line_of("reviews", "Chunk %s is done", 7)["message"] == "Chunk 7 is done"
