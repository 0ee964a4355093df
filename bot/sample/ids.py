"""Make ids that look like Slack's and are the same on every machine."""

import base64
import hashlib
import uuid

_LENGTH = 11  # Slack's newer ids have eleven characters, the kind's letter first
_NAMESPACE = uuid.UUID(int=0)


def slack_id(kind: str, name: str) -> str:
    """Make an id such as U0K3VQ7ZB2M from a kind (T, U, B, C, F) and a name."""
    digest = hashlib.sha256(f"{kind}:{name}".encode()).digest()
    return f"{kind}0{base64.b32encode(digest).decode()[: _LENGTH - 2]}"


def fraction(name: str) -> str:
    """Make the six digits after the point of a ts; Slack's end in 9 or 0."""
    digest = hashlib.sha256(name.encode()).digest()
    return f"{int.from_bytes(digest[:4]) % 100_000:05d}9"


def client_msg_id(name: str) -> str:
    """Make the UUID that a person's Slack client gives to a message."""
    return str(uuid.uuid5(_NAMESPACE, name))
