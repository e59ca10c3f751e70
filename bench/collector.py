"""Microseconds that the collector takes from whoever calls it: to track, to measure, and as a decorator, beside a bare call.

Run by itself: `python -m bench.collector`. An endpoint of its own takes the events, so that the thread is at work all the while.
The budget is 50 µs a call. CPU time is of the calling thread; wall time is what the machine made of it."""

import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shared.events.client import AnalyticsCollector

BUDGET_US = 50.0
CALLS = 200
BURST = 25
PAUSE = 0.02
"""Between bursts: a program that runs operations does something else in between."""
PARAMETERS = {"start": 1.5, "end": 9.25, "codec": "libx264", "crf": 20, "input": "/home/ann/x.mp4"}
USAGE = {"cpu": 180.0, "memory": 512.0, "disk": 12}
DETAILS: dict[str, Any] = {
    "input_format": "mp4",
    "output_format": "mp4",
    "source_file_type": "video",
    "file_size": 52_428_800,
    "session_id": "s1",
}


class Accepting(BaseHTTPRequestHandler):
    """Accepts every event, without looking at more than how many there are."""

    def do_POST(self) -> None:
        """Answer with a receipt."""
        import gzip

        data = self.rfile.read(int(self.headers["Content-Length"]))
        data = gzip.decompress(data) if self.headers.get("Content-Encoding") == "gzip" else data
        body = json.dumps({"verdicts": [{"outcome": "accepted"}] * data.count(b'"eventId"')}).encode()
        self.send_response(202)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def work(start: float) -> float:
    """What is run bare."""
    return start + 1


def main() -> int:
    """Measure and print. Returns 1 if a call is over the budget."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Accepting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as spool:
        url = f"http://127.0.0.1:{server.server_port}"
        collector = AnalyticsCollector(endpoint=url, token="bench", spool=spool, flush_seconds=0.05)
        off = AnalyticsCollector(endpoint=url, enabled=False)
        measured = {name: times(call) for name, call in calls(collector, off).items()}
        arrived = collector.flush(30)
        stats = collector.stats()
        collector.close()
    server.shutdown()
    print(f"{CALLS * BURST} calls each, in bursts of {BURST}, the thread sending all the while; {os.cpu_count()} cores")
    print(f"{'µs a call':<44}{'median CPU':>11}{'p99 CPU':>9}{'median wall':>13}{'over bare':>11}")
    bare = measured["a bare call (baseline)"][0]
    for name, (cpu, cpu_p99, wall) in measured.items():
        print(f"{name:<44}{cpu:>11.1f}{cpu_p99:>9.1f}{wall:>13.1f}{cpu - bare:>11.1f}")
    print(f"{stats.accepted:,} of {stats.tracked:,} events have arrived")
    over = [name for name, (cpu, _, _) in measured.items() if cpu - bare > BUDGET_US]
    for name in over:
        print(f"over the budget of {BUDGET_US:.0f} µs: {name}")
    return 1 if over or not arrived or stats.accepted != stats.tracked else 0


def calls(collector: AnalyticsCollector, off: AnalyticsCollector) -> dict[str, Callable[[], object]]:
    """What is compared."""
    decorated = collector.measured("work", user_id="ann")(work)

    def track() -> None:
        collector.track_operation("ann", "trim", PARAMETERS, 812.5, True, USAGE, **DETAILS)

    def track_nothing() -> None:
        off.track_operation("ann", "trim", PARAMETERS, 812.5, True, USAGE, **DETAILS)

    def block() -> None:
        with collector.measure("ann", "work", PARAMETERS):
            work(1.5)

    return {
        "a bare call (baseline)": lambda: work(1.5),
        "track_operation with ANALYTICS_ENABLED=false": track_nothing,
        "track_operation": track,
        "a bare call in `with measure`": block,
        "a call of a function decorated by `measured`": lambda: decorated(start=1.5),
    }


def times(call: Callable[[], object]) -> tuple[float, float, float]:
    """Median and 99th percentile of the CPU time, and median of the wall time, of one call in µs."""
    cpu, wall = [], []
    for _ in range(CALLS):
        for _ in range(BURST):
            started, used = time.perf_counter_ns(), time.thread_time_ns()
            call()
            cpu.append((time.thread_time_ns() - used) / 1000)
            wall.append((time.perf_counter_ns() - started) / 1000)
        time.sleep(PAUSE)
    return statistics.median(cpu), sorted(cpu)[len(cpu) * 99 // 100], statistics.median(wall)


if __name__ == "__main__":
    raise SystemExit(main())
