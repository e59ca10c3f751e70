"""Turns: one evaluator at a time, though the schedule fires twice; and a record of when every minute had its turn.

An evaluator holds a lease in `alert_evaluator/current` as long as the function may run: what a killed one has left, the next
minute's finds free. The record tells which minutes were late or skipped, which is watched like anything else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from shared.alerts.readings import Reading
from shared.core.clients import firestore_client
from shared.core.ids import new_id

if TYPE_CHECKING:
    from google.cloud import firestore

COLLECTION = "alert_evaluator"
LEASE = timedelta(seconds=55)
"""As long as `evaluate_alerts` may run."""
REMEMBERED = timedelta(hours=2)
"""How far the record reaches back."""
SET_BACK = timedelta(minutes=5)
"""A clock that is set back by less is waited for; by more, everything begins anew at the time that it shows."""
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Turn:
    """The right to evaluate a minute. `evaluated`: when the turns of the minutes before it began."""

    minute: datetime
    began: datetime
    owner: str
    evaluated: Mapping[datetime, datetime] = field(default_factory=dict)
    complete: bool = True
    """Whether every rule was evaluated that was due; otherwise the minute counts as skipped."""

    @property
    def skipped(self) -> list[datetime]:
        """The minutes since the last that was evaluated, the newest first, a day of them at most."""
        last = max(self.evaluated, default=self.minute)
        return [
            self.minute - back * _MINUTE for back in range(1, min((self.minute - last) // _MINUTE, _DAY // _MINUTE))
        ]

    def delay(self, window: int) -> Reading:
        """The longest that one of the last `window` minutes waited for an evaluation, in seconds; the samples are minutes."""
        begun = {**self.evaluated, self.minute: self.began}
        looked_at = [self.minute - back * _MINUTE for back in range(window)]
        waits = {
            minute: min(at for evaluated, at in begun.items() if evaluated >= minute) - minute
            for minute in looked_at
            if minute >= min(begun)
        }
        skipped = sorted(minute for minute in waits if minute not in begun)
        detail = f"{len(skipped)} min were not evaluated, the first {skipped[0]:%Y-%m-%d %H:%M} UTC" if skipped else ""
        return Reading(max(0.0, max(waits.values()).total_seconds()), len(waits), detail)


@contextmanager
def turn_of(moment: datetime) -> Iterator[Turn | None]:
    """The turn of the minute of `moment`, for the block; None if it was evaluated before, or somebody is at it.

    A block that fails leaves the minute to whoever comes next."""
    turn = _take(moment)
    if turn is None:
        yield None
        return
    try:
        yield turn
    except BaseException:
        turn.complete = False
        raise
    finally:
        _end(turn)


def last_turn() -> datetime | None:
    """The last minute that was evaluated; None if there was none yet."""
    return max(_evaluated(_document().get().to_dict() or {}), default=None)


def _take(moment: datetime) -> Turn | None:
    from google.cloud import firestore

    minute, owner = moment.replace(second=0, microsecond=0), new_id()

    @firestore.transactional
    def take(transaction: "firestore.Transaction") -> Turn | None:
        stored = _document().get(transaction=transaction).to_dict() or {}
        evaluated = _evaluated(stored)
        if evaluated and max(evaluated) - minute > SET_BACK:
            evaluated = {}
        if _is_held(stored, moment) or (evaluated and max(evaluated) >= minute):
            return None
        lease = {"owner": owner, "expires": moment + LEASE}
        transaction.set(_document(), {**lease, "evaluated": {_named(each): at for each, at in evaluated.items()}})
        return Turn(minute, moment, owner, evaluated)

    return cast("Turn | None", take(firestore_client().transaction()))


def _end(turn: Turn) -> None:
    """Give the lease back, and record the minute, unless another evaluator has taken over meanwhile."""
    from google.cloud import firestore

    @firestore.transactional
    def end(transaction: "firestore.Transaction") -> None:
        stored = _document().get(transaction=transaction).to_dict() or {}
        if stored.get("owner") != turn.owner:
            return
        evaluated = {**turn.evaluated, turn.minute: turn.began} if turn.complete else dict(turn.evaluated)
        recent = {each for each in evaluated if each > turn.minute - REMEMBERED} | set(sorted(evaluated)[-1:])
        kept = {_named(each): evaluated[each] for each in recent}
        transaction.set(_document(), {"owner": None, "expires": None, "evaluated": kept})

    end(firestore_client().transaction())


def _is_held(stored: Mapping[str, Any], moment: datetime) -> bool:
    """A lease that ends later than any could was taken by a clock that has been set back since: it does not count."""
    expires = stored.get("expires")
    return expires is not None and timedelta(0) < expires - moment <= LEASE


def _evaluated(stored: Mapping[str, Any]) -> dict[datetime, datetime]:
    return {datetime.fromisoformat(each).astimezone(UTC): at for each, at in stored.get("evaluated", {}).items()}


def _named(minute: datetime) -> str:
    return minute.isoformat()


def _document() -> Any:
    return firestore_client().collection(COLLECTION).document("current")
