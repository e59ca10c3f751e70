"""Features: what of a run is looked at besides the size of its source, and what they are called."""

import json
import math
from collections.abc import Mapping
from typing import Any

CATEGORIES = ("output_format", "preset", "codec")
"""What has one of a few values."""
NUMBERS = ("crf", "pixels", "duration")
"""What is measured: the logarithm of pixels and of a duration in seconds, crf as it is."""
_CODECS = ("video_codec", "codec")


def read_parameters(text: str | None) -> dict[str, Any]:
    """The column `parameters` of an event; empty if it is not an object."""
    try:
        parameters = json.loads(text or "{}")
    except ValueError:
        return {}
    return parameters if isinstance(parameters, dict) else {}


def categories_of(output_format: str | None, parameters: Mapping[str, Any]) -> dict[str, str]:
    """The values of the categories that this run has."""
    codec = next((parameters[name] for name in _CODECS if isinstance(parameters.get(name), str)), None)
    found = {"output_format": output_format, "preset": parameters.get("preset"), "codec": codec}
    return {name: value for name, value in found.items() if isinstance(value, str) and value}


def numbers_of(parameters: Mapping[str, Any]) -> dict[str, float]:
    """The numbers that this run has."""
    width, height = _number(parameters, "width"), _number(parameters, "height")
    duration = _number(parameters, "duration")
    found = {
        "crf": _number(parameters, "crf"),
        "pixels": math.log(width * height) if width and height and width * height > 0 else None,
        "duration": math.log(duration) if duration and duration > 0 else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _number(parameters: Mapping[str, Any], name: str) -> float | None:
    value = parameters.get(name)
    fine = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if fine else None  # type: ignore[arg-type]
