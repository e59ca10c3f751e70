"""A request as people write it down, in JSON, for `explain`.

Values are JSON's, and for the rest: "$now" is the time of the request, {"$timestamp": RFC 3339}, {"$bytes": base64},
{"$path": "users/u1"} and {"$latlng": [1.5, 2]}. A query is {"where": [["field", "==", value], {"or": […]}], "orderBy":
["field", "-field"], "limit": n, "offset": n, "group": true}."""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .moments import from_datetime
from .query import Both, Constraint, Either, Filter, Op, Query
from .ruleset import METHODS, Operation, Request
from .values import LatLng, Path, Timestamp, Value

_DATABASE = ("databases", "(default)", "documents")


class InvalidScenario(Exception):
    """It cannot be understood; the message says what is wrong."""


@dataclass(frozen=True)
class Scenario:
    """Who wants to do what. `documents` are the others that are there, by path, before the request."""

    method: str
    path: str
    uid: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)
    data: dict[str, Any] | None = None
    before: dict[str, Any] | None = None
    query: dict[str, Any] | None = None
    documents: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def request(self) -> Request:
        """What the rules are asked. Raises InvalidScenario."""
        now = Timestamp(time.time_ns() // 1000 * 1000)
        auth = {"uid": self.uid, "token": {"sub": self.uid, **self.claims}} if self.uid else None
        states = {path.strip("/"): _map(data, now) for path, data in self.documents.items()}
        operation = self._operation(now)
        here = "/".join(operation.path)

        def fetch(path: Path, *, after: bool) -> dict[str, Value] | None:
            target = "/".join(path.segments[len(_DATABASE) :])
            data = states.get(target)
            if target == here:
                data = operation.after if after else operation.before
            return None if data is None else {"data": data, "id": path.segments[-1], "__name__": path}

        return Request(auth, now, (operation,), fetch)

    def _operation(self, now: Timestamp) -> Operation:
        segments = tuple(self.path.strip("/").split("/"))
        if not all(segments):
            raise InvalidScenario(f"{self.path} has an empty segment.")
        if self.method not in METHODS:
            raise InvalidScenario(f'There is no method "{self.method}"; there are {", ".join(METHODS)}.')
        if self.method == "list":
            query = _query(segments, self.query or {}, now)
            return Operation("list", query.parent, query=query)
        if len(segments) % 2:
            raise InvalidScenario(f"{self.path} names a collection; {self.method} needs a document.")
        before = None if self.before is None else _map(self.before, now)
        after = None if self.data is None else _map(self.data, now)
        if self.method == "get":
            return Operation("get", segments, before if after is None else after)
        if after is None and self.method != "delete":
            raise InvalidScenario(f"{self.method} needs --data: the document after it.")
        if before is None and self.method != "create":
            raise InvalidScenario(f"{self.method} needs --before: the document before it.")
        return Operation(self.method, segments, before, after if self.method != "delete" else None)


def _query(segments: tuple[str, ...], described: dict[str, Any], now: Timestamp) -> Query:
    unknown = described.keys() - {"where", "orderBy", "limit", "offset", "group"}
    if unknown:
        raise InvalidScenario(f"A query has no {', '.join(sorted(unknown))}.")
    *parent, collection = segments
    if len(parent) % 2:
        raise InvalidScenario("list needs the path of a collection.")
    where, order_by = described.get("where", []), described.get("orderBy", [])
    if (
        not isinstance(where, list)
        or not isinstance(order_by, list)
        or not all(isinstance(each, str) for each in order_by)
    ):
        raise InvalidScenario("where is a list of filters, and orderBy a list of fields.")
    limits = {name: described.get(name) for name in ("limit", "offset")}
    if not all(value is None or type(value) is int for value in limits.values()):
        raise InvalidScenario("limit and offset are integers.")
    orders = tuple((tuple(name.lstrip("-").split(".")), name.startswith("-")) for name in order_by)
    return Query(
        parent=tuple(parent),
        collection_id=collection,
        descendants=bool(described.get("group")),
        where=Both(tuple(_filter(each, now) for each in where)),
        order_by=orders,
        **limits,
    )


def _filter(described: Any, now: Timestamp) -> Filter:
    match described:
        case {"or": list() as parts}:
            return Either(tuple(_filter(part, now) for part in parts))
        case {"and": list() as parts}:
            return Both(tuple(_filter(part, now) for part in parts))
        case [str(), ("in" | "not-in" | "array-contains-any") as op, value] if not isinstance(value, list):
            raise InvalidScenario(f"{op} takes a list of values, not {value}.")
        case [str() as name, str() as op, value] if op in {each.value for each in Op}:
            return Constraint(tuple(name.split(".")), Op(op), _value(value, now))
    operators = ", ".join(op.value for op in Op)
    raise InvalidScenario(f'A filter is ["field", operator, value] with one of {operators}, not {described}.')


def _map(data: Any, now: Timestamp) -> dict[str, Value]:
    if not isinstance(data, dict):
        raise InvalidScenario(f"A document is a JSON object, not {data}.")
    return {name: _value(value, now) for name, value in data.items()}


def _value(value: Any, now: Timestamp) -> Value:
    try:
        match value:
            case "$now":
                return now
            case {"$timestamp": str() as text}:
                return from_datetime(datetime.fromisoformat(text))
            case {"$bytes": str() as text}:
                return base64.b64decode(text, validate=True)
            case {"$path": str() as text}:
                return Path((*_DATABASE, *text.strip("/").split("/")))
            case {"$latlng": [latitude, longitude]}:
                return LatLng(float(latitude), float(longitude))
    except (ValueError, TypeError) as error:
        raise InvalidScenario(f"{value} cannot be read: {error}.") from None
    if isinstance(value, dict):
        return _map(value, now)
    return [_value(member, now) for member in value] if isinstance(value, list) else value
