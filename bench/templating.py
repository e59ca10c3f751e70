"""A million events mined and made templates of: the seconds of the nightly function on a history with planted patterns.

Run inside the suite: `python -m infra.local exec --only bigquery,firestore -- python -m bench.templating`. The baseline is what
one writes without a database: the same events, sorted into sessions and counted in Python, from memory. Beside the seconds by
the clock stand those of the processors, which other work on the machine changes less."""

import argparse
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psutil

from demo.history import History, load
from shared.patterns import PatternAnalyzer, Template
from shared.patterns.classifier import Classifier, accuracy, stated_examples
from shared.patterns.learning import learning

GOAL = 60.0
"""Seconds, for a million events on 2 cores."""
_GAP = 600.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    history = History(events=parser.parse_args().events)
    load(history)
    kept = [(user, event) for user, event in history if event["eventType"] == "operation"]
    print(
        f"{history.events:,} events of {history.users:,} people, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    analyzer = PatternAnalyzer(history.end + timedelta(minutes=1))
    with _timed("counted in Python, from memory (baseline)") as baseline:
        counted = _counted(kept)
    with _timed("mined: contiguous, with gaps, kinds of work", baseline):
        patterns = analyzer.analyze_operation_sequences()
    with _timed("templates: what is usual, named, versioned, decided on", baseline):
        templates = {template.pattern: template for template in analyzer.generate_templates(patterns)}
    again = PatternAnalyzer(history.end + timedelta(minutes=1))
    with _timed("all of it a second time, as on the next night", baseline):
        again.generate_templates(again.analyze_operation_sequences())
    print(
        f"{len(patterns):,} closed patterns of {len(counted):,}; {len(templates)} templates; goal {GOAL:g} s for the two"
    )
    _planted(history, templates)
    _kinds(history.end)


def _counted(events: list[tuple[str, dict]]) -> Counter[tuple[str, ...]]:  # type: ignore[type-arg]
    """Contiguous sequences of 2 to 5 with their runs, and nothing else of what is learned."""
    by_user = defaultdict(list)
    for user, event in events:
        ends = datetime.fromisoformat(event["timestamp"]).timestamp()
        session = event["context"].get("sessionId")
        by_user[user, session].append((ends, event["metrics"]["processingTime"] / 1000, event["operation"]["type"]))
    counts: Counter[tuple[str, ...]] = Counter()
    for (_, session), operations in by_user.items():
        for names in _sessions(sorted(operations), session is None):
            for length in range(2, 6):
                counts.update(tuple(names[place : place + length]) for place in range(len(names) - length + 1))
    return counts


def _sessions(operations: list[tuple[float, float, str]], split: bool) -> Iterator[list[str]]:
    names: list[str] = []
    before = 0.0
    for ends, took, name in operations:
        if split and names and ends - took - before > _GAP:
            yield names
            names = []
        names.append(name)
        before = ends
    yield names


@contextmanager
def _timed(what: str, baseline: Callable[[], float] | None = None) -> Iterator[Callable[[], float]]:
    """Print the seconds that the block takes, by the clock and of all processes of the suite, and how many baselines that is."""
    taken = 0.0
    started, cpu = time.perf_counter(), _cpu()
    yield lambda: taken
    taken, cpu = time.perf_counter() - started, _cpu() - cpu
    ratio = f"   {taken / baseline():5.2f} x baseline" if baseline else ""
    print(f"{what:<60}{taken:7.1f} s  ({cpu:6.1f} s of processors){ratio}", flush=True)


def _cpu() -> float:
    """Processor seconds so far, of this process and of the servers."""
    pids = [os.getpid()]
    for folder in Path(f"/proc/{os.getppid()}/task/{os.getppid()}/children").read_text().split():
        pids.append(int(folder))
    total = 0.0
    for pid in set(pids):
        for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def _planted(history: History, templates: dict[str, Template]) -> None:
    """Which planted patterns became templates, and how many of their parameters are as planted."""
    found, right, told = 0, 0, 0
    for planted in history.planted:
        template = templates.get("->".join(planted.operations))
        found += template is not None
        for step, parameters in zip(template.steps if template else (), planted.parameters, strict=False):
            told += len(parameters)
            right += sum(step.presets.get(name) == value for name, value in parameters.items())
    print(f"planted patterns that became templates: {found} of {len(history.planted)}")
    print(f"their parameters learned as planted: {right} of {told}")


def _kinds(end: datetime) -> None:
    """How well the classifier, counted over four weeks, tells the kinds of work of the four weeks after them."""
    middle = end - learning().classifier_period
    later = stated_examples(middle, end)
    learned, usual = accuracy(Classifier.of(stated_examples(middle - learning().classifier_period, middle)), later)
    untaught, _ = accuracy(Classifier.of([]), later)
    told = {"learned": learned, "untaught": untaught, "always the most usual (baseline)": usual}
    print("kinds of work told right: " + json.dumps({name: round(share, 3) for name, share in told.items()}))


if __name__ == "__main__":
    main()
