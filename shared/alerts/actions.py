"""Actions: what a rule declares to be done when its alert fires."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel


class Action(StrEnum):
    """What can be done.

    pause_provider: its jobs are not started. prefer_device: what either can encode is encoded by processors, or by GPUs again.
    raise_job_limits: users may have more jobs at work at once. open_silence: alerts that match are told to nobody."""

    PAUSE_PROVIDER = "pause_provider"
    PREFER_DEVICE = "prefer_device"
    RAISE_JOB_LIMITS = "raise_job_limits"
    OPEN_SILENCE = "open_silence"


_NEEDS = {
    Action.PREFER_DEVICE: ("device",),
    Action.RAISE_JOB_LIMITS: ("free", "premium"),
    Action.OPEN_SILENCE: ("matchers",),
}
_MAY_NAME = {Action.PAUSE_PROVIDER: ("provider",), **_NEEDS}
_OPTIONS = ("provider", "device", "free", "premium", "matchers")


class Response(BaseModel):
    """What is done, for how long at most, and how soon it may be done again. Until `dry_run` is false it is only written down
    what would have been done."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)

    action: Action
    provider: str | None = Field(
        default=None, min_length=1, max_length=64, description="Left out: the alert's label `provider`"
    )
    device: Literal["cpu", "gpu"] | None = None
    free: int | None = Field(default=None, ge=1, le=100, description="Jobs of one user at once, plan free")
    premium: int | None = Field(default=None, ge=1, le=100, description="The same, plan premium")
    matchers: tuple[str, ...] = Field(default=(), max_length=20, description="Of the silence, such as `platform = mcp`")
    minutes: int = Field(default=60, ge=1, le=1440, description="When it ends at the latest")
    ends_with_alert: bool = Field(default=True, description="It ends when the alert does, if that is sooner")
    cooldown: int = Field(default=60, ge=0, le=10_080, description="Minutes for which it is not done again")
    dry_run: bool = True

    @model_validator(mode="after")
    def _names_what_it_needs(self) -> Self:
        given = [name for name in _OPTIONS if getattr(self, name)]
        if strange := [name for name in given if name not in _MAY_NAME[self.action]]:
            raise ValueError(f"{self.action} has no {strange[0]}")
        needed = _NEEDS.get(self.action, ())
        if needed and not set(needed) & set(given):
            raise ValueError(f"{self.action} needs {' or '.join(needed)}")
        return self
