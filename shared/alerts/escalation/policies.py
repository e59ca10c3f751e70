"""Policies: whom to tell, one step after the other, until somebody answers."""

from datetime import timedelta

from pydantic import Field

from shared.alerts.routing import Target
from shared.alerts.routing.model import MinutesOrMore, SettingId, SettingsModel


class PolicyStep(SettingsModel):
    """Whom to tell, and how long it may then go unanswered before it is the next step's turn."""

    targets: tuple[Target, ...] = Field(min_length=1, max_length=20)
    wait: MinutesOrMore = Field(default=timedelta(minutes=5), json_schema_extra={"default": "5m"})


class PolicyContent(SettingsModel):
    """What a policy says."""

    name: str = Field(min_length=1, max_length=100)
    steps: tuple[PolicyStep, ...] = Field(min_length=1, max_length=20)
    loops: int = Field(default=0, ge=0, le=20, description="How often all steps are gone through again")


class EscalationPolicy(PolicyContent):
    """Documents of `escalation_policies`."""

    id: SettingId
