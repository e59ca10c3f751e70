"""What happens to WebChannel sessions as time goes by, with the times made short."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer

from infra.local.firestore.engine import Engine
from infra.local.firestore.web import channel, session
from infra.local.firestore.web.rulebook import Rulebook
from infra.local.firestore.web.server import make_app

PATH = "/google.firestore.v1.Firestore/Listen/channel"
Scenario = Callable[["TestClient[object, object]", str], Awaitable[None]]


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Scenario], None]:
    """Runs a scenario with a client of the application and the id of a session."""

    async def run(scenario: Scenario) -> None:
        engine = Engine(tmp_path)
        server = TestServer(
            make_app(engine, Rulebook(tmp_path / "given", tmp_path / "firestore.rules")), handler_cancellation=True
        )
        async with TestClient(server) as client:
            answer = await client.post(PATH, params={"database": "projects/p/databases/d"}, data={"count": "0"})
            await scenario(client, json.loads((await answer.text()).partition("\n")[2])[0][1][1])
        engine.close()

    def run_aside(scenario: Scenario) -> None:
        """In a thread of its own: in this one the driver of the browser may have its event loop."""
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, run(scenario)).result()

    return run_aside


def back(identifier: str, streaming: bool = False) -> dict[str, str]:
    return {"SID": identifier, "RID": "rpc", "AID": "0", "CI": "0" if streaming else "1"}


def test_a_silent_session_hears_a_noop_now_and_then(
    play: Callable[[Scenario], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "NOOP_AFTER", 0.05)

    async def listen(client: ClientSession, identifier: str) -> None:
        assert (await (await client.get(PATH, params=back(identifier))).text()).endswith('[[1,["noop"]]]')
        stream = await client.get(PATH, params=back(identifier, streaming=True))
        heard = ""
        while heard.count("noop") < 4:
            heard += (await stream.content.readany()).decode()
        stream.close()

    play(listen)


def test_a_session_whose_client_stays_away_expires(
    play: Callable[[Scenario], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leave(client: ClientSession, identifier: str) -> None:
        stream = await client.get(PATH, params=back(identifier, streaming=True))
        monkeypatch.setattr(session, "EXPIRY", 0.05)
        await asyncio.sleep(0.2)  # its client is there: it does not expire
        assert (await client.post(PATH, params={"SID": identifier}, data={"count": "0"})).status == 200
        stream.close()
        async with asyncio.timeout(10):
            while (await client.post(PATH, params={"SID": identifier}, data={"count": "0"})).status != 400:
                await asyncio.sleep(0.02)

    play(leave)


def test_a_back_channel_ends_after_its_life_and_the_next_goes_on(
    play: Callable[[Scenario], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "BACK_CHANNEL_LIFE", 0.0)

    async def reopen(client: ClientSession, identifier: str) -> None:
        for number in (1, 2):
            answer = await client.get(PATH, params=back(identifier, streaming=True) | {"AID": str(number - 1)})
            assert (await answer.text()).endswith(f'[[{number},["noop"]]]')

    play(reopen)
