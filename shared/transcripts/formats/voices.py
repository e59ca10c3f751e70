"""Voices: who speaks, where a file says so in the text: `Ada Lovelace: …` (Zoom), `[SPEAKER_00]: …` (WhisperX)."""

import re
from collections.abc import Sequence

_NAME = re.compile(r"([^\s:：\[\]<>,;!?\d\"“][^:：\[\]<>;!?\n\"“]{0,78}?)\s*[:：]\s+(?=\S)", re.UNICODE)
_BRACKETED = re.compile(r"\s*\[([^\[\]:\n]{1,80})\]:\s*(?=\S)")
_SHORT = re.compile(r"\b(?:[^\W\d_]|Dr|Prof|Mrs?|Ms|St|Rev|Fr|Sgt|Lt|Gen|Jr|Sr)\.")
"""What a name has a full stop for: `Dr. J. R. Meyer` is one, `Wait. Ann` is none."""
_MOST_WORDS = 6
"""Of a name."""


def named(text: str) -> tuple[str | None, str]:
    """The name that `text` begins with as Zoom writes it, and the rest. None: none is told."""
    found = _NAME.match(text.lstrip())
    if found is None or len(found[1].split()) > _MOST_WORDS or "." in _SHORT.sub("", found[1]).rstrip("."):
        return None, text
    return found[1].strip(), text.lstrip()[found.end() :]


def bracketed(text: str) -> tuple[str | None, str]:
    """The name that `text` begins with as WhisperX writes it, and the rest."""
    found = _BRACKETED.match(text)
    return (found[1].strip(), text[found.end() :]) if found else (None, text)


def are_named(texts: Sequence[str], least: int = 1) -> bool:
    """Whether most begin with a name, and at least so many."""
    count = sum(named(text)[0] is not None for text in texts)
    return count >= least and count * 2 > len(texts)
