"""Openings: whether a sentence would hold somebody who hears it first."""

import re
from typing import TYPE_CHECKING

from shared.clips.ranking.speech import Speech

if TYPE_CHECKING:
    import numpy as np

_DANGLING = re.compile(
    r"^\W*(?:and|but|so|or|because|which|then|also|plus|anyway|it|it's|that|that's|this|these|those|they|he|she|him|her|them|"
    r"um|uh|erm|hmm|like|yeah|yes|no|okay|ok|right|well)\b",
    re.IGNORECASE,
)
_SHORT = 14
"""Words of a sentence that is quickly said."""


def is_dangling(text: str) -> bool:
    """Whether it leans on what was said before it: "And that's why …"."""
    return _DANGLING.match(text) is not None


def hooks(speech: Speech) -> "np.ndarray":
    """How well every unit would open a clip, 0 to 1."""
    import numpy as np

    units = speech.material.units
    first = np.array([unit.first_word for unit in units], dtype=np.intp)
    last = np.array([unit.last_word for unit in units], dtype=np.intp)
    counts = np.maximum(last - first, 1)
    strength = (
        0.25 * np.minimum(speech.asking.between(first, last), 1.0)
        + 0.15 * np.minimum(speech.figures.between(first, last), 1.0)
        + 0.20 * np.minimum(speech.addressing.between(first, last), 1.0)
        + 0.20 * np.minimum(speech.cues("surprise").between(first, last), 1.0)
        + 0.15 * np.minimum(speech.cues("feeling").between(first, last), 1.0)
        + 0.10 * np.minimum(speech.cues("story").between(first, last), 1.0)
        + 0.20 * np.minimum(speech.weight.between(first, last) / counts, 1.0)
        + 0.10 * (counts <= _SHORT)
        - 0.30 * np.array([is_dangling(unit.text) for unit in units])
    )
    return np.asarray(np.clip(strength, 0.0, 1.0))
