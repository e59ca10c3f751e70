"""Configuration: where events go, in whose name, and how much they may take. From arguments, else from the environment."""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Token = str | Callable[[], str] | None

PLATFORMS = frozenset({"mcp", "komposteur", "webapp", "api"})
_OFF = frozenset({"0", "false", "no", "off"})
_ON = frozenset({"1", "true", "yes", "on"})
_EVENTS = "/v1/events"


@dataclass(frozen=True)
class Configuration:
    """How a collector works. Every time is in seconds.

    `endpoint` is the origin of the API; without one nothing is collected. `token` is a bearer token, or what gives one each
    time it is called. With `on_behalf` the user named in a call is told to the server, which needs the role `integrator`;
    without, everything belongs to the token's own user and the names that callers give stay on this machine."""

    endpoint: str = ""
    token: Token = None
    enabled: bool = True
    platform: str = "mcp"
    on_behalf: bool = False
    account: str = ""
    """Tells two accounts of one machine apart in the spool; found from the token unless given."""
    spool: Path | None = None
    spool_bytes: int = 64_000_000
    spool_seconds: float = 6 * 86_400.0
    """The server knows an event again for 7 days."""
    queue_events: int = 10_000
    flush_seconds: float = 1.0
    """How long an event waits in memory before it is on disk and on its way."""
    timeout: float = 10.0
    exit_seconds: float = 2.0
    """How long the end of the process may wait for events."""

    @classmethod
    def of(cls, given: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> "Configuration":
        """What is given; what is not, as the environment says; what that does not say, by default. Raises TypeError for a
        name that there is not."""
        if unknown := given.keys() - {field.name for field in fields(cls)}:
            raise TypeError(f"A collector has no setting {', '.join(sorted(unknown))}.")
        told: dict[str, Any] = {
            "endpoint": environment.get("KOMPO_ENDPOINT") or environment.get("FIREBASE_ENDPOINT"),
            "token": environment.get("KOMPO_TOKEN"),
            "platform": environment.get("KOMPO_PLATFORM"),
            "on_behalf": environment.get("KOMPO_ON_BEHALF", "").strip().lower() in _ON,
            "spool": environment.get("KOMPO_SPOOL"),
        }
        told = {name: value for name, value in told.items() if value} | dict(given)
        if environment.get("ANALYTICS_ENABLED", "").strip().lower() in _OFF:
            told["enabled"] = False  # Whoever runs the program has the last word.
        if "spool" in told and told["spool"] is not None:
            told["spool"] = Path(told["spool"])
        return cls(**told)

    @property
    def problem(self) -> str | None:
        """Why nothing is collected: a sentence, or None if something is."""
        if not self.enabled:
            return "Analytics are turned off."
        parts = urlsplit(self.endpoint) if isinstance(self.endpoint, str) else None
        if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
            return "There is no endpoint: set KOMPO_ENDPOINT to the origin of the API, e.g. https://kompo.example."
        if self.platform not in PLATFORMS:
            return f"There is no platform {self.platform!r}: it is one of {', '.join(sorted(PLATFORMS))}."
        return None

    @property
    def origin(self) -> str:
        """The endpoint without what is added to it."""
        return self.endpoint.rstrip("/").removesuffix(_EVENTS).rstrip("/")

    @property
    def url(self) -> str:
        """Where events are posted."""
        return self.origin + _EVENTS

    @property
    def spool_folder(self) -> Path:
        """Where events wait: a folder for each API and account, below the user's cache unless another place is named."""
        base = self.spool or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kompo-events"
        owner = f"{self.origin}\n{self.account or _account(self.token)}"
        return base / hashlib.sha256(owner.encode(errors="replace")).hexdigest()[:16]

    def bearer(self) -> str:
        """The token as it is now; empty if there is none. Raises what its source raises."""
        token = self.token() if callable(self.token) else self.token
        return token or ""


def _account(token: Token) -> str:
    """What stays the same while tokens of one account come and go."""
    if callable(token):
        return f"{getattr(token, '__module__', '')}.{getattr(token, '__qualname__', type(token).__qualname__)}"
    return _subject(token or "") or hashlib.sha256((token or "").encode(errors="replace")).hexdigest()


def _subject(token: str) -> str:
    """Whom a JSON Web Token is about. Nothing is checked: this only names a folder."""
    parts = token.split(".")
    if len(parts) != 3:
        return ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return str(claims.get("sub", ""))
    except (ValueError, AttributeError):
        return ""
