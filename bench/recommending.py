"""Recommendations: how well every model predicts, against the baselines; how long training, a prediction and an answer take.

Run inside the suite: `python -m infra.local exec -- python -m bench.recommending [--events N]`."""

import argparse
import logging
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence

from bench.sequences import KINDS
from demo.client import Client
from demo.history import History, load
from shared.patterns.recommending import ModelCard, model_card, train
from shared.patterns.recommending.card import CandidateQuality
from shared.patterns.recommending.choosing import chosen, compare
from shared.patterns.recommending.serving import serving
from shared.patterns.recommending.session import sessions_of
from shared.patterns.recommending.splitting import split

EVENTS = 100_000
SEQUENCES = 1500
PREDICTIONS = 3000
ANSWERS = 500
BASELINES = ("popularity", "markov", "ngram", "neighbours")
WORKFLOWS = [[], ["trim"], ["trim", "resize"], ["extract_audio", "normalize_audio"], ["image_to_video"] * 3]


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help=f"events of the history ({EVENTS})")
    events = parser.parse_args().events
    print(
        f"{'':<22}{'chosen':<12}{'hit@10':>8}{'MRR@10':>8}   best baseline{'hit@10':>13}{'MRR@10':>8}{'µs':>6}{'of':>10}"
    )
    for name, kind in KINDS.items():
        learned, held_out = split(sessions_of(kind(random.Random(1), SEQUENCES)))
        candidates = compare(learned, held_out, PREDICTIONS)
        qualities = [CandidateQuality.of(candidate) for candidate in candidates]
        print(row(name, chosen(candidates).name, qualities))
    load(History(seed=1, events=events, users=max(events // 500, 50)))
    seconds = taken(train)
    card = model_card()
    for platform in sorted(card.platforms, key=lambda each: each.platform):
        print(row(f"history, {platform.platform}", platform.chosen, platform.candidates))
    print(f"\ntraining on {events:,} events: {seconds:.1f} s")
    tell_times(card)


def row(name: str, winner: str, qualities: Sequence[CandidateQuality]) -> str:
    """A line of the table of qualities."""
    by_name = {quality.name: quality for quality in qualities}
    best = max((by_name[each] for each in BASELINES), key=lambda each: each.hit10 + each.mrr10)
    won = by_name[winner]
    return (
        f"{name:<22}{winner:<12}{won.hit10:>8.4f}{won.mrr10:>8.4f}   {best.name:<16}{best.hit10:>10.4f}{best.mrr10:>8.4f}"
        f"{won.microseconds:>6.0f}{won.predictions:>10,}"
    )


def tell_times(card: ModelCard) -> None:
    """How long a prediction takes in the model, and an answer through the handler and over the wire."""
    recommender = serving().current()
    if recommender is None:
        raise RuntimeError("nothing was trained: the history has too few people")
    origin = os.environ["KOMPO_PUBLIC_URL"]
    client = Client.sign_up(origin, f"bench-{time.time_ns()}@example.com")
    model = recommender.platforms["mcp"].model
    popularity = next(q for p in card.platforms if p.platform == "mcp" for q in p.candidates if q.name == "popularity")

    from werkzeug.test import EnvironBuilder

    from functions.api import application

    logging.disable(logging.INFO)
    headers = {"Authorization": f"Bearer {client.token}"}

    def handled(path: str, bodies: Sequence[object] = ()) -> tuple[float, float]:
        """Microseconds that the application takes for a request that has arrived, and those that the processor does."""
        times, work = [], []
        for number in range(ANSWERS):
            method = "POST" if bodies else "GET"
            body = bodies[number % len(bodies)] if bodies else None
            environ = EnvironBuilder(path=path, method=method, json=body, headers=headers).get_environ()
            statuses: list[str] = []
            started, began = time.perf_counter(), time.thread_time()
            list(application(environ, lambda status, *_: statuses.append(status)))  # noqa: B023
            times.append(time.perf_counter() - started)
            work.append(time.thread_time() - began)
            if statuses != ["200 OK"]:
                raise RuntimeError(f"{path}: {statuses}")
        return statistics.median(times) * 1e6, statistics.median(work) * 1e6

    bodies = [{"workflow": workflow, "platform": "mcp"} for workflow in WORKFLOWS]
    operations = "/v1/recommendations/operations"
    rows = {
        "in the model (popularity, as trained)": (popularity.microseconds, popularity.microseconds),
        f"in the model ({model.name})": median(lambda n: model.rank(WORKFLOWS[n % 5])),
        "model, reasons and parameters": median(lambda n: recommender.recommend(WORKFLOWS[n % 5], "mcp", None, 10)),
        "handler: GET /v1/me (baseline)": handled("/v1/me"),
        "handler: recommendations": handled(operations, bodies),
        "wire: GET /v1/status (baseline)": median(lambda _: client.call("GET", "/v1/status")),
        "wire: recommendations": median(lambda n: client.call("POST", operations, bodies[n % 5])),
    }
    print(f"\n{'median':<44}{'µs':>10}{'of processor':>15}")
    for name, (found, processor) in rows.items():
        print(f"{name:<44}{found:>10,.1f}{processor:>15,.1f}")


def median(call: Callable[[int], object]) -> tuple[float, float]:
    """Microseconds of a call, and those of this process's processor: the machine may be busy with other things."""
    call(0)
    times, work = [], []
    for number in range(ANSWERS):
        started, began = time.perf_counter(), time.thread_time()
        call(number)
        times.append(time.perf_counter() - started)
        work.append(time.thread_time() - began)
    return statistics.median(times) * 1e6, statistics.median(work) * 1e6


def taken(call: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
