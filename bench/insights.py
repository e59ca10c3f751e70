"""The dashboard at a million events: p95 of every endpoint, computed anew and as it is kept, against one that touches nothing.

Run inside the suite, without its schedules, which would work beside: `python -m infra.local exec --only
bigquery,firestore,secrets,auth,functions -- python -m bench.insights [--events N] [--days 1 7 30] [--pages NAME …]`. Anew: each
request asks with `Cache-Control: no-cache`; kept: as everybody is answered after the first; any: anew too, each time for another
period, grouping or filter, drawn by chance. The bar is 200 ms at p95. How steady the machine is, the same sum says, computed
again and again in between. With `--data FOLDER` of the suite, a second run need not load the events again: `--loaded END`."""

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
from firebase_admin import auth

from demo.client import Client
from demo.history import History, load
from shared.core.clients import firebase_app
from shared.insights import aggregate_metrics

BAR_MS = 200.0
EVENTS = 1_000_000
ANEW, KEPT, ANY = 20, 60, 40
"""Requests of each kind to an endpoint."""
STEADY, SUMMED = 5, 700_000
"""How often the same sum is computed after each page, and of how many numbers."""
PAGES = ("summary", "performance", "quality", "business", "providers", "trends", "user-insights", "alerts", "export")
GROUPED = {
    "performance": ("platform", "operation", "workflow"),
    "quality": ("platform", "provider", "workflow"),
    "business": ("platform", "plan"),
    "providers": ("provider", "platform"),
    "user-insights": ("platform", "workflow"),
    "trends": ("platform",),
    "export": ("platform", "operation"),
}
"""What a page may be told apart by."""
FILTERS = {"platform": ("mcp", "webapp", "api", "komposteur"), "workflow": ("podcast", "social_media")}
LIVE_SECONDS = 8


@dataclass(frozen=True)
class Times:
    """Milliseconds of some requests."""

    taken: list[float]

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.taken)

    @property
    def p95(self) -> float:
        """What all but a twentieth took at most."""
        return sorted(self.taken)[min(len(self.taken) - 1, round(0.95 * len(self.taken)))]


