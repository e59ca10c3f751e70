"""Starts the servers of the local cloud, waits until they answer, restarts what dies, and ends them together."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.processes import Child, Nursery, Process
from infra.local.serving import (
    DEFAULT_PROJECT,
    EVENTARC_URL,
    FUNCTIONS_URL,
    GATEWAY_URL,
    HOST,
    ROOT,
    RUN_URL,
    SCHEDULER_URL,
    SECRETS_URL,
)

log = logging.getLogger(__name__)

READY_TIMEOUT = 30.0
STOP_TIMEOUT = 15.0
RESTART_PAUSE = 0.2
_AHEAD = ("aiohttp.web", "infra.manifest")
"""What the servers share, imported once for all of them."""


@dataclass(frozen=True)
class Server:
    """A server of the local cloud: its variable, and how its address is written into it."""

    name: str
    speaks: str
    variable: str
    prefix: str = "http://"


SERVERS = (
    Server("firestore", "Firestore gRPC v1, REST, WebChannel", "FIRESTORE_EMULATOR_HOST", ""),
    Server("pubsub", "Pub/Sub gRPC v1", "PUBSUB_EMULATOR_HOST", ""),
    Server("bigquery", "BigQuery REST v2", "BIGQUERY_EMULATOR_HOST"),
    Server("storage", "Cloud Storage JSON + XML", "STORAGE_EMULATOR_HOST"),
    Server("auth", "Identity Toolkit, Secure Token", "FIREBASE_AUTH_EMULATOR_HOST", ""),
    Server("secrets", "Secret Manager v1", SECRETS_URL),
    Server("run", "Cloud Run Admin v2", RUN_URL),
    Server("eventarc", "CloudEvents", EVENTARC_URL),
    Server("scheduler", "Cloud Scheduler v1", SCHEDULER_URL),
    Server("functions", "the API, the docs, the web app", FUNCTIONS_URL),
)
NAMES = tuple(server.name for server in SERVERS)


class StartFailure(Exception):
    """A server did not come up; the message says which, and shows the end of its log."""


@dataclass
class Cloud:
    """The local cloud of one data folder. Ports are chosen once: a restarted server comes back on its own."""

    data: Path
    servers: tuple[Server, ...]
    ports: dict[str, int]
    environment: dict[str, str]
    nursery: Nursery
    processes: dict[str, Process] = field(default_factory=dict)
    _stopping: bool = False
    _watchers: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    def plan(cls, data: Path, names: Iterable[str], base_port: int | None, environment: Mapping[str, str]) -> "Cloud":
        """Choose ports (consecutive from `base_port`, the gateway's own; free ones if None) and derive the environment."""
        wanted = set(names)
        servers = tuple(server for server in SERVERS if server.name in wanted)
        keys = [server.name for server in servers] + (["gateway"] if "functions" in wanted else [])
        ports = _free_ports(keys) if base_port is None else _fixed_ports(keys, base_port)
        variables = _environment(data, servers, ports, environment)
        return cls(data, servers, ports, variables, Nursery(_AHEAD, variables))

    async def start(self) -> None:
        """Start every server and return when all accept connections. Raises StartFailure."""
        (self.data / "logs").mkdir(parents=True, exist_ok=True)
        await asyncio.gather(*(self._launch(server) for server in self.servers))
        # Making the key takes a while and no server needs it to start.
        await asyncio.gather(asyncio.to_thread(self._make_key), *(self._until_ready(server) for server in self.servers))
        self._watchers = [asyncio.create_task(self._watch(server)) for server in self.servers]

    async def stop(self) -> None:
        """End every server: SIGTERM, and SIGKILL for what is still there after STOP_TIMEOUT seconds."""
        self._stopping = True
        for watcher in self._watchers:
            watcher.cancel()
        processes = list(self.processes.values())
        # Callers end before what they call, so that nothing is answered with a refused connection.
        for process in reversed(processes):
            process.send(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_TIMEOUT):
                await asyncio.gather(*(process.ended.wait() for process in processes))
        except TimeoutError:
            for process in processes:
                process.send(signal.SIGKILL)
        await self.nursery.close()
        with contextlib.suppress(FileNotFoundError):
            self._pid_file.unlink()

    @property
    def _pid_file(self) -> Path:
        return self.data / "servers.json"

    def _make_key(self) -> None:
        from infra.local.auth.service_account import ensure_service_account

        token_uri = f"http://{HOST}:{self.ports['auth']}/token" if "auth" in self.ports else "http://127.0.0.1/token"
        ensure_service_account(_key_path(self.data), self.environment["GOOGLE_CLOUD_PROJECT"], token_uri)

    async def _launch(self, server: Server) -> None:
        arguments = ["--port", str(self.ports[server.name]), "--data", str(self.data / server.name)]
        log_path = self.data / "logs" / f"{server.name}.log"
        child = Child(server.name, f"infra.local.{server.name}", arguments, log_path)
        self.processes[server.name] = await self.nursery.birth(child)
        pids = {name: {"pid": process.pid, "port": self.ports[name]} for name, process in self.processes.items()}
        aside = self._pid_file.with_suffix(".tmp")
        aside.write_text(json.dumps(pids))
        aside.replace(self._pid_file)

    async def _until_ready(self, server: Server) -> None:
        deadline = time.monotonic() + READY_TIMEOUT
        while not await _accepts(self.ports[server.name]):
            code = self.processes[server.name].code
            if code is not None:
                raise StartFailure(f"{server.name} ended with {code}:\n{self._log_tail(server)}")
            if time.monotonic() > deadline:
                raise StartFailure(
                    f"{server.name} does not answer after {READY_TIMEOUT:.0f} s:\n{self._log_tail(server)}"
                )
            await asyncio.sleep(0.02)

    async def _watch(self, server: Server) -> None:
        while True:
            process = self.processes[server.name]
            await process.ended.wait()
            if self._stopping:
                return
            log.warning("%s ended with %s: starting it again", server.name, process.code)
            await asyncio.sleep(RESTART_PAUSE)
            with contextlib.suppress(ChildProcessError):
                await self._launch(server)

    def _log_tail(self, server: Server) -> str:
        return "\n".join((self.data / "logs" / f"{server.name}.log").read_text(errors="replace").splitlines()[-20:])


def _key_path(data: Path) -> Path:
    return data / "service-account.json"


def _environment(
    data: Path, servers: Iterable[Server], ports: Mapping[str, int], base: Mapping[str, str]
) -> dict[str, str]:
    environment = dict(base)
    environment.setdefault("GOOGLE_CLOUD_PROJECT", DEFAULT_PROJECT)
    environment["GOOGLE_APPLICATION_CREDENTIALS"] = str(_key_path(data).absolute())
    environment["KOMPO_CREDENTIALS"] = "anonymous"
    for server in servers:
        environment[server.variable] = f"{server.prefix}{HOST}:{ports[server.name]}"
    if "gateway" in ports:
        environment[GATEWAY_URL] = f"http://{HOST}:{ports['gateway']}"
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), base.get("PYTHONPATH", "")]))
    return environment


def _free_ports(keys: list[str]) -> dict[str, int]:
    """Ports that nothing listens on. All sockets are held open at once, so that no port is given twice."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in keys]
        for held in sockets:
            held.bind((HOST, 0))
        return {key: held.getsockname()[1] for key, held in zip(keys, sockets, strict=True)}


def _fixed_ports(keys: list[str], base_port: int) -> dict[str, int]:
    ordered = sorted(keys, key=lambda key: key != "gateway")
    ports = {key: base_port + offset for offset, key in enumerate(ordered)}
    for key, port in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise StartFailure(f"port {port} ({key}) is taken: choose another with --port") from error
    return ports


async def _accepts(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True
