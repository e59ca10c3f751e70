"""Controls: what is changed for a while about how jobs run: the document `controls/jobs`.

Each control has an id, by which who has set it ends it; two that ask for the same thing do not end each other. Starting a job
reads them in its transaction, a worker when it chooses its encoder."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel
from shared.core.settings import settings

if TYPE_CHECKING:
    from google.cloud import firestore

LOOKED_AT_AGAIN = timedelta(minutes=1)
"""How soon a job that is not started because of a control is looked at again: it may have ended early."""
Device = Literal["cpu", "gpu"]


class ControlKind(StrEnum):
    """What a control does. pause_provider: no job of this provider starts. prefer_device: what may be encoded by either is
    encoded by this one. raise_job_limits: users may have so many jobs at work at once, if that is more than they may."""

    PAUSE_PROVIDER = "pause_provider"
    PREFER_DEVICE = "prefer_device"
    RAISE_JOB_LIMITS = "raise_job_limits"


class Control(StoredModel):
    """One of them, until when, and why. `free` and `premium` are job limits by plan."""

    kind: ControlKind
    since: datetime
    until: datetime
    reason: str = ""
    provider: str | None = None
    device: Device | None = None
    free: int | None = None
    premium: int | None = None


class Controls(StoredModel):
    """All controls by their ids; those whose time is over do nothing."""

    controls: dict[str, Control] = Field(default_factory=dict)

    def pause_of(self, provider: str, at: datetime) -> datetime | None:
        """Until when jobs of the provider are not started; None if they are."""
        pauses = self._in_force(ControlKind.PAUSE_PROVIDER, at)
        return max((pause.until for pause in pauses if pause.provider == provider), default=None)

    def device(self, at: datetime) -> Device | None:
        """What is preferred; of several controls the last one counts."""
        preferences = self._in_force(ControlKind.PREFER_DEVICE, at)
        return max(preferences, key=lambda control: control.since).device if preferences else None

    def slots(self, plan: str, at: datetime) -> int:
        """How many jobs of one user with this plan, `free` or `premium`, may be at work at once."""
        premium = plan == "premium"
        usual = settings().jobs_at_once_premium if premium else settings().jobs_at_once_free
        raised = self._in_force(ControlKind.RAISE_JOB_LIMITS, at)
        return max(usual, *(((limit.premium if premium else limit.free) or 0) for limit in raised), 0)

    def _in_force(self, kind: ControlKind, at: datetime) -> list[Control]:
        return [control for control in self.controls.values() if control.kind is kind and control.until > at]


def read_controls(transaction: "firestore.Transaction | None" = None) -> Controls:
    """The controls that there are."""
    return Controls.model_validate(_document().get(transaction=transaction).to_dict() or {})


def change_controls(
    transaction: "firestore.Transaction", at: datetime, changes: Mapping[str, Control | None]
) -> Callable[[], None]:
    """Set the controls of these ids, or end those that are None. They are read now; what is returned writes them, and is to be
    called after all other reads of the transaction."""
    kept = {name: control for name, control in read_controls(transaction).controls.items() if control.until > at}
    changed = {name: control for name, control in {**kept, **changes}.items() if control is not None}
    return lambda: transaction.set(_document(), Controls(controls=changed).model_dump(by_alias=True))


def _document() -> Any:
    return firestore_client().collection("controls").document("jobs")
