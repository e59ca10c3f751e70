"""Asking: what somebody asks for in a sentence of their own: how many clips, how long, of what."""

from collections.abc import Mapping
from typing import Any

from shared.clips.parts import without_parts
from shared.clips.sizes import sizes
from shared.core.errors import InvalidInput
from shared.prompts import LONGEST, MOST_CLIPS, SHORTEST, ClipRequest, as_request, fill, presets, typed_in


def asked(
    prompt: str | ClipRequest | None, count: int | None = None, durations: tuple[float, float] | None = None
) -> ClipRequest:
    """The request of a prompt. `count` and `durations` (seconds, from the least to the most) count for more than what the prompt
    says. Raises InvalidInput with pointers /count and /durations."""
    words = prompt.strip() if isinstance(prompt, str) else ""
    request = in_words(words, {}) if words and words not in presets() else as_request(prompt)
    changes: dict[str, object] = {}
    if count is not None:
        changes["clip_count"] = _checked_count(count)
    if durations is not None:
        changes["duration"] = _checked_durations(durations)
    return request.model_copy(update=changes)


def in_words(prompt: str, variables: Mapping[str, Any]) -> ClipRequest:
    """The request of somebody's own words; `variables` count for more than what these say of how many clips, and how long ones.

    Raises InvalidInput as `fill` does."""
    plain = typed_in(prompt)
    said = tuple(
        plain.all_variables[name].model_copy(update={"default": list(ends), "limits": None})
        for name, ends in sizes(without_parts(prompt)).items()
        if name not in variables
    )
    return fill(plain.model_copy(update={"variables": (*plain.variables, *said)}), variables)


def _checked_count(count: int) -> tuple[int, int]:
    if not 1 <= count <= MOST_CLIPS:
        raise InvalidInput(f"{count} clips cannot be asked for. Ask for 1 to {MOST_CLIPS}.", pointer="/count")
    return count, count


def _checked_durations(durations: tuple[float, float]) -> tuple[float, float]:
    least, most = durations
    if not SHORTEST <= least <= most <= LONGEST:
        fitting = f"Give the smaller number first, both {SHORTEST:g} to {LONGEST:g}"
        detail = f"Clips of {least:g} to {most:g} s cannot be asked for. {fitting}."
        raise InvalidInput(detail, pointer="/durations")
    return least, most
