"""Places: where data of a person can lie, as `places.yaml` declares it: the one list that export and erasure go by."""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from shared.core.declared import read_declared
from shared.core.documents import Part


class Claim(StrEnum):
    """What is done with what lies there; `places.yaml` says what each means."""

    OWN = "own"
    NAMED = "named"
    EVENTS = "events"
    PASSING = "passing"
    NONE = "none"


class Place(Part):
    """A collection, a bucket or a table. `why`: nothing is done about it; `holds`: what it holds of a person. `whole`: each
    document is about one person, who gets all of it."""

    claim: Claim
    holds: str = ""
    why: str = ""
    within: str = ""
    field: str | None = None
    by: Literal["hash"] | None = None
    beneath: tuple[str, ...] = ()
    whole: bool = False
    prefixes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.claim in (Claim.PASSING, Claim.NONE) and not self.why:
            raise ValueError("a place about which nothing is done needs a reason: why")
        return self


class Places(Part):
    """All of them, by their names. `of_users`: what lies beneath `users/{uid}`, and what it is."""

    collections: dict[str, Place]
    of_users: dict[str, str] = Field(alias="of_users")
    buckets: dict[str, Place]
    tables: dict[str, Place]

    def collections_claimed(self, claim: Claim) -> dict[str, Place]:
        """The collections with this claim."""
        return {name: place for name, place in self.collections.items() if place.claim is claim}

    def folders(self, user_id: str) -> list[tuple[str, str]]:
        """Where objects of the user are: the manifest's name of a bucket, and how the objects' names begin."""
        return [
            (bucket, prefix.format(uid=user_id)) for bucket, place in self.buckets.items() for prefix in place.prefixes
        ]


@cache
def places() -> Places:
    """The places of `places.yaml`."""
    return Places.model_validate(read_declared(Path(__file__).with_name("places.yaml")))
