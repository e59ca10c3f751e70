"""Values as people read them, in explanations and errors."""

from .moments import iso
from .values import Lazy, MapDiff, RuleSet, Timestamp, Value


def show(value: Value, width: int = 60) -> str:
    """A value as people read it, cut at `width` characters."""
    text = _shown(value)
    return text if len(text) <= width else text[: width - 1] + "…"


def _shown(value: Value) -> str:
    match value:
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case Lazy():
            return _shown(value.value())
        case list():
            return "[" + ", ".join(map(_shown, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{key}: {_shown(entry)}" for key, entry in value.items()) + "}"
        case RuleSet():
            return "set(" + ", ".join(map(_shown, value.items)) + ")"
        case MapDiff():
            return f"diff({_shown(value.before)}, {_shown(value.after)})"
        case str():
            return f'"{value}"'
        case Timestamp():
            return iso(value)
    return str(value)
