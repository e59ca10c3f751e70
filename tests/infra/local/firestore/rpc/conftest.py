"""A server of a few methods, in an event loop of its own, and the official client's channel to it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import grpc
import pytest

from infra.local.firestore.errors import Code
from infra.local.firestore.rpc import Call, Gone, Method, Server

MEBIBYTE = 1024 * 1024


def in_thread(handle: Callable[[Call, bytes], None]) -> Callable[[Call, bytes], None]:
    return lambda call, request: threading.Thread(target=handle, args=(call, request), daemon=True).start()


@dataclass
class Served:
    """What the handlers have noticed, for the tests to look at."""

    port: int = 0
    sent: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)
    stop: Callable[[float], object] = lambda grace: None
    leave: Callable[[], object] = lambda: None

    def echo(self, call: Call, request: bytes) -> None:
        call.reply(request)

    def whoami(self, call: Call, _: bytes) -> None:
        call.reply((call.head.authorization or "").encode())

    def refuse(self, call: Call, request: bytes) -> None:
        call.finish(Code.FAILED_PRECONDITION, request.decode())

    def broken(self, call: Call, request: bytes) -> None:
        raise ZeroDivisionError

    def pour(self, call: Call, request: bytes) -> None:
        """As many mebibytes as the request says, each a message."""
        call.when_over(self.over.set)
        try:
            for number in range(int(request)):
                call.send(bytes([number % 256]) * MEBIBYTE)
                self.sent = number + 1
            call.finish()
        except Gone:
            self.gone.set()

    def chat(self, call: Call, _: bytes) -> None:
        """Every message back as it comes."""
        call.when_over(self.over.set)
        try:
            for message in call.requests():
                call.send(message)
            call.finish()
        except Gone:
            self.gone.set()

    @property
    def methods(self) -> dict[str, Method]:
        return {
            "/test/Echo": Method(self.echo),
            "/test/EchoLater": Method(in_thread(self.echo)),
            "/test/WhoAmI": Method(self.whoami),
            "/test/Refuse": Method(self.refuse),
            "/test/Broken": Method(self.broken),
            "/test/Pour": Method(in_thread(self.pour)),
            "/test/Chat": Method(in_thread(self.chat), takes_stream=True),
        }


@pytest.fixture
def served() -> Iterator[Served]:
    """The server, stopped without grace at the end."""
    noticed, ready = Served(), threading.Event()

    async def serve() -> None:
        server, done = Server(noticed.methods), asyncio.Event()
        loop = asyncio.get_running_loop()
        noticed.stop = lambda grace: asyncio.run_coroutine_threadsafe(server.stop(grace), loop).result(30)
        noticed.leave = lambda: loop.call_soon_threadsafe(done.set)
        async with await loop.create_server(server.connect, "127.0.0.1", 0) as listener:
            noticed.port = listener.sockets[0].getsockname()[1]
            ready.set()
            await done.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield noticed
    noticed.stop(0)
    noticed.leave()
    thread.join()


@pytest.fixture
def channel(served: Served) -> Iterator[grpc.Channel]:
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    with grpc.insecure_channel(f"127.0.0.1:{served.port}", options) as opened:
        yield opened
