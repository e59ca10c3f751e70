"""StrictJson: bodies whose meaning would depend on who reads them are refused: an object that names a field twice."""

import json
from typing import Any

from flask.json.provider import DefaultJSONProvider


class StrictJson(DefaultJSONProvider):
    """JSON of requests and answers. Keys stay in the order in which they were given."""

    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """What a text says. Raises ValueError for one that is no JSON, or that names a field of an object twice."""
        return json.loads(s, object_pairs_hook=_object, **kwargs)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("An object names a field twice.")
    return found
