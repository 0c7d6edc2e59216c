"""Which set of persons a survey counted. No Django here."""

import uuid
from collections.abc import Iterable
from hashlib import sha256


def member_digest(person_numbers: Iterable[str]) -> uuid.UUID:
    """Names a set of active members by their person numbers: same digest, same persons."""
    text = "\n".join(sorted(person_numbers))
    return uuid.UUID(bytes=sha256(text.encode()).digest()[:16])
