"""What a block, a function or a child process took is told with the operation."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from shared.events.client import AnalyticsCollector
from tests.shared.events.client.conftest import Collectors
from tests.shared.events.client.endpoint import Endpoint
from tests.shared.events.client.test_spool import run

MEASURER = """
import sys
from kompo_events import AnalyticsCollector
collector = AnalyticsCollector(endpoint=sys.argv[1], token="t", spool=sys.argv[2], flush_seconds=0.01)
with collector.measure("ann", "trim") as measured:
    ran = measured.run([sys.executable, "-c", sys.argv[3]], capture_output=True, text=True, check=True)
assert collector.flush()
sys.stdout.write(ran.stdout)
"""
BURN = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\nheld = b'x' * 100_000_000"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of the memory and disk of one child")


def told(collector: AnalyticsCollector, endpoint: Endpoint) -> dict[str, Any]:
    """The one event that has arrived."""
    assert collector.flush()
    [event] = endpoint.events
    return event


def test_a_block_is_timed_and_its_cpu_and_memory_are_told(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()
    with collector.measure("ann", "trim", {"start": 1}, input_format="mp4") as measured:
        measured.details["output_format"] = "mp3"
        measured.parameters["end"] = 2
        started = time.thread_time()
        while time.thread_time() - started < 0.05:
            pass
        time.sleep(0.05)
    event = told(collector, endpoint)
    assert event["operation"] == {
        "type": "trim",
        "parameters": {"start": 1, "end": 2},
        "inputFormat": "mp4",
        "outputFormat": "mp3",
    }
    metrics = event["metrics"]
    assert metrics["success"] is True
    assert 100 <= metrics["processingTime"] < 5000
    burnt = metrics["cpuUsage"] * metrics["processingTime"] / 100
    assert 45 <= burnt < 150
    assert metrics["memoryUsage"] > 5


def test_a_block_that_raises_is_a_failed_operation_and_raises(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()
    with pytest.raises(ZeroDivisionError), collector.measure("ann", "trim"):
        _ = 1 / 0
    metrics = told(collector, endpoint)["metrics"]
    assert (metrics["success"], metrics["errorCode"]) == (False, "ZeroDivisionError")
    assert metrics["errorMessage"] == "division by zero"


@LINUX
def test_a_child_process_is_measured_by_itself(endpoint: Endpoint, tmp_path: Path) -> None:
    """In a process that is smaller than its child."""
    server = run(MEASURER, endpoint.url, tmp_path, BURN + "\nprint('done')")
    assert server.communicate(timeout=60)[0] == "done\n"
    [event] = endpoint.events
    metrics = event["metrics"]
    assert 100 <= metrics["memoryUsage"] < 200
    assert 290 <= metrics["cpuUsage"] * metrics["processingTime"] / 100 < 1500


def test_a_child_that_fails_makes_a_failed_operation(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()
    with collector.measure("ann", "trim") as measured:
        assert measured.run([sys.executable, "-c", "raise SystemExit(3)"]).returncode == 3
    metrics = told(collector, endpoint)["metrics"]
    assert (metrics["success"], metrics["errorCode"]) == (False, "exit_3")


def test_run_behaves_as_subprocess_run_does(make: Collectors) -> None:
    with make().measure("ann", "trim") as measured:
        echo = [sys.executable, "-c", "import sys; sys.stdout.write(sys.stdin.read())"]
        assert measured.run(echo, input="x" * 1_000_000, text=True, capture_output=True).stdout == "x" * 1_000_000
        with pytest.raises(subprocess.CalledProcessError) as failed:
            measured.run([sys.executable, "-c", "print('out'); exit(2)"], check=True, capture_output=True, text=True)
        assert (failed.value.returncode, failed.value.output) == (2, "out\n")
        with pytest.raises(subprocess.TimeoutExpired):
            measured.run([sys.executable, "-c", "import time; time.sleep(30)"], timeout=0.2)
        with pytest.raises(FileNotFoundError):
            measured.run(["/no/such/program"])


def test_a_function_is_an_operation_of_its_name_with_its_named_arguments(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()

    @collector.measured(user_id=lambda path, **_: path.split("/")[2], output_format="mp4")
    def trim(path: str, start: float, title: str = "") -> str:
        """Cut."""
        return f"{path} from {start}"

    assert trim("/home/ann/x.mp4", start=1.5, title="holiday") == "/home/ann/x.mp4 from 1.5"
    assert (trim.__name__, trim.__doc__) == ("trim", "Cut.")
    assert told(collector, endpoint)["operation"] == {
        "type": "trim",
        "parameters": {"start": 1.5},
        "outputFormat": "mp4",
    }


def test_what_names_user_and_parameters_may_fail_without_the_function(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()

    @collector.measured("cut", user_id=lambda: "nobody", parameters=lambda _: 1 / 0)  # type: ignore[arg-type,return-value]
    def trim(start: float) -> float:
        return start

    assert trim(1.5) == 1.5
    assert told(collector, endpoint)["operation"]["type"] == "cut"


def test_coroutines_are_timed_and_not_charged_for_their_neighbours(make: Collectors, endpoint: Endpoint) -> None:
    collector = make()

    @collector.measured("wait", user_id="ann")
    async def wait() -> int:
        await asyncio.sleep(0.1)
        return 7

    async def burn() -> None:
        started = time.thread_time()
        while time.thread_time() - started < 0.05:
            pass

    async def both() -> int:
        return (await asyncio.gather(wait(), burn()))[0]

    assert asyncio.run(both()) == 7
    metrics = told(collector, endpoint)["metrics"]
    assert metrics["processingTime"] >= 100
    assert "cpuUsage" not in metrics


@pytest.mark.parametrize("details", [None, 7, {"success": False, "duration": 1}, {1: 2}])
def test_nonsense_set_on_it_does_not_break_the_block(make: Collectors, details: Any) -> None:
    with make().measure("ann", "trim") as measured:
        measured.details = details
