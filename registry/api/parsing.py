"""Reading JSON without surprises."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from trail import plain_json


class PlainJson(BaseParser):
    """UTF-8 JSON as `trail.plain_json` reads it."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return plain_json.read(stream.read().decode("utf-8"))
        except ValueError:
            raise ParseError from None
