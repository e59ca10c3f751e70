"""The API under 50 concurrent clients: p50 and p95 of reading and saving, as a ratio to an answer that touches nothing.

Run inside the suite: `python -m infra.local exec -- python -m bench.api`."""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from demo.client import Client

CLIENTS = 50
REQUESTS = 2000
KOMPOSITION = {
    "title": "Bench",
    "komposition": {
        "sources": [{"id": "a", "assetId": "x", "kind": "video"}],
        "segments": [{"id": f"s{n}", "sourceId": "a", "startBeat": 4 * n, "endBeat": 4 * n + 4} for n in range(20)],
    },
}


@dataclass(frozen=True)
class Figures:
    """Latencies in milliseconds, and requests a second."""

    p50: float
    p95: float
    rate: float


async def measure(call: Callable[[int], Awaitable[None]], requests: int = REQUESTS) -> Figures:
    """Call `requests` times from CLIENTS clients at once."""
    numbers = iter(range(requests))
    taken: list[float] = []

    async def client() -> None:
        for number in numbers:
            started = time.perf_counter()
            await call(number)
            taken.append((time.perf_counter() - started) * 1000)

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    elapsed = time.perf_counter() - started
    cuts = statistics.quantiles(taken, n=20)
    return Figures(statistics.median(taken), cuts[18], requests / elapsed)


async def run(origin: str, token: str) -> None:
    """Measure and print the table."""
    connector = aiohttp.TCPConnector(limit=CLIENTS)
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(origin, connector=connector, headers=headers) as session:

        async def request(method: str, path: str, body: object = None) -> None:
            async with session.request(method, path, json=body) as answer:
                text = await answer.text()
                if answer.status >= 400:
                    raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]}")

        await request("PUT", "/v1/kompositions/bench", KOMPOSITION)
        rows = {
            "baseline: GET /v1/status": await measure(lambda _: request("GET", "/v1/status")),
            "GET /v1/kompositions/{id}": await measure(lambda _: request("GET", "/v1/kompositions/bench")),
            "GET /v1/kompositions": await measure(lambda _: request("GET", "/v1/kompositions")),
            "PUT /v1/kompositions/{id}": await measure(
                lambda n: request("PUT", f"/v1/kompositions/bench-{n % 200}", KOMPOSITION), REQUESTS // 4
            ),
        }
    base = rows["baseline: GET /v1/status"]
    print(f"API, {CLIENTS} concurrent clients\n{'':<28}{'p50 ms':>9}{'p95 ms':>9}{'req/s':>9}{'p95 ratio':>11}")
    for name, found in rows.items():
        print(f"{name:<28}{found.p50:9.1f}{found.p95:9.1f}{found.rate:9.0f}{found.p95 / base.p95:11.2f}")


def main() -> None:
    """Sign up, measure, print."""
    origin = os.environ["KOMPO_PUBLIC_URL"]
    client = Client.sign_up(origin, f"bench-{time.time_ns()}@example.com")
    asyncio.run(run(origin, client.token))


if __name__ == "__main__":
    main()
