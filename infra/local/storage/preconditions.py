"""Preconditions on generations and etags: lost updates are refused with 412."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from infra.local.storage.errors import StorageError, invalid
from infra.local.storage.records import StoredObject


@dataclass(frozen=True)
class Preconditions:
    """What must hold of the live object. A generation of 0 means that there is none."""

    generation: int | None = None
    not_generation: int | None = None
    metageneration: int | None = None
    not_metageneration: int | None = None
    etags: tuple[str, ...] = ()
    not_etags: tuple[str, ...] = ()

    def with_etags(self, headers: Mapping[str, str]) -> Self:
        """These, and what If-Match and If-None-Match of a request ask for."""
        return replace(self, etags=_etags(headers, "If-Match"), not_etags=_etags(headers, "If-None-Match"))

    def check(self, current: StoredObject | None) -> None:
        """Raise StorageError 412 unless they hold of `current`."""
        generation = current.generation if current else 0
        metageneration = current.metageneration if current else 0
        holds = (
            self.generation in (None, generation)
            and (self.not_generation is None or self.not_generation != generation)
            and self.metageneration in (None, metageneration)
            and (self.not_metageneration is None or self.not_metageneration != metageneration)
            and (not self.etags or _names(self.etags, current))
            and not _names(self.not_etags, current)
        )
        if not holds:
            message = "At least one of the pre-conditions you specified did not hold."
            raise StorageError(412, "conditionNotMet", message)

    def is_unchanged(self, current: StoredObject) -> bool:
        """Whether a read may be answered with 304, for the caller has this generation already."""
        return (
            self.not_generation == current.generation
            or self.not_metageneration == current.metageneration
            or _names(self.not_etags, current)
        )


def from_query(query: Mapping[str, str], prefix: str = "if") -> Preconditions:
    """The preconditions of a request to the JSON API; `prefix` is `ifSource` for the source of a copy."""
    return _read(
        query,
        f"{prefix}GenerationMatch",
        f"{prefix}GenerationNotMatch",
        f"{prefix}MetagenerationMatch",
        f"{prefix}MetagenerationNotMatch",
    )


def from_headers(headers: Mapping[str, str]) -> Preconditions:
    """The preconditions of a request to the XML API."""
    return _read(
        headers,
        "x-goog-if-generation-match",
        "x-goog-if-generation-not-match",
        "x-goog-if-metageneration-match",
        "x-goog-if-metageneration-not-match",
    )


def _etags(headers: Mapping[str, str], name: str) -> tuple[str, ...]:
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in headers.get(name, "").split(","))
    return tuple(tag for tag in tags if tag)


def _names(etags: tuple[str, ...], current: StoredObject | None) -> bool:
    return current is not None and ("*" in etags or current.etag in etags)


def _read(source: Mapping[str, str], *names: str) -> Preconditions:
    try:
        values = [int(source[name]) if name in source else None for name in names]
    except ValueError as error:
        raise invalid("A generation must be a number.") from error
    generation, not_generation, metageneration, not_metageneration = values
    return Preconditions(generation, not_generation, metageneration, not_metageneration)
