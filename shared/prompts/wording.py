"""Wording: the text of a prompt, with `{name}` where the value of a variable goes. `{{` and `}}` are braces."""

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"\{\{|\}\}|\{([A-Za-z][A-Za-z0-9_]*)\}")


def placeholders(template: str) -> tuple[str, ...]:
    """The names of the variables whose values the text takes, in order of where they come first."""
    return tuple(dict.fromkeys(name for name in _TOKEN.findall(template) if name))


def worded(template: str, values: Mapping[str, str]) -> str:
    """The text with the values in it. What a value holds is not looked at again: braces in it stay as they are."""

    def written(match: re.Match[str]) -> str:
        name: str | None = match[1]
        return values[name] if name is not None else match[0][0]

    return _TOKEN.sub(written, template).strip()
