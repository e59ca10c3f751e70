"""Events that cannot be sent wait on disk: within bounds, through kills, and shared by processes."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.client import AnalyticsCollector
from shared.events.client.spool import Line, Spool
from tests.cloud import ROOT, wait_for, with_largest_file
from tests.shared.events.client.conftest import Collectors
from tests.shared.events.client.endpoint import Endpoint, serving
from tests.shared.events.client.test_sending import track

CLIENT = ROOT / "shared" / "events" / "client"
ALONE = f"""
import importlib.util, sys
spec = importlib.util.spec_from_file_location(
    "kompo_events", {str(CLIENT / "__init__.py")!r}, submodule_search_locations=[{str(CLIENT)!r}]
)
sys.modules["kompo_events"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["kompo_events"])
"""
"""Imports the client by the name that it has where nothing else of Kompo is."""
TRACKER = """
import sys
from kompo_events import AnalyticsCollector
collector = AnalyticsCollector(endpoint=sys.argv[1], token="t", spool=sys.argv[2], flush_seconds=0.01, exit_seconds=5)
for number in range(int(sys.argv[3])):
    collector.track_operation("ann", "trim", {"start": number}, 1, True)
    if number % 100 == 0:
        print(number, flush=True)
"""


def run(script: str, *arguments: object, before: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
    command = [*before, sys.executable, "-c", ALONE + script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def lines_in(spool: Path) -> int:
    """Whole lines on disk."""
    return sum(path.read_bytes().count(b"\n") for path in spool.rglob("*") if path.is_file())


def test_offline_then_online_everything_arrives_once(endpoint: Endpoint, make: Collectors, tmp_path: Path) -> None:
    offline = make(timeout=0.2)
    endpoint.refuse(503)
    track(offline, 1500)
    offline.close(5)
    assert offline.stats().spooled == 1500
    endpoint.recover()
    online = make()
    track(online)
    wait_for(lambda: online.flush() and len(endpoint.events) == 1501, "all have arrived")
    assert online.stats().accepted == 1501
    assert [path for path in (tmp_path / "spool").rglob("*") if path.is_file()] == []


def test_a_process_killed_while_it_writes_loses_only_its_last_moment_and_spoils_nothing(tmp_path: Path) -> None:
    with serving() as endpoint:
        endpoint.refuse(503)
        kept = 0
        for _ in range(3):
            tracker = run(TRACKER, endpoint.url, tmp_path, 1_000_000)
            assert tracker.stdout is not None
            kept = wait_for(lambda before=kept: (now := lines_in(tmp_path)) > before and now, "some are on disk")
            tracker.kill()
            tracker.wait()
            tracker.stdout.close()
        endpoint.recover()
        collector = AnalyticsCollector(endpoint=endpoint.url, token="t", spool=tmp_path)
        track(collector)
        wait_for(lambda: collector.flush(10), "everything on disk is sent")
        assert collector.stats().accepted == len(endpoint.events) >= 1 + kept >= 1 + 3
        collector.close()


@given(cut=st.integers(0, 400), junk=st.binary(max_size=30))
def test_a_torn_file_gives_its_whole_lines(tmp_path_factory: pytest.TempPathFactory, cut: int, junk: bytes) -> None:
    folder = tmp_path_factory.mktemp("spool")
    lines = [Line("ann", f"e{number}", f'{{"eventId":"e{number}"}}') for number in range(10)]
    whole = b"".join(line.encode() for line in lines)
    path = folder / f"{time.time_ns():019d}-{'0' * 12}.jsonl"
    path.write_bytes(whole[:cut] + junk)
    spool = Spool(folder, most_bytes=10**6, most_seconds=60)
    [claimed] = spool.claim()
    intact = whole[:cut].count(b"\n")
    assert claimed.lines[:intact] == lines[:intact]


def test_several_processes_share_a_spool_and_each_event_is_taken_once(tmp_path: Path) -> None:
    with serving() as endpoint:
        trackers = [run(TRACKER, endpoint.url, tmp_path, 1000) for _ in range(4)]
        for tracker in trackers:
            tracker.communicate(timeout=60)
            assert tracker.returncode == 0
        collector = AnalyticsCollector(endpoint=endpoint.url, token="t", spool=tmp_path)
        track(collector)
        wait_for(lambda: collector.flush(), "what was left over is sent")
        sent = [event["eventId"] for each in endpoint.requests for event in each.body["events"]]
        assert len(sent) == len(set(sent)) == 4001
        collector.close()


def test_a_full_spool_drops_the_oldest_and_counts_them(make: Collectors, endpoint: Endpoint, tmp_path: Path) -> None:
    endpoint.refuse(503)
    collector = make(spool_bytes=100_000)
    for _ in range(10):
        track(collector, 200)
        collector.flush(1)
    stats = collector.stats()
    assert stats.dropped > 0
    assert stats.spooled + stats.dropped == stats.tracked == 2000
    assert sum(path.stat().st_size for path in (tmp_path / "spool").rglob("*.jsonl")) <= 100_000
    newest = max((tmp_path / "spool").rglob("*.jsonl")).read_text()
    assert newest.endswith("\n")


def test_what_has_waited_too_long_is_dropped(make: Collectors, endpoint: Endpoint, tmp_path: Path) -> None:
    endpoint.refuse(503)
    first = make()
    track(first, 3)
    first.close()
    for path in list((tmp_path / "spool").rglob("*.jsonl")):
        path.rename(path.with_name(re.sub(r"^\d+", f"{time.time_ns() - 8 * 86_400 * 10**9:019d}", path.name)))
    endpoint.recover()
    second = make()
    track(second)
    assert second.flush()
    assert (second.stats().dropped, second.stats().accepted) == (3, 1)


def test_a_spool_that_cannot_be_written_costs_nothing_but_safety(
    make: Collectors, endpoint: Endpoint, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    collector = make(spool=tmp_path / "file")
    track(collector, 3)
    assert collector.flush()
    assert collector.stats().accepted == 3
    endpoint.refuse(503)
    track(collector, 12_000)
    collector.flush(2)
    stats = collector.stats()
    assert (stats.queued, stats.dropped) == (10_000, 2_000)
    assert "the spool cannot be written" in (stats.problem or "") or "503" in (stats.problem or "")


FULL = """
import sys
from kompo_events import AnalyticsCollector
collector = AnalyticsCollector(endpoint=sys.argv[1], token="t", spool=sys.argv[2], flush_seconds=0.01)
for number in range(300):
    collector.track_operation("ann", "trim", {"start": number}, 1, True)
