"""Search terms carry names and ID numbers: they stay sealed in the visitor's session.

The address of a result page carries the id of the term alone.
"""

import uuid
from base64 import b64decode, b64encode

from django.http import HttpRequest

from trail.sealing import seal, unseal

FIELD = "households.search.term"
SESSION_KEY = "searches"
KEPT = 10


def keep_term(request: HttpRequest, term: str) -> uuid.UUID:
    """Seal the term into the session, the last KEPT ones; returns its id."""
    key = uuid.uuid4()
    sealed = b64encode(seal(term, field=FIELD, row=key)).decode()
    kept = list(request.session.get(SESSION_KEY, {}).items())[-(KEPT - 1) :]
    request.session[SESSION_KEY] = dict([*kept, (str(key), sealed)])
    return key


def recall_term(request: HttpRequest, key: str) -> str | None:
    """The term behind an id; None when this session never made it or has forgotten it."""
    sealed = request.session.get(SESSION_KEY, {}).get(key)
    return unseal(b64decode(sealed), field=FIELD, row=uuid.UUID(key)) if sealed else None
