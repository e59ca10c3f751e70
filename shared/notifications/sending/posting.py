"""Posting: one HTTP request to the address that was looked at. No redirect is followed, no answer read without end."""

import contextlib
import http.client
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from shared.core.clock import now
from shared.notifications.addresses import Target, is_named, resolve
from shared.notifications.errors import NotSent, refused
from shared.notifications.sending.connecting import TIMEOUT, connection, encrypted

_IN_ALL = 20.0
"""Seconds for a whole request."""
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_MOST = 65_536
"""Bytes of an answer that are read."""


@dataclass(frozen=True)
class Answer:
    """What a receiver has answered."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def retry_after(self) -> float | None:
        """Seconds that it asks to be left alone for (Retry-After, as seconds or as a date), if it does."""
        given = self.headers.get("retry-after", "").strip()
        if given.isascii() and given.isdigit():
            return float(given)
        try:
            moment = parsedate_to_datetime(given)
        except ValueError:
            return None
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now()).total_seconds())

    def __str__(self) -> str:
        return f"{self.status} {self.text}".strip()


def post(url: str, body: bytes, headers: Mapping[str, str], *, trusted: bool = False) -> Answer:
    """POST `body`. `trusted`: who deploys has set this URL, and it may be internal. Raises NotSent if there is no answer, or
    if the URL may not be posted to: it is not HTTPS, or leads to an internal address, unless notification_hosts names it."""
    if " " in url or not all(_PRINTABLE.fullmatch(text) for text in (url, *headers.values())):
        raise refused("The URL or a secret holds characters that no HTTP request can have.")
    parts, target = _target(url, trusted=trusted)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _connection(parts.scheme, target) as speaking:
            speaking.request("POST", path, body, {"Host": parts.netloc, "User-Agent": "Kompo", **headers})
            response = speaking.getresponse()
            given = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, given, _text(response))
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(f"The receiver {target.host} does not answer: {error or type(error).__name__}.") from error


def _text(response: http.client.HTTPResponse) -> str:
    """What the receiver says besides the status, as far as it comes. It has answered: what it took must not be posted again, and
    its 410 not be lost, because a text does not end."""
    said = b""
    with contextlib.suppress(OSError, http.client.HTTPException):
        while len(said) < _MOST and (part := response.read1(_MOST - len(said))):
            said += part
    return said.decode(errors="replace")


def _target(url: str, *, trusted: bool) -> tuple[SplitResult, Target]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError):
        raise refused("The URL is not one of HTTP.") from None
    host = parts.hostname or ""
    if trusted:
        return parts, Target(host, port, host)
    if parts.username is not None or parts.password is not None:
        raise refused("The URL holds a user or password: it would be in logs. Use a secret.")
    if parts.scheme != "https" and not is_named(host, port):
        raise refused("The URL must begin with https://.")
    return parts, resolve(host, port)


@contextlib.contextmanager
def _connection(scheme: str, target: Target) -> Iterator[http.client.HTTPConnection]:
    with connection(target, _IN_ALL) as plain:
        speaking = http.client.HTTPConnection(target.host, target.port, timeout=TIMEOUT)
        speaking.sock = encrypted(plain, target.host) if scheme == "https" else plain
        with contextlib.closing(speaking):
            yield speaking