assert collector.flush(30)
print(collector.stats().accepted)
"""


def test_on_a_full_disk_what_does_not_fit_waits_in_memory(tmp_path: Path) -> None:
    with serving() as endpoint:
        tracker = run(FULL, endpoint.url, tmp_path, before=tuple(with_largest_file(4096)))
        output, _ = tracker.communicate(timeout=60)
        assert (tracker.returncode, output.strip()) == (0, "300")
        assert len(endpoint.events) == 300


def test_two_accounts_do_not_share_a_spool(make: Collectors, endpoint: Endpoint) -> None:
    endpoint.refuse(503)
    ann = make(token="ann")
    track(ann, 2)
    ann.close()
    endpoint.recover()
    bob = make(token="bob")
    track(bob)
    assert bob.flush()
    assert bob.stats().accepted == 1
    again = make(token="ann")
    track(again)
    assert again.flush()
    assert again.stats().accepted == 3


def test_what_is_on_disk_is_for_its_owner_alone_and_names_nobody(
    make: Collectors, endpoint: Endpoint, tmp_path: Path
) -> None:
    endpoint.refuse(503)
    collector = make()
    collector.track_operation("ann@example.com", "trim", {"input": "/home/ann/x.mp4", "start": 1}, 1, True)
    collector.close()
    [path] = (tmp_path / "spool").rglob("*.jsonl")
    assert path.stat().st_mode & 0o077 == path.parent.stat().st_mode & 0o077 == 0
    assert "ann" not in path.read_text()


FORK = """
import os, sys
from kompo_events import AnalyticsCollector
collector = AnalyticsCollector(endpoint=sys.argv[1], token="t", spool=sys.argv[2], flush_seconds=float(sys.argv[3]))
def track(name, count):
    for _ in range(count):
        collector.track_operation("ann", name, {}, 1, True)
