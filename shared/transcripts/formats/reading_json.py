"""Reading JSON: errors that say where."""

import json
from typing import Any

from pydantic import ValidationError

from shared.transcripts.formats.errors import MalformedTranscript


def parse_json(text: str) -> Any:
    """The document; NaN and infinities, which some engines write, are null. Raises MalformedTranscript, naming the line."""
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise MalformedTranscript(f"This is not JSON: {error.msg}.", "malformed-json", line=error.lineno) from error
    except RecursionError as error:
        raise MalformedTranscript("It is nested too deeply.", "malformed-json") from error


def place_of(error: ValidationError) -> tuple[str, str]:
    """The first thing that is wrong: a JSON pointer, and what it is."""
    first = error.errors(include_url=False)[0]
    told = str(first["msg"]).removeprefix("Value error, ")
    return "/" + "/".join(str(step) for step in first["loc"]), f"{told}."
