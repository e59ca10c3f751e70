"""The JSON API but for bytes: which operation answers which request. Each runs inside one transaction."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote

from multidict import MultiMapping
from pydantic import BaseModel, ValidationError

from infra.local.storage.errors import StorageError, invalid
from infra.local.storage.objects import Objects
from infra.local.storage.preconditions import Preconditions, from_query

Resource = dict[str, Any]
M = TypeVar("M", bound=BaseModel)

MAX_INTEGER = 2**63 - 1


@dataclass(frozen=True)
class Call:
    """One request to the JSON API. `names` are the parts of its path."""

    objects: Objects
    names: Mapping[str, str]
    query: MultiMapping[str]
    headers: Mapping[str, str]
    raw: bytes
    base_url: str

    @property
    def bucket(self) -> str:
        """The bucket of the path."""
        return self.names["bucket"]

    @property
    def name(self) -> str:
        """The object of the path."""
        return self.names["object"]

    @property
    def generation(self) -> int | None:
        """The generation asked for, if any."""
        return number(self.query, "generation")

    @property
    def conditions(self) -> Preconditions:
        """The preconditions on the object of the path."""
        return from_query(self.query).with_etags(self.headers)

    def body(self) -> Resource:
        """The request's JSON object. Raises StorageError 400."""
        return parse_object(self.raw)


@dataclass(frozen=True)
class Reply:
    """An answer: a JSON object, or nothing."""

    body: Resource | None = None
    status: int = 200


NO_CONTENT = Reply(status=204)
Operation = Callable[[Call], Reply]


class Routes:
    """A table of operations by method and path."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Operation]] = []

    def add(self, method: str, path: str, operation: Operation) -> None:
        """`path` is below `/storage/v1`; `{bucket}` and the like stand for one percent-encoded segment."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
        self._routes.append((method, re.compile(pattern), operation))

    def find(self, method: str, raw_path: str) -> tuple[Operation, dict[str, str]]:
        """The operation for a request, and the names in its path. Raises StorageError 404, 405."""
        path = raw_path.removeprefix("/storage/v1")
        is_known = False
        for known_method, pattern, operation in self._routes:
            if match := pattern.fullmatch(path):
                if known_method == method:
                    return operation, {key: unquote(value) for key, value in match.groupdict().items()}
                is_known = True
        if is_known:
            raise StorageError(405, "methodNotAllowed", f"{method} is not allowed here.")
        raise StorageError(404, "notFound", f"Not found: {raw_path}")


def parse_object(raw: bytes) -> Resource:
    """The JSON object in a body; empty for an empty body. Raises StorageError 400."""
    try:
        value = json.loads(raw or b"{}")
    except ValueError as error:
        raise StorageError(400, "parseError", "Parse Error") from error
    if not isinstance(value, dict):
        raise invalid("A JSON object is expected.")
    return value


def parse(model: type[M], value: object) -> M:
    """`value` as `model`. Raises StorageError 400 naming the first field that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise invalid(f"Invalid value at '{where}': {first['msg']}") from error


def number(query: Mapping[str, str], name: str) -> int | None:
    """A number of a query string, if it is there. Raises StorageError 400."""
    if not query.get(name):
        return None
    try:
        value = int(query[name])
    except ValueError as error:
        raise invalid(f"{name} must be a number.") from error
    if abs(value) > MAX_INTEGER:
        raise invalid(f"{name} must be a number of 64 bits.")
    return value
