"""Generations: one document of `video_generation_metrics` each, from its start to its end. Nothing in it says whose it was."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel
from shared.events.schema import Event

if TYPE_CHECKING:
    from google.cloud import firestore

COLLECTION = "video_generation_metrics"
KEPT = timedelta(days=90)


class GenerationState(StrEnum):
    """How a generation goes."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class GenerationMetrics(StoredModel):
    """What is known of a generation, None where it is not. Seconds, US dollars, percent, megabytes, a score of 0 to 10."""

    id: str
    operation: str = "generation"
    provider: str = "unknown"
    state: GenerationState = GenerationState.RUNNING
    started: datetime | None = None
    ended: datetime | None = None
    seconds: float | None = None
    quality_score: float | None = None
    cost_usd: float | None = None
    cpu_usage: float | None = None
    gpu_usage: float | None = None
    memory_usage: float | None = None
    error: str | None = None
    expire_at: datetime

    @classmethod
    def ended_with(cls, event: Event) -> "GenerationMetrics":
        """What the event tells that a generation ends with; the rest is unset."""
        metrics, generation = event.metrics, event.generation
        succeeded = metrics is not None and metrics.success is not False
        time = metrics.processing_time if metrics else None
        told: dict[str, Any] = {
            "id": generation_id(event.event_id),
            "operation": event.operation.type if event.operation else None,
            "provider": generation.provider if generation else None,
            "state": GenerationState.SUCCEEDED if succeeded else GenerationState.FAILED,
            "ended": event.timestamp,
            "seconds": time / 1000 if time is not None else None,
            "quality_score": generation.quality_score if generation else None,
            "cost_usd": generation.cost_usd if generation else None,
            "cpu_usage": metrics.cpu_usage if metrics else None,
            "gpu_usage": metrics.gpu_usage if metrics else None,
            "memory_usage": metrics.memory_usage if metrics else None,
            "error": metrics.error_code if metrics else None,
            "expire_at": event.timestamp + KEPT,
        }
        return cls(**{name: value for name, value in told.items() if value is not None})


def generation_id(event_id: str) -> str:
    """What a generation is known by whose event has this id: nobody finds a job by it, nor its owner."""
    return hashlib.blake2b(event_id.encode(), digest_size=16).hexdigest()


def begin_generation(event_id: str, operation: str, provider: str, at: datetime) -> None:
    """Write that a generation has begun. Begun again, it is running again."""
    begun = GenerationMetrics(
        id=generation_id(event_id), operation=operation, provider=provider, started=at, expire_at=at + KEPT
    )
    _reference(begun.id).set(_document(begun))


def end_generation(event: Event, transaction: "firestore.Transaction | None" = None) -> None:
    """Write what the event tells that a generation ends with; it need not have been begun. What it does not tell stays."""
    ended = GenerationMetrics.ended_with(event)
    told = {**ended.model_dump(by_alias=True, exclude_unset=True), "state": ended.state.value}
    if transaction is None:
        _reference(ended.id).set(told, merge=True)
    else:
        transaction.set(_reference(ended.id), told, merge=True)


def cancel_generation(event_id: str, at: datetime, transaction: "firestore.Transaction") -> None:
    """Write that a generation, if it has begun, was called off. To be called before the transaction's first write."""
    reference = _reference(generation_id(event_id))
    if reference.get(transaction=transaction).exists:
        transaction.update(reference, {"state": GenerationState.CANCELLED.value, "ended": at})


def find_generation(event_id: str) -> GenerationMetrics | None:
    """What is known of the generation whose event has this id."""
    stored = _reference(generation_id(event_id)).get().to_dict()
    return GenerationMetrics.model_validate(stored) if stored is not None else None


def _document(metrics: GenerationMetrics) -> dict[str, Any]:
    return {**metrics.model_dump(by_alias=True), "state": metrics.state.value}


def _reference(document_id: str) -> Any:
    return firestore_client().collection(COLLECTION).document(document_id)
