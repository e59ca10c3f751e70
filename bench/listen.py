"""`python -m bench.listen`: how soon listeners see a write, and how many are held at once, over gRPC and over WebChannel.

The baseline is the write itself, which a listener cannot beat."""

import asyncio
import contextlib
import json
import statistics
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from google.cloud import firestore
from google.cloud.firestore_v1 import types

from tests.cloud import local_cloud

SAMPLES = 200
MANY = 1000
OPENED_AT_ONCE = 50
GOAL = 20.0
"""Milliseconds that the median may take."""

_PATH = "google.firestore.v1.Firestore/Listen/channel"


class OverGrpc:
    """A Listen stream of the official client's generated layer."""

    def __init__(self, client: firestore.AsyncClient, name: str) -> None:
        self._client = client
        self._name = name
        self._ended = asyncio.Event()

    async def __aenter__(self) -> "OverGrpc":
        stream = await self._client._firestore_api.listen(self._requests(), metadata=self._client._rpc_metadata)
        self._responses = aiter(stream)
        return self

    async def _requests(self) -> AsyncIterator[types.ListenRequest]:
        yield types.ListenRequest(
            database=self._client._database_string,
            add_target={"target_id": 1, "documents": {"documents": [self._name]}},
        )
        await self._ended.wait()

    async def until(self, n: int) -> None:
        """Return when the document is seen to have this `n`."""
        async for response in self._responses:
            if response.document_change and response.document_change.document.fields["n"].integer_value == n:
                return

    async def __aexit__(self, *_: object) -> None:
        self._ended.set()


class OverWebChannel:
    """A session as the JS SDK holds it, its back channel streaming."""

    def __init__(self, http: aiohttp.ClientSession, host: str, name: str) -> None:
        self._http = http
        self._url = f"http://{host}/{_PATH}"
        self._name = name
        self._database = name.partition("/documents/")[0]

    async def __aenter__(self) -> "OverWebChannel":
        target = {"addTarget": {"targetId": 1, "documents": {"documents": [self._name]}}, "database": self._database}
        form = {
            "headers": "Authorization:Bearer owner\r\n",
            "count": "1",
            "ofs": "0",
            "req0___data__": json.dumps(target),
        }
        query = {"VER": "8", "database": self._database}
        async with self._http.post(self._url, params=query | {"RID": "1"}, data=form) as answer:
            session = json.loads((await answer.text()).partition("\n")[2])[0][1][1]
        self._back = await self._http.get(
            self._url, params=query | {"SID": session, "RID": "rpc", "AID": "0", "CI": "0", "TYPE": "xmlhttp"}
        )
        return self

    async def until(self, n: int) -> None:
        """Return when the document is seen to have this `n`."""
        wanted = f'"integerValue":"{n}"'.encode()
        async for chunk in self._back.content.iter_any():
            if wanted in chunk:
                return

    async def __aexit__(self, *_: object) -> None:
        self._back.close()


async def latencies(client: firestore.AsyncClient, path: str, listener: Any) -> tuple[list[float], list[float]]:
    """Milliseconds of writes, and from the beginning of each write until the listener has seen it."""
    document = client.document(path)
    await document.set({"n": -1})
    writes, seen = [], []
    async with listener as listening:
        await listening.until(-1)
        for n in range(SAMPLES):
            start = time.perf_counter()
            told = asyncio.create_task(listening.until(n))
            await document.set({"n": n})
            writes.append((time.perf_counter() - start) * 1000)
            await told
            seen.append((time.perf_counter() - start) * 1000)
    return writes, seen


async def hold(
    stack: contextlib.AsyncExitStack, client: firestore.AsyncClient, path: str, listeners: list[Any]
) -> float:
    """Open all listeners and wait until each has its document. Returns the seconds that it took."""
    await client.document(path).set({"n": 0})
    slots = asyncio.Semaphore(OPENED_AT_ONCE)

    async def open_one(listener: Any) -> None:
        async with slots:
            await (await stack.enter_async_context(listener)).until(0)

    start = time.perf_counter()
    await asyncio.gather(*map(open_one, listeners))
    return time.perf_counter() - start


async def fan_out(client: firestore.AsyncClient, path: str, listeners: list[Any]) -> list[float]:
    """Milliseconds until each of the listeners has seen one write to the document that all of them watch."""
    start = time.perf_counter()

    async def told(listener: Any) -> float:
        await listener.until(1)
        return (time.perf_counter() - start) * 1000

    tasks = [asyncio.create_task(told(listener)) for listener in listeners]
    await client.document(path).set({"n": 1})
    return list(await asyncio.gather(*tasks))


def row(name: str, writes: list[float], seen: list[float]) -> None:
    """Print one line of the table."""
    median, write = statistics.median(seen), statistics.median(writes)
    slow = sorted(seen)[int(len(seen) * 0.99)]
    verdict = "met" if median <= GOAL else "MISSED"
    print(f"{name:44}{write:9.1f}{median:9.1f}{slow:9.1f}{median / write:9.2f}   goal {GOAL:.0f} ms {verdict}")


async def bench(host: str) -> None:
    """Measure over both transports, alone and among MANY listeners."""
    client = firestore.AsyncClient(project="bench")
    documents = f"{client._database_string}/documents"
    print(f"{'milliseconds':44}{'write':>9}{'median':>9}{'p99':>9}{'of write':>9}")
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None)) as http:
        transports = {
            "gRPC": lambda path: OverGrpc(client, f"{documents}/{path}"),
            "WebChannel": lambda path: OverWebChannel(http, host, f"{documents}/{path}"),
        }
        for name, make in transports.items():
            row(f"{name}, one listener", *await latencies(client, "alone/one", make("alone/one")))
            crowd = [make("crowd/one") for _ in range(MANY)]
            async with contextlib.AsyncExitStack() as stack:
                opened = await hold(stack, client, "crowd/one", crowd)
                row(
                    f"{name}, among {MANY:,} that watch another",
                    *await latencies(client, "alone/one", make("alone/one")),
                )
                reached = await fan_out(client, "crowd/one", crowd)
            print(
                f"{name}, {MANY:,} held at once, opened in {opened:.1f} s; one write reaches half of them in"
                f" {statistics.median(reached):,.0f} ms, all in {max(reached):,.0f} ms"
            )


def main() -> None:
    """Run it all against a server of its own."""
    with local_cloud("firestore") as cloud, cloud.applied():
        asyncio.run(bench(cloud.env["FIRESTORE_EMULATOR_HOST"]))


if __name__ == "__main__":
    main()
