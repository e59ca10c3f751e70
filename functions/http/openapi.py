"""What the OpenAPI document says of all operations alike."""

SIGNED_IN: list[dict[str, list[str]]] = [{"firebase": []}]
"""The operation needs a Firebase ID token."""
