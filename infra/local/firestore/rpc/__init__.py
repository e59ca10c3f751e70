"""gRPC over HTTP/2, on asyncio: the server's side of the wire, as the clients of Google's libraries speak it.

grpcio takes no connections from others, so that it cannot share a port, and passes every call through three threads of its
own. Here the loop's thread reads, hands a request to whoever answers it, and sends all the answers that are there at once.

`frames`, `headers` and `messages` are the formats; a `connection` has `streams`, and each of these a `call`, which is what
the handlers of `methods` see; the `outbox` brings their answers back. Left out is what a server among Google's clients on
one machine does not need: TLS, priorities, compressed answers, deadlines (clients cancel by themselves).
"""

from .call import Call, Gone
from .methods import Method, Methods
from .server import Server

__all__ = ["Call", "Gone", "Method", "Methods", "Server"]
