"""Record: a response to one alert, from when it is due to when it is over. Documents of `alert_responses`."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import Field

from shared.alerts.actions import Action, Response
from shared.alerts.instances import AlertInstance, AlertState, Condition
from shared.core.clients import firestore_client
from shared.core.documents import StoredModel

if TYPE_CHECKING:
    from google.cloud.firestore import WriteBatch

COLLECTION = "alert_responses"


class ResponseState(StrEnum):
    """Where a response is in its life. Dry run: what would have been done is written in `detail`. Cooling down: it was done for
    another alert of the rule too short a time before; pauses, of the same provider."""

    DUE = "due"
    DONE = "done"
    DRY_RUN = "dry_run"
    COOLING_DOWN = "cooling_down"
    FAILED = "failed"
    ENDED = "ended"


class ResponseRecord(StoredModel):
    """What was done, why, and until when it holds."""

    id: str
    alert_id: str
    rule_id: str
    number: int = Field(description="Which of the rule's responses, from 0")
    labels: dict[str, str] = Field(default_factory=dict)
    response: Response
    state: ResponseState = ResponseState.DUE
    due_at: datetime
    done_at: datetime | None = None
    until: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    detail: str = ""

    @property
    def reference(self) -> Any:
        """Where its document is."""
        return firestore_client().collection(COLLECTION).document(self.id)

    @property
    def provider(self) -> str | None:
        """The provider that it is about."""
        return self.response.provider or self.labels.get("provider")

    @property
    def cooldown(self) -> str:
        """What must not be done again too soon, as a name: that of one provider says nothing of another's."""
        paused = self.provider if self.response.action is Action.PAUSE_PROVIDER else None
        about = f"-{hashlib.sha256(paused.encode()).hexdigest()[:12]}" if paused is not None else ""
        return f"{self.rule_id}-{self.number}{about}"

    @property
    def sentence(self) -> str:
        """What it does."""
        response, minutes = self.response, f"for {self.response.minutes} min"
        match response.action:
            case Action.PAUSE_PROVIDER:
                return f"Pause {self.provider} {minutes}"
            case Action.PREFER_DEVICE:
                return f"Prefer {response.device} {minutes}"
            case Action.RAISE_JOB_LIMITS:
                limits = [
                    f"{getattr(response, plan)} ({plan})" for plan in ("free", "premium") if getattr(response, plan)
                ]
                return f"Let a user have {' and '.join(limits)} jobs at work at once {minutes}"
            case Action.OPEN_SILENCE:
                return f"Silence {', '.join(response.matchers)} {minutes}"

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it."""
        plain = self.model_dump(by_alias=True, mode="json", include={"response", "state"})
        return {**self.model_dump(by_alias=True), **plain}


def note_due(
    batch: "WriteBatch",
    responses: Iterable[Response],
    changes: Iterable[tuple[AlertInstance | None, AlertInstance]],
    at: datetime,
) -> None:
    """Add to `batch`, which moves the alerts, the responses that are due because of it."""
    declared = list(enumerate(responses))
    for before, after in changes:
        fires = after.state is AlertState.FIRING and (before is None or before.state is not AlertState.FIRING)
        if not fires or after.condition is not Condition.BREACHED:
            continue
        for number, response in declared:
            record = ResponseRecord(
                id=f"{after.id}-{number}",
                alert_id=after.id,
                rule_id=after.rule_id,
                number=number,
                labels=after.labels,
                response=response,
                due_at=at,
            )
            batch.create(record.reference, record.document())
