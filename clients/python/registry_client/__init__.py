"""Connects another system with a poverty registry. See README.md for an afternoon's work."""

from registry_client.copying import Copy
from registry_client.door import Door, Refusal, Unreachable
from registry_client.pulling import pull
from registry_client.pushing import push_file, try_file
from registry_client.reconciling import reconcile
from registry_client.relaying import Relayed, relay
from registry_client.uploading import UploadFailed, upload_file

__all__ = [
    "Copy",
    "Door",
    "Refusal",
    "Relayed",
    "Unreachable",
    "UploadFailed",
    "pull",
    "push_file",
    "reconcile",
    "relay",
    "try_file",
    "upload_file",
]
