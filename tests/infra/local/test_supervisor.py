"""The two commands of the local cloud, as a person types them."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import requests

from infra.local.supervisor import NAMES, Cloud
from tests.cloud import ROOT, local_cloud, wait_for


def run_exec(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "infra.local", "exec", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **variables}
    )


def test_exec_passes_the_exit_code_on() -> None:
    assert run_exec("--only", "auth", "--", "sh", "-c", "exit 7").returncode == 7


def test_exec_tells_what_a_shell_tells_of_a_killed_command() -> None:
    assert run_exec("--only", "auth", "--", "sh", "-c", "kill -TERM $$").returncode == 128 + signal.SIGTERM


def test_exec_sets_the_variables_of_the_servers_asked_for_and_no_others_and_keeps_a_project_that_is_set() -> None:
    set_before = {"FIRESTORE_EMULATOR_HOST": "", "PUBSUB_EMULATOR_HOST": "", "GOOGLE_CLOUD_PROJECT": "mine"}
    ran = run_exec("--only", "auth,scheduler", "--", "env", **set_before)
    found = dict(line.split("=", 1) for line in ran.stdout.splitlines() if "=" in line)
    assert re.fullmatch(r"127\.0\.0\.1:\d+", found["FIREBASE_AUTH_EMULATOR_HOST"])
    assert found["KOMPO_LOCAL_SCHEDULER"].startswith("http://127.0.0.1:")
    assert found["GOOGLE_CLOUD_PROJECT"] == "mine"
    assert not found["FIRESTORE_EMULATOR_HOST"]


def test_exec_says_which_servers_there_are() -> None:
    ran = run_exec("--only", "fire", "--", "true")
    assert ran.returncode == 2
    assert "no server is named fire; there are firestore, pubsub" in ran.stderr


def test_exec_of_a_missing_command_is_127() -> None:
    assert run_exec("--only", "auth", "--", "no-such-command").returncode == 127


def test_a_killed_supervisor_leaves_no_server_behind(tmp_path: Path) -> None:
    with local_cloud("auth", "scheduler", data=tmp_path) as cloud:
        ports = [cloud.server(name)["port"] for name in ("auth", "scheduler")]
        cloud.supervisor.kill()
        wait_for(lambda: not any(_listens(port) for port in ports), "the servers are gone with their parent")


def test_up_prints_addresses_keeps_data_and_stops_cleanly(tmp_path: Path) -> None:
    port = _ten_free_ports()
    command = [sys.executable, "-m", "infra.local", "up", "--data", str(tmp_path), "--port", str(port)]
    up = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert up.stdout is not None
    lines = []
    while not lines or not lines[-1].startswith("Ready"):
        lines.append(up.stdout.readline())
        assert lines[-1], "it ended before it was ready"
    table = "".join(lines)
    assert f"http://127.0.0.1:{port}" in table
    assert "FIRESTORE_EMULATOR_HOST" in table
    assert requests.get(f"http://127.0.0.1:{port}/v1/status", timeout=10).json()["status"] == "ok"
    assert "Kompo" in requests.get(f"http://127.0.0.1:{port}/", timeout=10).text
    found = re.search(r"^auth\s+(\S+)", table, re.MULTILINE)
    assert found
    assert _emails(found.group(1)) == []
    _sign_up(found.group(1), "ann@example.com")
    up.send_signal(signal.SIGINT)
    assert up.wait(timeout=30) == 0
    up.stdout.close()
    assert not _listens(port)
    Cloud.plan(tmp_path, NAMES, port, {})  # It would say so if a port were still taken.
    with local_cloud("auth", data=tmp_path) as again:
        assert _emails(again.env["FIREBASE_AUTH_EMULATOR_HOST"]) == ["ann@example.com"]


def test_up_says_which_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "infra.local", "up", "--data", str(tmp_path), "--port", str(port)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode != 0
    assert f"port {port} (gateway) is taken" in ran.stderr


def _emails(auth: str) -> list[str]:
    url = f"http://{auth}/identitytoolkit.googleapis.com/v1/projects/kompo-local/accounts:batchGet?maxResults=100"
    found = requests.get(url, headers={"Authorization": "Bearer owner"}, timeout=10).json()
    return [user["email"] for user in found.get("users", [])]


def _sign_up(auth: str, email: str) -> None:
    url = f"http://{auth}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=k"
    body = {"email": email, "password": "correct horse", "returnSecureToken": True}
    assert requests.post(url, json=body, timeout=10).ok


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _ten_free_ports() -> int:
    """The first of ten ports in a row that nothing listens on."""
    for base in range(20_000 + os.getpid() % 5_000, 60_000, 10):
        if not any(_listens(base + offset) for offset in range(10)):
            return base
    raise AssertionError("no ten free ports in a row")


def test_servers_come_back_when_the_process_that_forks_them_is_killed(tmp_path: Path) -> None:
    with local_cloud("auth", "scheduler", data=tmp_path) as cloud:
        before = {name: cloud.server(name) for name in ("auth", "scheduler")}
        nursery = psutil.Process(before["auth"]["pid"]).parent()
        assert nursery is not None
        nursery.kill()
        for name, old in before.items():
            wait_for(lambda: cloud.server(name)["pid"] != old["pid"], f"{name} is started again")  # noqa: B023
            wait_for(lambda: _listens(old["port"]), f"{name} answers again")  # noqa: B023
