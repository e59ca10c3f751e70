"""Posting: one JSON request to an API and its answer, tried again where that can help."""

import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from math import isfinite
from typing import TYPE_CHECKING, Any

from shared.clips.ranking.errors import RankerUnavailable

if TYPE_CHECKING:
    import requests

_CONNECT = 10.0
_MOST_BYTES = 4 << 20
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_LONGEST_WAIT = 30.0
"""Seconds; an API that wants to be left alone for longer is given up at once."""
_TOO_LONG = re.compile(
    r"""context[\s_-]*(?:length|window|size) | (?:input|prompt|request)\s+(?:is\s+)?too\s+(?:long|large)
    | (?:input|prompt)?\s*token\s+(?:count|limit) .{0,80} exceed | exceeds? .{0,80} (?:token|context)
    | too\s+many\s+(?:input\s+)?tokens
    | reduce\s+the\s+length | max_(?:completion_)?tokens .{0,40} (?:too\s+large|exceed)""",
    re.VERBOSE | re.DOTALL,
)
"""How OpenAI, Anthropic, Vertex AI, vLLM, llama.cpp, Ollama and gateways say it, in small letters."""
_REQUEST_TOO_LARGE = re.compile(r"request\s+(?:is\s+)?too\s+large")
_REFUSED_KEY = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class NotTaken(RankerUnavailable):
    """The API did not take the request as it is. `told`: what it says about it, for whoever can ask otherwise."""

    def __init__(self, detail: str, told: str) -> None:
        super().__init__(detail)
        self.told = told


class TooLong(NotTaken):
    """The question, or it with the answer that is asked for, has more tokens than the model can hold."""


@dataclass(frozen=True)
class Endpoint:
    """An API. `who`: its name in sentences. `headers`: made anew for every request, for tokens run out.

    `seconds`: that one question may take, with all its attempts. `backoff`: seconds before the second one, doubled for each."""

    who: str
    url: str
    headers: Callable[[], Mapping[str, str]]
    seconds: float
    attempts: int = 4
    backoff: float = 0.5

    def post(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON object that it answers.

        Raises RankerUnavailable: it does not answer in time, refuses the key, or fails again and again; NotTaken; TooLong."""
        until = time.monotonic() + self.seconds
        for attempt in range(1, self.attempts + 1):
            status, wait, read = self._try(body, until)
            if status == HTTPStatus.OK:
                return self._object(read)
            if status not in (None, *_PASSING) or _is_too_long(status, read) or attempt == self.attempts:
                break
            pause = wait if wait is not None else self.backoff * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311
            if pause > _LONGEST_WAIT or time.monotonic() + pause >= until:
                break
            time.sleep(pause)
        raise self._failed(status, read, attempt)

    def _try(self, body: Mapping[str, Any], until: float) -> tuple[int | None, float | None, bytes]:
        """The status, the seconds after which it wants to be asked again, and what was read; no status if nothing came of it."""
        import requests

        left = max(until - time.monotonic(), 0.1)
        try:
            with requests.post(
                self.url,
                json=body,
                headers=dict(self.headers()),
                auth=_as_it_is,
                timeout=(min(_CONNECT, left), left),
                allow_redirects=False,
                stream=True,
            ) as answer:
                return answer.status_code, _seconds(answer.headers.get("Retry-After")), _read(answer, until)
        except requests.Timeout:
            return None, None, b"no answer in time"
        except UnicodeEncodeError:
            raise RankerUnavailable(f"{self.who} has a key that no header can hold. Set another one.") from None
        except requests.RequestException as error:
            return None, None, type(error).__name__.encode()

    def _object(self, read: bytes) -> dict[str, Any]:
        import json

        try:
            found = json.loads(read)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise RankerUnavailable(f"{self.who} answers with something that is not a JSON object.")
        return found

    def _failed(self, status: int | None, read: bytes, attempts: int) -> RankerUnavailable:
        if status is None:
            return RankerUnavailable(f"{self.who} does not answer ({read.decode()}).")
        if _is_too_long(status, read):
            return TooLong(f"{self.who} cannot hold so much text at once (HTTP {status}).", _small(read))
        if status in _REFUSED_KEY:
            return RankerUnavailable(f"{self.who} refuses the key (HTTP {status}). Set another one.")
        if status == HTTPStatus.NOT_FOUND:
            return RankerUnavailable(f"{self.who} has no such model, or its URL is wrong (HTTP 404).")
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return RankerUnavailable(f"{self.who} is asked too often, or its quota is used up (HTTP 429).")
        if status in _PASSING:
            times = "once" if attempts == 1 else f"{attempts} times"
            return RankerUnavailable(f"{self.who} fails (HTTP {status}), {times} in a row.")
        return NotTaken(f"{self.who} does not take the request (HTTP {status}).", _small(read))


def _is_too_long(status: int | None, read: bytes) -> bool:
    if status in (None, HTTPStatus.OK, *_REFUSED_KEY):
        return False
    if status == HTTPStatus.TOO_MANY_REQUESTS:  # Of quotas of tokens, which pass, much the same is said.
        return _REQUEST_TOO_LARGE.search(_small(read)) is not None
    return status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or _TOO_LONG.search(_small(read)) is not None


def _small(read: bytes) -> str:
    return read.decode(errors="replace").casefold()


def _as_it_is(request: "requests.PreparedRequest") -> "requests.PreparedRequest":
    """Without it, a .netrc on the machine would replace our key."""
    return request


def _read(answer: "requests.Response", until: float) -> bytes:
    import requests

    read = bytearray()
    while chunk := _some(answer):
        read += chunk
        if len(read) > _MOST_BYTES:
            raise requests.RequestException("The answer is too large.")
        if time.monotonic() > until:
            raise requests.Timeout("The answer does not end.")
    return bytes(read)


def _some(answer: "requests.Response") -> bytes:
    """What has come of an answer, as soon as anything has: one that drips must not hold us up. b"" at its end."""
    import requests
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    try:
        return bytes(answer.raw.read1(1 << 14, decode_content=True))
    except ReadTimeoutError as error:
        raise requests.Timeout("The answer does not end.") from error
    except (HTTPError, OSError) as error:
        raise requests.ConnectionError("The answer breaks off.") from error


def _seconds(retry_after: str | None) -> float | None:
    """Seconds from now, of a header that gives them or a date; None if it gives neither."""
    if retry_after is None:
        return None
    try:
        dated = ":" in retry_after
        wait = parsedate_to_datetime(retry_after).timestamp() - time.time() if dated else float(retry_after)
    except (ValueError, OverflowError):
        return None
    return max(wait, 0.0) if isfinite(wait) else None
