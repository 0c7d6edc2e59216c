"""Sealed values: AES-256-GCM at rest, an HMAC blind index for exact search and uniqueness.

A sealed value is key id (1 byte) ‖ nonce (12) ‖ ciphertext ‖ tag (16), bound to its field and to
the uuid of its row, so that a value copied to another row or column does not open.
Keys: settings.FIELD_KEYS, "1:<base64 32 bytes>[,2:…];blind:<base64 32 bytes>". The last numbered
key seals; all of them open.
"""

import base64
import hmac
import os
import uuid
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12


@dataclass(frozen=True)
class Keyring:
    ciphers: dict[int, AESGCM]
    sealing_id: int
    blind_key: bytes


@cache
def parse_keys(text: str) -> Keyring:
    """The keyring of a FIELD_KEYS text; ImproperlyConfigured when it is not whole."""
    numbered, _, blind = text.partition(";blind:")
    pairs = [pair.partition(":") for pair in numbered.split(",") if pair]
    keys = {int(number): base64.b64decode(key) for number, _, key in pairs if number.isdecimal()}
    blind_key = base64.b64decode(blind)
    if not keys or len(blind_key) != 32 or any(len(key) != 32 for key in keys.values()):
        raise ImproperlyConfigured(
            "FIELD_KEYS must be '1:<base64 of 32 bytes>;blind:<base64 of 32 bytes>'."
        )
    ciphers = {number: AESGCM(key) for number, key in keys.items()}
    return Keyring(ciphers, max(ciphers), blind_key)


def keyring() -> Keyring:
    """The keyring of this process."""
    return parse_keys(settings.FIELD_KEYS)


def seal(text: str, *, field: str, row: uuid.UUID) -> bytes:
    """`text` sealed for one field of one row; field is "app.model.column"."""
    return seal_bytes(text.encode(), field=field, row=row)


def seal_bytes(content: bytes, *, field: str, row: uuid.UUID) -> bytes:
    """Like `seal`, for the content of a file that belongs to a row."""
    keys = keyring()
    nonce = os.urandom(NONCE_BYTES)
    cipher = keys.ciphers[keys.sealing_id]
    return bytes([keys.sealing_id]) + nonce + cipher.encrypt(nonce, content, _bound_to(field, row))


def unseal(blob: bytes | memoryview, *, field: str, row: uuid.UUID) -> str:
    """The text of a sealed value; cryptography's InvalidTag when field or row are not its own."""
    return unseal_bytes(blob, field=field, row=row).decode()


def unseal_bytes(blob: bytes | memoryview, *, field: str, row: uuid.UUID) -> bytes:
    """Like `unseal`, for the content of a file."""
    raw = bytes(blob)
    cipher = keyring().ciphers[raw[0]]
    nonce, sealed = raw[1 : 1 + NONCE_BYTES], raw[1 + NONCE_BYTES :]
    return cipher.decrypt(nonce, sealed, _bound_to(field, row))


def blind(text: str, *, field: str) -> uuid.UUID:
    """A 128-bit keyed digest: equal for equal texts of one field, useless without the key."""
    digest = hmac.digest(keyring().blind_key, f"{field}\0{text}".encode(), "sha256")
    return uuid.UUID(bytes=digest[:16])


def _bound_to(field: str, row: uuid.UUID) -> bytes:
    return field.encode() + b"\0" + row.bytes
