"""whisper.cpp's JSON in the usual shape: milliseconds to seconds, tokens to words."""

from typing import Any


def from_whisper_cpp(document: dict[str, Any]) -> dict[str, Any]:
    """The same in the usual shape. What is not as expected is left for its reader to refuse."""
    told = document["transcription"]
    result = document.get("result")
    return {
        "language": result.get("language") if isinstance(result, dict) else None,
        "segments": [_segment(each) for each in told] if isinstance(told, list) else told,
    }


def _segment(told: Any) -> Any:
    if not isinstance(told, dict):
        return told
    tokens = told.get("tokens")
    words = _words(tokens) if isinstance(tokens, list) else []
    return {**_times(told), "text": told.get("text"), "words": words}


def _words(tokens: list[Any]) -> list[dict[str, Any]]:
    """A token that begins with a space begins a word. Those in brackets are whisper's own marks."""
    words: list[dict[str, Any]] = []
    for token in tokens:
        text = token.get("text") if isinstance(token, dict) else None
        if not isinstance(text, str) or (text.startswith("[_") and text.endswith("]")):
            continue
        times = _times(token)
        if words and not text.startswith(" "):
            words[-1] = {**words[-1], "word": words[-1]["word"] + text, "end": times["end"]}
        else:
            words.append({**times, "word": text, "probability": token.get("p")})
    return words


def _times(told: dict[str, Any]) -> dict[str, float | None]:
    offsets = told.get("offsets")
    start, end = (offsets.get(name) if isinstance(offsets, dict) else None for name in ("from", "to"))
    return {"start": _seconds(start), "end": _seconds(end)}


def _seconds(milliseconds: Any) -> float | None:
    return milliseconds / 1000 if isinstance(milliseconds, int | float) else None
