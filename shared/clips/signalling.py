"""Signalling: what happens to clips is heard once, kept with the clip, and told as an event."""

from collections.abc import Sequence
from typing import Any

from google.cloud import firestore

from shared.clips.feedback import AnySignal, ClipEdit, ClipRate, ClipView, Outcome
from shared.clips.stored import ClipState, StoredClip, clip_reference, parse_clip
from shared.core import outbox
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import FieldError, InvalidInput, NotFound
from shared.events import Context, Event, EventType, Generation, Operation, Platform, event_messages, timestamp_problem

MOST_SIGNALS = 100
"""In one request: a transaction writes a document for each."""
_TOPIC = "events"
_FUTURE = "timestamp_in_future"


def record_signals(user_id: str, clip_id: str, signals: Sequence[AnySignal]) -> tuple[StoredClip, int]:
    """Take in what happened to a clip. The clip, and how many of the signals were new: those with an id that came before, for
    this clip, change nothing. Raises NotFound, and InvalidInput for one of the future: it would be the last word for ever."""
    _check_clocks(signals)
    reference = clip_reference(user_id, clip_id)
    first: dict[str, AnySignal] = {}
    for signal in signals:
        first.setdefault(signal.event_id, signal)

    @firestore.transactional
    def record(transaction: firestore.Transaction) -> tuple[StoredClip, int, list[outbox.Message]]:
        stored = reference.get(transaction=transaction).to_dict()
        if stored is None:
            raise NotFound(f"There is no clip {clip_id}.")
        clip = parse_clip(stored)
        new = _new(transaction, clip, list(first.values()))
        if not new:
            return clip, 0, []
        return write_signals(transaction, clip, new), len(new), tell_signals(transaction, clip, new)

    recorded, count, messages = record(firestore_client().transaction())
    outbox.publish(*messages)
    return recorded, count


def _check_clocks(signals: Sequence[AnySignal]) -> None:
    received = now()
    errors = [
        FieldError(f"/events/{place}/at", "This is more than 23 hours ahead of our clock. Check the sender's.", _FUTURE)
        for place, signal in enumerate(signals)
        if timestamp_problem(signal.at, received) == _FUTURE
    ]
    if errors:
        raise InvalidInput("What has not happened yet cannot be told.", errors=errors)


def write_signals(transaction: firestore.Transaction, clip: StoredClip, signals: Sequence[AnySignal]) -> StoredClip:
    """Write signals that are new, and the clip as it is after them. It does not read."""
    outcome = clip.outcome
    for signal in signals:
        outcome = outcome.after(signal)
        kept = signal.model_dump(by_alias=True)
        transaction.create(_reference(clip, signal), {**kept, "received": now()})
    changed = clip.model_copy(update={"outcome": outcome, "state": _state(clip, outcome), "modified": now()})
    transaction.set(clip.reference, changed.document())
    return changed


def tell_signals(
    transaction: firestore.Transaction, clip: StoredClip, signals: Sequence[AnySignal]
) -> list[outbox.Message]:
    """Put events into the outbox that tell of signals, without a word of what the clip is about."""
    events = [_event(clip, signal) for signal in signals]
    return [outbox.enqueue(transaction, _TOPIC, message) for message in event_messages(clip.user_id, events)]


def _new(transaction: firestore.Transaction, clip: StoredClip, signals: Sequence[AnySignal]) -> list[AnySignal]:
    references = [_reference(clip, signal) for signal in signals]
    known = {found.id for found in firestore_client().get_all(references, transaction=transaction) if found.exists}
    return [signal for signal in signals if signal.event_id not in known]


def _reference(clip: StoredClip, signal: AnySignal) -> Any:
    return clip.reference.collection("feedback").document(signal.event_id)


def _state(clip: StoredClip, outcome: Outcome) -> ClipState:
    """What its owner said last; what was exported without a word is kept."""
    if outcome.decision == "discard":
        return ClipState.DISCARDED
    return ClipState.KEPT if outcome.decision == "keep" or outcome.exports else clip.state


def _event(clip: StoredClip, signal: AnySignal) -> Event:
    parameters: dict[str, Any] = {}
    match signal:
        case ClipView():
            parameters = {"count": signal.views, "ratio": signal.watched}
        case ClipEdit():
            parameters = {"ratio": signal.share}
    satisfaction = float(signal.stars) if isinstance(signal, ClipRate) else None
    return Event(
        event_id=f"{clip.id[:60]}-{signal.event_id[:60]}",
        timestamp=signal.at,
        platform=Platform.API,
        event_type=EventType.FEEDBACK,
        operation=Operation(type=f"clip_{signal.kind}", parameters=_known(parameters) or None),
        generation=Generation(provider="kompo", satisfaction=satisfaction),
        context=Context(workflow_type="clip", workflow_id=clip.job_id),
    )


def _known(parameters: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value is not None}
