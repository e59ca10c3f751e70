"""Connections that end: to one pinned address, for so many seconds at most, whatever the other side does."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator

from shared.notifications.addresses import Target

TIMEOUT = 10.0
"""Seconds without a sign of the other side."""


@contextlib.contextmanager
def connection(target: Target, in_all: float) -> Iterator[socket.socket]:
    """A connection that is cut off after `in_all` seconds: who drips must not hold a delivery past its lease. Raises OSError."""
    with socket.create_connection((target.address, target.port), TIMEOUT) as plain:
        same = plain.dup()  # TLS takes the socket itself over.
        timer = threading.Timer(in_all, _cut, (same,))
        timer.daemon = True
        timer.start()
        try:
            yield plain
        finally:
            timer.cancel()
            same.close()


def encrypted(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """TLS with a host whose certificate says that it is the one. Raises OSError."""
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _cut(same: socket.socket) -> None:
    with contextlib.suppress(OSError):
        same.shutdown(socket.SHUT_RDWR)
