"""The local cloud for tests: started by the same command that a person types, killed and restarted at will."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

_LIMIT = """import os, resource, sys
most = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
os.execv(sys.argv[2], sys.argv[2:])"""
_LONGEST_PAUSE = 0.2
T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
# Runs inside the cloud's environment: shows it to the test, then lives until the test closes its input.
_REPORT = "import json, os, sys; print(json.dumps(dict(os.environ)), flush=True); sys.stdin.read()"


_OURS = ("FIRESTORE_", "PUBSUB_", "BIGQUERY_", "STORAGE_", "FIREBASE_", "KOMPO_", "GOOGLE_")
"""How the variables begin that tell a process which cloud it is in."""


@dataclass(frozen=True)
class RunningCloud:
    """A local cloud that is up. `env` is the environment that a command inside it sees."""

    env: dict[str, str]
    data: Path
    supervisor: "subprocess.Popen[str]"

    @property
    def project(self) -> str:
        """The default project."""
        return self.env["GOOGLE_CLOUD_PROJECT"]

    @property
    def url(self) -> str:
        """The public origin (the functions must be among the servers)."""
        return self.env["KOMPO_PUBLIC_URL"]

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Point the official clients of this process at this cloud inside; another cloud may be there before and after."""
        before = dict(os.environ)
        os.environ.update({name: value for name, value in self.env.items() if name.startswith(_OURS)})
        _forget_clients()
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
            _forget_clients()

    def server(self, name: str) -> dict[str, int]:
        """The `pid` and `port` of a server."""
        servers: dict[str, dict[str, int]] = json.loads((self.data / "servers.json").read_text())
        return servers[name]

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Kill a server and return when another process answers on its port."""
        before = self.server(name)
        os.kill(before["pid"], number)
        wait_for(lambda: self.server(name)["pid"] != before["pid"], f"{name} is started again")
        wait_for(lambda: _accepts(before["port"]), f"{name} answers again")


@contextmanager
def local_cloud(
    *servers: str, data: Path | None = None, largest_file: int | None = None, **variables: str
) -> Iterator[RunningCloud]:
    """Start the servers named (all of them if none is), in a temporary folder unless `data` is given; stop them at the end.

    With `largest_file` no file of theirs can grow past that many bytes, as on a disk that is full."""
    limited = with_largest_file(largest_file) if largest_file else []
    with TemporaryDirectory(prefix="kompo-test-", ignore_cleanup_errors=True) as temporary:
        folder = data or Path(temporary)
        only = ["--only", ",".join(servers)] if servers else []
        supervisor = subprocess.Popen(
            [
                *limited,
                sys.executable,
                "-m",
                "infra.local",
                "exec",
                "--data",
                str(folder),
                *only,
                "--",
                sys.executable,
                "-c",
                _REPORT,
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**{name: value for name, value in os.environ.items() if not name.startswith(_OURS)}, **variables},
        )
        assert supervisor.stdin is not None
        assert supervisor.stdout is not None
        try:
            line = supervisor.stdout.readline()
            assert line, f"the local cloud did not start: exit code {supervisor.wait()}"
            yield RunningCloud(json.loads(line), folder, supervisor)
        finally:
            supervisor.stdin.close()
            supervisor.wait(timeout=30)
            supervisor.stdout.close()


def with_largest_file(size: int) -> list[str]:
    """What to put before a command whose files shall not grow past `size` bytes.

    Not a preexec_fn: a fork that runs Python in a process with gRPC's threads can abort."""
    return [sys.executable, "-c", _LIMIT, str(size)]


def wait_for(condition: Callable[[], T], what: str, seconds: float = 20, pause: float = 0.02) -> T:
    """Return the first true value of `condition`; fail, naming `what`, after `seconds`.

    It looks after every `pause` seconds at first and less often as time goes by: who looks takes time from what is waited for."""
    begun = time.monotonic()
    while not (value := condition()):
        waited = time.monotonic() - begun
        assert waited < seconds, f"waited {seconds:g} s in vain until {what}"
        time.sleep(max(pause, min(waited / 10, _LONGEST_PAUSE)))
    return value


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _forget_clients() -> None:
    """What shared.core.clients has made for another cloud must not be used in this one."""
    from shared.core import clients, settings

    if clients.firebase_app.cache_info().currsize:
        import firebase_admin

        firebase_admin.delete_app(clients.firebase_app())
    for made_once in (settings.settings, *vars(clients).values()):
        if hasattr(made_once, "cache_clear"):
            made_once.cache_clear()
