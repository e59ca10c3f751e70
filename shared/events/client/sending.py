"""Sending: batches go to the API until each event has a verdict, with back-off in between; none is retried for ever."""

import json
import random
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .answer import Answer
from .configuration import Configuration
from .spool import Line
from .tally import FINAL, LIMITED, Tally

if TYPE_CHECKING:
    from .transport import Transport

MAX_EVENTS = 1_000
MAX_BYTES = 1_000_000
FIRST_PAUSE, LONGEST_PAUSE, LIMITED_PAUSE = 0.5, 60.0, 10.0
PATIENCE = 10
"""How often a batch may be answered in a way that only a person can mend (no access, nothing there, no receipt)."""
_REMEMBERED = 1_000
_REMEMBERED_EVENTS = 100_000
_LATER = frozenset({0, 408, 425, 429})
_MENDABLE = frozenset({401, 403, 404})


class Sender:
    """Sends lines of the spool in the order given. Used by one thread."""

    def __init__(self, configuration: Configuration, tally: Tally, transport: "Transport") -> None:
        self._configuration = configuration
        self._tally = tally
        self._transport = transport
        self._failures = 0
        self._told_until = self._pause_until = 0.0
        self._tries: OrderedDict[str, int] = OrderedDict()
        self._settled: set[str] = set()
        self._limited_until: dict[str | None, float] = {}

    def ready(self, *, urged: bool) -> bool:
        """Whether it is time to send: a pause of ours gives way when somebody waits, one that the server asked for does not."""
        return time.monotonic() >= (self._told_until if urged else max(self._told_until, self._pause_until))

    @property
    def paused(self) -> bool:
        """Whether nothing is to be sent for a while."""
        return time.monotonic() < max(self._told_until, self._pause_until)

    def send(self, lines: Sequence[Line]) -> bool:
        """Send events, each user's together. Whether all are answered for; if not, those that are will not be sent again."""
        users: dict[str | None, list[Line]] = {}
        for line in lines:
            if line.event_id not in self._settled:
                users.setdefault(line.user, []).append(line)
        done = True
        for user, events in users.items():
            for batch in _batches(events):
                done = self._deliver(user, batch) and done
                if self.paused:
                    return False
        if (
            done or len(self._settled) > _REMEMBERED_EVENTS
        ):  # Forgotten, an event is sent again and known as a duplicate.
            self._settled.difference_update(line.event_id for line in lines)
        return done

    def _deliver(self, user: str | None, events: list[Line]) -> bool:
        if time.monotonic() < self._limited_until.get(user, 0.0):
            return False
        answer = self._post(user, events)
        if answer.status == 413 and len(events) > 1:
            middle = len(events) // 2
            return self._deliver(user, events[:middle]) and self._deliver(user, events[middle:])
        outcomes = _outcomes(answer, len(events))
        if outcomes is not None:
            return self._settle(user, answer, events, outcomes)
        if not self._is_hopeless(answer, events[0].event_id):
            self._back_off(answer)
            return False
        self._tally.add("refused", len(events))
        self._tally.problem = answer.problem
        self._settled.update(event.event_id for event in events)
        return True

    def _settle(self, user: str | None, answer: Answer, events: list[Line], outcomes: list[str]) -> bool:
        """Count the verdicts. Whether all are final: what is over a user's budget comes again when the server says so, and
        holds up nobody else's."""
        for outcome, count in Counter(outcomes).items():
            self._tally.add(outcome, count)
        self._settled.update(
            event.event_id for event, outcome in zip(events, outcomes, strict=True) if outcome in FINAL
        )
        self._failures, self._pause_until = 0, 0.0
        if LIMITED not in outcomes:
            return True
        at = time.monotonic()
        self._limited_until = {each: until for each, until in self._limited_until.items() if until > at}
        self._limited_until[user] = at + (LIMITED_PAUSE if answer.retry_after is None else answer.retry_after)
        self._tally.problem = "a user is over the budget of events"
        return False

    def _post(self, user: str | None, events: list[Line]) -> Answer:
        try:
            token = self._configuration.bearer()
        except Exception as error:  # Where tokens come from is the caller's, and may be down like anything else.
            return Answer(0, problem=f"no token: {type(error).__name__}: {error}"[:300])
        whose = "" if user is None else f'"userId":{json.dumps(user)},'
        body = f'{{{whose}"events":[{",".join(event.text for event in events)}]}}'
        return self._transport.post(self._configuration.url, token, body.encode())

    def _is_hopeless(self, answer: Answer, batch: str) -> bool:
        """Whether sending the batch once more can change nothing, or has been tried often enough."""
        if answer.status in _LATER or answer.status >= 500:
            return False
        if 400 <= answer.status < 500 and answer.status not in _MENDABLE:
            return True
        tries = self._tries.pop(batch, 0) + 1
        if tries >= PATIENCE:
            return True
        self._tries[batch] = tries
        while len(self._tries) > _REMEMBERED:
            self._tries.popitem(last=False)
        return False

    def _back_off(self, answer: Answer) -> None:
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures, 10)) * random.uniform(0.5, 1.0)  # noqa: S311
        self._failures += 1
        self._pause_until = time.monotonic() + pause
        if answer.retry_after is not None:
            self._told_until = time.monotonic() + answer.retry_after
        self._tally.add("retries")
        self._tally.problem = answer.problem or "the answer is no receipt for the events"


def _outcomes(answer: Answer, sent: int) -> list[str] | None:
    """The verdict on each event; None if the answer does not say it of every one."""
    verdicts = answer.body.get("verdicts") if 200 <= answer.status < 300 else None
    if not isinstance(verdicts, list) or len(verdicts) != sent:
        return None
    outcomes = [str(verdict.get("outcome")) if isinstance(verdict, dict) else "" for verdict in verdicts]
    return outcomes if FINAL.union({LIMITED}).issuperset(outcomes) else None


def _batches(events: list[Line]) -> Iterator[list[Line]]:
    """Up to 1,000 events and 1 MB at a time."""
    batch: list[Line] = []
    size = 0
    for event in events:
        if batch and (len(batch) == MAX_EVENTS or size + len(event.text) > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += len(event.text) + 1
    if batch:
        yield batch