track("parent", 100)
children = []
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        track("child", 10)
        assert collector.stats().tracked == 10
        sys.exit(0 if collector.flush(20) else collector.stats().problem)
    children.append(pid)
    track("parent", 100)
assert all(os.waitpid(pid, 0)[1] == 0 for pid in children)
"""


@pytest.mark.parametrize("flush_seconds", [0.001, 30])
def test_after_a_fork_parent_and_child_each_send_their_own(tmp_path: Path, flush_seconds: float) -> None:
    with serving() as endpoint:
        tracker = run(FORK, endpoint.url, tmp_path, flush_seconds)
        tracker.communicate(timeout=60)
        assert tracker.returncode == 0
        collector = AnalyticsCollector(endpoint=endpoint.url, token="t", spool=tmp_path)
        collector.track_operation("ann", "later", {}, 1, True)
        wait_for(collector.flush, "what could not be sent in time is sent later")
        collector.close()
        names = [event["operation"]["type"] for event in endpoint.events]
        assert (names.count("parent"), names.count("child")) == (400, 30)


POOL = """
import multiprocessing, sys
from kompo_events import AnalyticsCollector
collector = AnalyticsCollector(endpoint=sys.argv[1], token="t", spool=sys.argv[2], flush_seconds=30)
def work(number):
    collector.track_operation("ann", "trim", {}, 1, True)
if __name__ == "__main__":
    processes = [multiprocessing.get_context("fork").Process(target=work, args=(n,)) for n in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
"""


def test_the_end_of_a_process_sends_what_is_in_memory(tmp_path: Path) -> None:
    with serving() as endpoint:
        for script, arguments, count in ((TRACKER, (50,), 50), (POOL, (), 3)):
            before = len(endpoint.events)
            tracker = run(script, endpoint.url, tmp_path, *arguments)
            tracker.communicate(timeout=60)
            assert tracker.returncode == 0
            assert len(endpoint.events) - before == count


def test_the_end_of_a_process_is_not_held_up_by_a_server(tmp_path: Path) -> None:
    with serving() as endpoint:
        endpoint.behaviour = lambda _: time.sleep(20)  # type: ignore[func-returns-value,return-value]
        started = time.monotonic()
        script = TRACKER.replace("exit_seconds=5", "exit_seconds=0.5")
        tracker = run(script, endpoint.url, tmp_path, 100)
        tracker.communicate(timeout=60)
        assert tracker.returncode == 0
        assert time.monotonic() - started < 10
        assert sum(path.read_text().count("\n") for path in tmp_path.rglob("*.jsonl")) == 100


HANDLER = """
import os, signal, sys, time
from kompo_events import AnalyticsCollector
collector = AnalyticsCollector(endpoint=sys.argv[1], token="t", spool=sys.argv[2], flush_seconds=0.001)
signal.signal(signal.SIGALRM, lambda *_: collector.track_operation("ann", "handler", {}, 1, True))
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
end = time.monotonic() + 0.5
while time.monotonic() < end:
    collector.track_operation("ann", "main", {}, 1, True)
    time.sleep(0.0001)
signal.setitimer(signal.ITIMER_REAL, 0)
print(collector.flush(20))
"""


def test_a_signal_handler_may_track(tmp_path: Path) -> None:
    with serving() as endpoint:
        tracker = run(HANDLER, endpoint.url, tmp_path)
        output, _ = tracker.communicate(timeout=60)
        assert output.strip() == "True"
        assert {event["operation"]["type"] for event in endpoint.events} == {"main", "handler"}
