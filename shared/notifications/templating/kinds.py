"""Kinds of messages that Kompo itself sends, how they read unless somebody has written a template, and a sample of each."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from shared.core.declared import read_declared
from shared.notifications.message import Message
from shared.notifications.templating.template import Parts

_DEFAULTS = Path(__file__).parent / "defaults"


@cache
def _declared() -> Mapping[str, Mapping[str, Any]]:
    declared: dict[str, dict[str, Any]] = read_declared(_DEFAULTS / "kinds.yaml")
    return declared


KINDS = ("message", "alert", "report", "test", "bundle")
"""Kinds that there is a sample of. Others may have a template too."""


def default_parts(kind: str) -> Parts:
    """How messages of a kind read by default: only HTML is made for those that have none."""
    name = "bundle" if kind == "bundle" else "message"
    return Parts(html=_html(name))


def sample_of(kind: str, data: Mapping[str, Any] | None = None) -> Message:
    """A message of a kind to try a template with; with this `data` if some is given."""
    sample = _declared().get(kind, _declared()["message"])
    chosen = dict(data) if data else sample.get("data", {})
    told = {name: sample.get(name) for name in ("subject", "text", "url", "severity")}
    return Message(key="sample", kind=kind, data=chosen, **told)  # type: ignore[arg-type]  # As kinds.yaml has them.


@cache
def _html(name: str) -> str:
    return (_DEFAULTS / f"{name}.html").read_text()
