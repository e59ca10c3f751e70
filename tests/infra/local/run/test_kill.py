"""What `jobs:run` has accepted is run to its end, however often the server is killed."""

import threading
from pathlib import Path

import requests
from google.api_core.exceptions import GoogleAPICallError

from tests.cloud import RunningCloud, local_cloud, wait_for
from tests.infra.local.run.clients import RunClients, is_alive, run_clients

KILLS = 8
NOTE_PID = """
import os, subprocess, tempfile, time
scratch = tempfile.mkdtemp()
child = subprocess.Popen(["sleep", "1000"], start_new_session=True)
with open(os.environ["NOTE"], "a") as note:
    note.write(f"{os.environ['CLOUD_RUN_TASK_ATTEMPT']} {os.getpid()} {child.pid} {scratch}" + os.linesep)
time.sleep(0 if os.environ["CLOUD_RUN_TASK_ATTEMPT"] == "1" else 1000)
"""


def test_a_task_whose_server_is_killed_dies_and_is_tried_again(tmp_path: Path) -> None:
    note = tmp_path / "note"
    with local_cloud("run", KOMPO_LOCAL_RUN_TASKS="1", NOTE=str(note)) as cloud:
        run = run_clients(cloud)
        execution = run.run(run.create("interrupted", NOTE_PID, max_retries=1)).metadata.name
        waiting = run.run(run.create("waiting", "pass")).metadata.name
        wait_for(lambda: note.exists() and note.read_text().endswith("\n"), "the first attempt runs")
        cloud.kill("run")
        finished = run.finished(execution)
        attempts = [line.split() for line in note.read_text().splitlines()]
        assert [attempt[0] for attempt in attempts] == ["0", "1"]
        assert not any(is_alive(int(pid)) for pid in attempts[0][1:3])
        assert not any(Path(scratch).exists() for *_, scratch in attempts), "nor do temporary files stay"
        assert (finished.succeeded_count, finished.retried_count) == (1, 1)
        assert run.finished(waiting).succeeded_count == 1


def test_a_task_without_retries_left_has_failed_when_its_server_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "note"
    with local_cloud("run", KOMPO_LOCAL_RUN_TASKS="1", NOTE=str(note)) as cloud:
        run = run_clients(cloud)
        execution = run.run(run.create("once", NOTE_PID, max_retries=0)).metadata.name
        wait_for(lambda: note.exists() and note.read_text().endswith("\n"), "the attempt runs")
        cloud.kill("run")
        assert run.finished(execution).failed_count == 1


def test_nothing_accepted_is_lost_when_the_server_is_killed_again_and_again_under_load(tmp_path: Path) -> None:
    with local_cloud("run", KOMPO_LOCAL_RUN_TASKS="2") as cloud:
        run = run_clients(cloud)
        name = run.create("counted", "pass", max_retries=10)
        accepted: list[str] = []
        over = threading.Event()
        load = threading.Thread(target=_run_until, args=(over, cloud, run, name, accepted))
        load.start()
        for _ in range(KILLS):
            before = len(accepted)
            wait_for(lambda before=before: len(accepted) > before, "more runs are accepted")
            cloud.kill("run")
        over.set()
        load.join()
        assert len(accepted) >= KILLS
        for execution in accepted:
            done = run.finished(execution)
            assert done.succeeded_count + done.failed_count == 1


def _run_until(over: threading.Event, cloud: RunningCloud, run: RunClients, job: str, accepted: list[str]) -> None:
    while not over.wait(0.05):
        try:
            accepted.append(run.run(job).metadata.name)
        except (GoogleAPICallError, requests.ConnectionError, OSError):
            assert cloud.supervisor.poll() is None
