"""What becomes of events for functions that the manifest declares differently: without retry, or too slow."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from infra.local.eventarc.courier import LIFETIME
from infra.local.eventarc.events import Event
from infra.local.eventarc.server import Eventarc
from infra.local.eventarc.store import Store
from infra.manifest import Function
from tests.infra.local.eventarc.receiver import Receiver, receiver

ATTRIBUTES = {
    "id": "1",
    "source": "//storage.googleapis.com/projects/_/buckets/p-media",
    "specversion": "1.0",
    "type": "google.cloud.storage.object.v1.deleted",
    "bucket": "p-media",
}


def _function(**declared: Any) -> Function:
    usual = {
        "name": "forget_upload",
        "source": "functions/forget_upload.py",
        "trigger": {"storage": {"bucket": "media", "event": "deleted"}},
        "memory": "512Mi",
        "cpu": 1,
        "concurrency": 1,
        "timeout": 60,
    }
    return Function.model_validate(usual | declared)


@pytest.fixture
def functions() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


async def _settled(eventarc: Eventarc) -> dict[str, Any]:
    """The only delivery of a server, once it is no longer pending."""
    runner = web.AppRunner(eventarc.application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    try:
        async with asyncio.timeout(10), aiohttp.ClientSession(f"http://{host}:{port}") as session:
            while True:
                async with session.get("/deliveries") as answer:
                    (delivery,) = (await answer.json())["deliveries"]
                if delivery["state"] != "pending":
                    return dict(delivery)
                await asyncio.sleep(0.01)
    finally:
        await runner.cleanup()


def _kept(folder: Path, function: Function) -> Store:
    store = Store(folder / "eventarc.db")
    assert store.keep(Event(ATTRIBUTES, "application/json", b"{}"), [function.name])
    return store


def test_a_function_without_retry_is_called_once(functions: Receiver, tmp_path: Path) -> None:
    function = _function(retry=False)
    functions.answers["/forget_upload"] = [500]
    delivery = asyncio.run(_settled(Eventarc(_kept(tmp_path, function), [function], "p", functions.url, 0.01)))
    assert (delivery["state"], delivery["status"], delivery["attempts"]) == ("dropped", 500, 1)
    assert len(functions.requests) == 1


def test_a_function_that_does_not_answer_in_time_has_failed(functions: Receiver, tmp_path: Path) -> None:
    function = _function(timeout=1)
    functions.release.clear()
    delivery = asyncio.run(_settled(Eventarc(_kept(tmp_path, function), [function], "p", functions.url, 0.01)))
    assert (delivery["state"], delivery["status"]) == ("dropped", 504)


def test_an_event_is_dropped_after_a_day_of_failures(functions: Receiver, tmp_path: Path) -> None:
    function = _function(retry=True)
    store = _kept(tmp_path, function)
    with sqlite3.connect(tmp_path / "eventarc.db") as database:
        database.execute("UPDATE deliveries SET since = ?", (time.time() - LIFETIME + 0.5,))
    functions.answers["/forget_upload"] = [500] * 1000
    delivery = asyncio.run(_settled(Eventarc(store, [function], "p", functions.url, 0.1)))
    assert delivery["state"] == "dropped"
    assert delivery["attempts"] > 1