class Analyst:
    """Calls the API as somebody who sees everybody's figures."""

    def __init__(self, origin: str) -> None:
        client = Client.sign_up(origin, f"bench-{time.time_ns()}@example.com")
        uid = auth.verify_id_token(client.token, app=firebase_app())["uid"]
        auth.set_custom_user_claims(uid, {"roles": ["analyst"]}, app=firebase_app())
        self._origin = origin
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {client.token}"

    def get(self, path: str, *, anew: bool = False, stream: bool = False, **params: str) -> requests.Response:
        """The answer. Raises RuntimeError for a problem."""
        headers = {"Cache-Control": "no-cache"} if anew else {}
        answer = self._session.get(self._origin + path, params=params, headers=headers, stream=stream, timeout=120)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
        return answer


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--days", type=int, nargs="*", default=[1, 30], help="the periods that are asked for")
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=PAGES, help="the endpoints")
    parser.add_argument(
        "--loaded",
        metavar="END",
        type=datetime.fromisoformat,
        help="the events are there, up to the END that an earlier run with the same --data has told",
    )
    arguments = parser.parse_args()
    history = History(events=arguments.events, end=arguments.loaded)
    if arguments.loaded is None:
        load(history)
    started = time.perf_counter()
    aggregate_metrics(history.end, timedelta(days=history.days))
    print(
        f"{history.events:,} events of {history.users:,} people in the {history.days} days to {history.end.isoformat()}, "
        f"their hours and days computed in {time.perf_counter() - started:.0f} s; "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    analyst = Analyst(os.environ["KOMPO_PUBLIC_URL"])
    base = times(lambda: analyst.get("/v1/status"), KEPT)
    print(f"\n{'':<34}{'anew p50':>10}{'p95 ms':>9}{'kept p50':>10}{'p95 ms':>9}{'p95 ratio':>11}")
    print(f"{'GET /v1/status (baseline)':<34}{'':>19}{base.p50:>10.1f}{base.p95:>9.1f}{1:>11.2f}")
    steady: list[float] = []
    for days in arguments.days:
        for page in arguments.pages:
            tell(f"{page}, {days} days", measured(analyst, page, history.end, days), base)
            steady += times(the_same_sum, STEADY).taken
    for page in arguments.pages:
        tell_any(page, analyst, history)
        steady += times(the_same_sum, STEADY).taken
    same = Times(steady)
    print(f"{'the same sum, in between':<34}{same.p50:>10.0f}{same.p95:>9.0f}{same.p95 / same.p50:>11.2f} of p50")
    tell_live(analyst)


def the_same_sum() -> int:
    """Some dozens of milliseconds of work."""
    return sum(number * number for number in range(SUMMED))


def measured(analyst: Analyst, page: str, end: datetime, days: int) -> tuple[Times, Times]:
    """What a page takes anew, and kept."""
    period = {"start": (end - timedelta(days=days)).isoformat(), "end": end.isoformat()}
    if page == "trends":
        period["every"] = "hour"
    path = f"/v1/insights/{page}"
    return (
        times(lambda: analyst.get(path, anew=True, **period), ANEW),
        times(lambda: analyst.get(path, **period), KEPT),
    )


def tell(what: str, found: tuple[Times, Times], base: Times) -> None:
    """A line of the table."""
    anew, kept = found
    mark = "" if max(anew.p95, kept.p95) < BAR_MS else "  over the bar" if kept.p95 >= BAR_MS else "  anew over the bar"
    print(
        f"{what:<34}{anew.p50:>10.0f}{anew.p95:>9.0f}{kept.p50:>10.1f}{kept.p95:>9.1f}"
        f"{kept.p95 / base.p95:>11.2f}{mark}",
        flush=True,
    )


def tell_any(page: str, analyst: Analyst, history: History) -> None:
    """A line of the table: what a page takes anew whatever it is asked for."""
    dice = random.Random(page)
    path = f"/v1/insights/{page}"
    anew = times(lambda: analyst.get(path, anew=True, **any_question(page, history, dice)), ANY)
    mark = "" if anew.p95 < BAR_MS else "  over the bar"
    print(f"{f'{page}, any of {ANY}':<34}{anew.p50:>10.0f}{anew.p95:>9.0f}{mark}", flush=True)


def any_question(page: str, history: History, dice: random.Random) -> dict[str, str]:
    """A period that begins and ends anywhere, of an hour to 45 days, and perhaps something to tell apart or to filter by."""
    length = timedelta(hours=dice.choice((1, 6, 24, 24, 72, 168, 168, 336, 720, 1080)))
    end = history.end - timedelta(minutes=dice.choice((0, 0, dice.randrange(60 * 24 * 30))))
    if page == "trends":
        length = max(length, timedelta(days=3))
    asked = {"start": (end - length).isoformat(), "end": end.isoformat()}
    if page == "trends":
        asked["every"] = "hour" if length < timedelta(days=15) else "day"
    if page in GROUPED and dice.random() < 0.3:
        asked["by"] = dice.choice(GROUPED[page])
    elif page in GROUPED and dice.random() < 0.3:
        dimension = dice.choice([each for each in GROUPED[page] if each in FILTERS])
        asked[dimension] = dice.choice(FILTERS[dimension])
    return asked


def tell_live(analyst: Analyst) -> None:
    """How old what the stream shows is when it arrives, and what a look at it costs."""
    ages = list(live_ages(analyst.get("/v1/insights/live/stream", stream=True, seconds=str(LIVE_SECONDS))))
    once = times(lambda: analyst.get("/v1/insights/live"), KEPT)
    print(
        f"\nlive: p50 {once.p50:.1f} ms, p95 {once.p95:.1f} ms; in the stream {max(ages):.0f} ms old at most (bar 1,000)"
    )


def live_ages(answer: requests.Response) -> Iterator[float]:
    """The age in milliseconds of each of a stream's values when it came."""
    name = ""
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        field, _, value = line.partition(": ")
        name = value if field == "event" else name
        if field == "data" and name == "now":
            at = datetime.fromisoformat(value.partition('"asOf":"')[2].partition('"')[0])
            yield (datetime.now(at.tzinfo) - at).total_seconds() * 1000


def times(call: Callable[[], object], number: int) -> Times:
    """The milliseconds of so many calls, after one that is not counted."""
    call()
    taken = []
    for _ in range(number):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return Times(taken)


if __name__ == "__main__":
    main()
