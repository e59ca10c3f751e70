"""What effects, their parameters and transitions are called in the wild, and what the registry and the schema call them."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, get_args

from shared.core.declared import read_declared
from shared.media.effects import effect_names
from shared.media.graph.transitions import TransitionType

_TABLE = Path(__file__).with_suffix(".yaml")
_SEPARATORS = re.compile(r"[\s_\-]+")


def effect_called(name: str) -> tuple[str, Mapping[str, Any]] | None:
    """The effect of the registry, and the parameters that the name implies; None when there is none."""
    spelt = plain(name)
    registered = {plain(known): known for known in effect_names()}
    if spelt in registered:
        return registered[spelt], {}
    alias = _table()["effects"].get(spelt)
    if alias is not None and plain(alias["effect"]) in registered:
        return alias["effect"], alias.get("params", {})
    return None


def parameter_called(effect: str, name: str) -> str:
    """The parameter of an effect of the registry; `name` itself where it has no other."""
    return _table()["params"].get(plain(effect), {}).get(plain(name), name)  # type: ignore[no-any-return]


def transition_called(name: str) -> str | None:
    """The transition of the schema; None when there is none."""
    spelt = plain(name)
    found = _table()["transitions"].get(spelt)
    if found is None:
        spelt = spelt.removesuffix("transition").removeprefix("xfade")
        found = _TRANSITIONS.get(spelt)
    return found


def needs_two(name: str) -> bool:
    """Whether it is a transition only between two; over one it is an effect."""
    return plain(name) in _table()["needs_two"]


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name as it is compared: lower case, nothing between words."""
    return _SEPARATORS.sub("", name).casefold()


_TRANSITIONS: Mapping[str, str] = {plain(name): name for name in get_args(TransitionType)}


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    raw = read_declared(_TABLE)
    params = {
        plain(effect): {plain(name): known for name, known in names.items()} for effect, names in raw["params"].items()
    }
    return {
        "effects": {plain(name): entry for name, entry in raw["effects"].items()},
        "params": params,
        "needs_two": {plain(name): True for name in raw["needs_two"]},
        "transitions": {plain(name): known for name, known in raw["transitions"].items()},
    }
