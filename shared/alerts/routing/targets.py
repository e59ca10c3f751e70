"""Targets: whom a route or a step of a policy tells. A person, whoever is on call, or a channel as it is."""

from typing import Self

from pydantic import Field, model_validator

from shared.alerts.routing.model import PersonId, SettingId, SettingsModel


class Target(SettingsModel):
    """One of the three."""

    person: PersonId | None = Field(default=None, description="Id of a contact")
    schedule: SettingId | None = Field(default=None, description="Id of an on-call schedule: who is on call by it")
    channel: SettingId | None = Field(default=None, description="Id of a notification channel")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(each is not None for each in (self.person, self.schedule, self.channel)) != 1:
            raise ValueError("name a person, a schedule or a channel, and only one of them")
        return self

    def __str__(self) -> str:
        return next(
            f"{kind} {name}"
            for kind, name in (("person", self.person), ("schedule", self.schedule), ("channel", self.channel))
            if name is not None
        )
