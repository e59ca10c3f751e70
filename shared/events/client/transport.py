"""Transport: one HTTP request with a time limit for the whole of it, and an answer whatever happens."""

import email.utils
import encodings.idna  # noqa: F401 (looking up a host imports it, in a thread that a fork may cut off)
import gzip
import http.client
import io
import json
import socket
import time
import urllib.error
import urllib.request
from typing import Any

from .answer import Answer

MAX_ANSWER = 4_000_000
_WORTH_PACKING = 1_000
_LONGEST_RETRY_AFTER = 600.0


class Transport:
    """Requests to one API. A server that does not take packed bodies is sent plain ones from then on."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._packs = True
        self._opener = urllib.request.build_opener(_Plain, _Secure, _NoRedirect)

    def post(self, url: str, token: str, body: bytes) -> Answer:
        """Post JSON. Never raises."""
        packed = self._packs and len(body) > _WORTH_PACKING
        answer = self._send("POST", url, token, gzip.compress(body, 1) if packed else body, packed)
        if packed and answer.status in (400, 415):
            self._packs = False
            return self._send("POST", url, token, body, False)
        return answer

    def get(self, url: str, token: str) -> Answer:
        """Get JSON. Never raises."""
        return self._send("GET", url, token, None, False)

    def _send(self, method: str, url: str, token: str, body: bytes | None, packed: bool) -> Answer:
        headers = {
            "Accept": "application/json",
            "User-Agent": "kompo-events/1",
            **({"Authorization": f"Bearer {token}"} if token else {}),
            **({"Content-Type": "application/json"} if body is not None else {}),
            **({"Content-Encoding": "gzip"} if packed else {}),
        }
        try:
            request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 (checked by Configuration)
            with self._opener.open(request, timeout=self._timeout) as response:
                return _answer(response.status, response.headers, response.read(MAX_ANSWER))
        except urllib.error.HTTPError as refused:
            with refused:
                return _answer(refused.code, refused.headers, _rest(refused))
        except Exception as error:  # Whatever can be wrong with a network, its names, certificates and proxies.
            return Answer(0, problem=f"{type(error).__name__}: {error}"[:300])


def _answer(status: int, headers: Any, content: bytes) -> Answer:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    known = body if isinstance(body, dict) else {}
    said = known.get("detail")
    problem = "" if status < 400 else f"{status}: {said if isinstance(said, str) else ''}"[:300]
    return Answer(status, known, _seconds(headers.get("Retry-After")), problem)


def _rest(refused: urllib.error.HTTPError) -> bytes:
    try:
        return refused.read(MAX_ANSWER)
    except Exception:  # What the status says is enough.
        return b""


def _seconds(said: str | None) -> float | None:
    """`Retry-After`, in seconds or as a date, from 0 to ten minutes."""
    if not said:
        return None
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(said).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER) if seconds == seconds else None


class _Stream(io.RawIOBase):
    """What a socket receives, until a deadline: a server that drips is as late as one that is silent."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        super().__init__()
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        super().close()
        self._sock.close()


class _Deadlined:
    """A socket as http.client uses one, with one deadline for all that is done with it. Closed before its answer is read, as
    http.client does, it closes with the answer."""

    def __init__(self, sock: socket.socket, timeout: float) -> None:
        self._sock = sock
        self._read = False
        self._deadline = time.monotonic() + timeout

    def sendall(self, data: Any) -> None:
        self._sock.settimeout(max(0.001, self._deadline - time.monotonic()))
        self._sock.sendall(data)

    def makefile(self, mode: str, *_: Any, **__: Any) -> io.BufferedReader:
        assert mode == "rb"
        self._read = True
        return io.BufferedReader(_Stream(self._sock, self._deadline))

    def close(self) -> None:
        if not self._read:
            self._sock.close()


class _PlainConnection(http.client.HTTPConnection):
    def connect(self) -> None:
        super().connect()
        self.sock: Any = _Deadlined(self.sock, float(self.timeout or 0))


class _SecureConnection(http.client.HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        self.sock: Any = _Deadlined(self.sock, float(self.timeout or 0))


class _Plain(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_PlainConnection, req)


class _Secure(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_SecureConnection, req)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token is for the origin that was named, and for no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None
