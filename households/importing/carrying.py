"""The rows of a checked file on their way to the saving: with the page, sealed for their sender.

The file is kept nowhere; `field` names which import the rows belong to.
"""

import base64
import json
import uuid
import zlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from django.utils.translation import gettext as _

from officers.models import Officer
from trail.errors import Refused
from trail.sealing import seal_bytes, unseal_bytes

MOST_CARRIED = 1_800_000
"""So many characters of rows travel with a page; a form may hold two million."""

Rows = tuple[tuple[str, ...], list[tuple[int, Sequence[str]]]]
"""The headings, and the records with their numbers."""


def carried(rows: Rows, *, field: str, by: Officer) -> str:
    """The rows as a text that only this officer can send back; "" when they are too many."""
    content = json.dumps(rows, ensure_ascii=False).encode()
    sealed = seal_bytes(zlib.compress(content, 9), field=field, row=_owner(by))
    text = base64.b85encode(sealed).decode()
    return text if len(text) <= MOST_CARRIED else ""


def brought_back(text: str, *, field: str, by: Officer) -> Rows:
    """The rows that `carried` gave to this officer. Refused for anything else."""
    try:
        sealed = unseal_bytes(base64.b85decode(text), field=field, row=_owner(by))
        headings, records = json.loads(zlib.decompress(sealed))
    except (ValueError, InvalidTag, KeyError, IndexError) as error:
        raise Refused(_("Choose the file once more and check it again."), code="gone") from error
    return tuple(headings), [(number, cells) for number, cells in records]


def _owner(by: Officer) -> uuid.UUID:
    return uuid.UUID(int=by.pk)
