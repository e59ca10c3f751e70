"""What an alert keeps of its being told: to whom it was, and what holds it back."""

from datetime import datetime
from enum import StrEnum

from shared.core.documents import StoredModel


class Hold(StrEnum):
    """What can hold an alert back."""

    SILENCE = "silence"
    INHIBITION = "inhibition"
    MUTE_TIME = "mute_time"


class Suppression(StoredModel):
    """Something that holds an alert back: a silence or the alert that inhibits it, by id, or the times that mute its routes."""

    by: Hold
    id: str


class NoticeKind(StrEnum):
    """Why somebody is told: a group of alerts fires, or is over; or nobody has answered and it is the turn of a step."""

    FIRING = "firing"
    RESOLVED = "resolved"
    ESCALATION = "escalation"


class Told(StoredModel):
    """One message about an alert. `to` are addresses as people read them (`ann/mail`, `ops`); `missed` says who could not be
    reached and why; `step` and `round` count from 1, of escalations only."""

    key: str
    at: datetime
    kind: NoticeKind
    to: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    policy: str | None = None
    step: int | None = None
    round: int | None = None
