"""Lifecycle rules, carried out: deletion, storage classes, and uploads that nobody finishes."""

import asyncio
import logging
import sqlite3
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from infra.local.storage.buckets import get_bucket
from infra.local.storage.errors import StorageError
from infra.local.storage.objects import Objects
from infra.local.storage.records import StoredObject, now
from infra.local.storage.service import Service
from infra.local.storage.sessions import abandon

log = logging.getLogger(__name__)

_INTERVAL = 60.0
_SESSION_DAYS = 7
_PAGE = 500
_ABORT = "AbortIncompleteMultipartUpload"


class _Part(BaseModel):
    # An unknown condition would make a rule apply to more than it should: it is refused.
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Action(_Part):
    """What a rule does."""

    type: Literal["Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"]
    storage_class: str | None = None


class Condition(_Part):
    """When a rule applies: all that is named must hold. Ages are in days."""

    age: int | None = None
    created_before: date | None = None
    custom_time_before: date | None = None
    days_since_custom_time: int | None = None
    days_since_noncurrent_time: int | None = None
    is_live: bool | None = None
    matches_prefix: list[str] | None = None
    matches_suffix: list[str] | None = None
    matches_storage_class: list[str] | None = None
    noncurrent_time_before: date | None = None
    num_newer_versions: int | None = None


class Rule(_Part):
    """One rule."""

    action: Action
    condition: Condition


class Lifecycle(_Part):
    """The rules of a bucket."""

    rule: list[Rule] = Field(default_factory=list)


def applies(condition: Condition, stored: StoredObject, moment: datetime, newer_versions: int) -> bool:
    """Whether a rule's condition holds of an object that has so many newer generations."""

    def is_old(days: int | None, since: datetime | None) -> bool:
        return days is None or (since is not None and moment - since >= timedelta(days=days))

    custom_time = stored.settings.custom_time
    before, noncurrent = condition.custom_time_before, condition.noncurrent_time_before
    return (
        is_old(condition.age, stored.created)
        and is_old(condition.days_since_custom_time, custom_time)
        and is_old(condition.days_since_noncurrent_time, stored.deleted)
        and (condition.created_before is None or stored.created.date() < condition.created_before)
        and (before is None or (custom_time is not None and custom_time.date() < before))
        and (noncurrent is None or (stored.deleted is not None and stored.deleted.date() < noncurrent))
        and (condition.num_newer_versions is None or newer_versions >= condition.num_newer_versions)
        and condition.is_live in (None, stored.live)
        and (condition.matches_prefix is None or stored.name.startswith(tuple(condition.matches_prefix)))
        and (condition.matches_suffix is None or stored.name.endswith(tuple(condition.matches_suffix)))
        and (
            condition.matches_storage_class is None
            or (stored.settings.storage_class or "STANDARD") in condition.matches_storage_class
        )
    )


async def run(service: Service) -> None:
    """Carry the rules out every minute, for ever."""
    while True:
        try:
            for bucket in await service.run(_buckets_with_rules):
                await carry_out(service, bucket)
            await abandon(service, now() - timedelta(days=_SESSION_DAYS))
        except (sqlite3.Error, OSError, StorageError):
            # A full disk, or a bucket deleted meanwhile: the next round does what this one could not.
            log.exception("lifecycle rules were not carried out")
        await asyncio.sleep(_INTERVAL)


async def carry_out(service: Service, bucket: str) -> None:
    """Carry the rules of one bucket out, now."""
    rules = await service.run(lambda objects: _rules(objects, bucket))
    acting = [rule for rule in rules if rule.action.type != _ABORT]
    after: tuple[str, int] | None = ("", 0)
    while acting and after is not None:
        after = await service.run(partial(_apply_rules, bucket=bucket, rules=acting, after=after))
    for rule in rules:
        if rule.action.type == _ABORT:
            await abandon(service, now() - timedelta(days=rule.condition.age or 0), bucket)


def _buckets_with_rules(objects: Objects) -> list[str]:
    rows = objects.connection.execute(
        "SELECT name FROM buckets WHERE json_extract(body, '$.lifecycle.rule') IS NOT NULL"
    )
    return [row["name"] for row in rows]


def _rules(objects: Objects, bucket: str) -> list[Rule]:
    return Lifecycle.model_validate(get_bucket(objects.connection, bucket).get("lifecycle") or {}).rule


def _apply_rules(objects: Objects, bucket: str, rules: list[Rule], after: tuple[str, int]) -> tuple[str, int] | None:
    """Apply the rules to the next few objects, so that other requests have their turn; returns the last of them."""
    rows = objects.connection.execute(
        "SELECT name, generation, body FROM objects WHERE bucket = ? AND (name, generation) > (?, ?)"
        " ORDER BY name, generation LIMIT ?",
        (bucket, *after, _PAGE),
    ).fetchall()
    moment = now()
    counted = any(rule.condition.num_newer_versions is not None for rule in rules)
    for row in rows:
        stored = StoredObject.model_validate_json(row["body"])
        newer = _newer_versions(objects, stored) if counted else 0
        rule = next((rule for rule in rules if applies(rule.condition, stored, moment, newer)), None)
        if rule:
            _act(objects, rule.action, stored)
    return (rows[-1]["name"], rows[-1]["generation"]) if rows else None


def _newer_versions(objects: Objects, stored: StoredObject) -> int:
    query = "SELECT count(*) FROM objects WHERE bucket = ? AND name = ? AND generation > ?"
    key = (stored.bucket, stored.name, stored.generation)
    return int(objects.connection.execute(query, key).fetchone()[0])


def _act(objects: Objects, action: Action, stored: StoredObject) -> None:
    held = stored.settings.event_based_hold or stored.settings.temporary_hold
    if action.type == "Delete" and not held:
        objects.delete(stored)
    elif action.type == "SetStorageClass" and stored.settings.storage_class != action.storage_class:
        objects.change(stored, stored.settings.model_copy(update={"storage_class": action.storage_class}))
