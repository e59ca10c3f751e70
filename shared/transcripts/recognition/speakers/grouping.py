"""Grouping: which parts of a recording are of one voice, and how many voices there are."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.transcripts.recognition.speakers.voices import Measures, Voices

    Labels = NDArray[np.int64]

MOST_SPEAKERS = 8
"""That are found out; more may be said."""
_MOST_COMPARED = 400
"""Parts that are compared with each other."""
_LEAST_PARTS = 2
"""Whoever has fewer is nobody of his own, unless it is said how many speak."""


def grouped(voices: "Voices", parts: "Measures", speakers: int | None) -> "Measures":
    """The measure of each speaker: of so many, or of as many as are different voices. Two voices that are nearest to each other
    become one, again and again."""
    import numpy as np

    most = min(len(parts), speakers or MOST_SPEAKERS)
    groups = parts[np.linspace(0, len(parts) - 1, min(len(parts), max(_MOST_COMPARED, most))).astype(int)]
    sizes = np.ones(len(groups), np.int64)
    far = np.stack([voices.apart(one, groups) for one in groups])
    np.fill_diagonal(far, np.inf)
    while len(groups) > (speakers or 1):
        one, other = sorted(divmod(int(np.argmin(far)), len(far)))
        if speakers is None and far[one, other] > 0 and len(groups) <= most:
            break
        groups[one] += groups[other]
        sizes[one] += sizes[other]
        groups, sizes = np.delete(groups, other, axis=0), np.delete(sizes, other)
        far = np.delete(np.delete(far, other, axis=0), other, axis=1)
        far[one] = voices.apart(groups[one], groups)
        far[:, one], far[one, one] = far[one], np.inf
    matter = sizes >= _LEAST_PARTS
    found: Measures = groups[matter] if speakers is None and matter.any() else groups
    return found


def in_turns(likeness: "Measures", change: float) -> "Labels":
    """Who speaks in each part, given how like each speaker it is (a row a part): the best way through, where changes cost."""
    import numpy as np

    parts, speakers = likeness.shape
    best, came = likeness[0].copy(), np.zeros((parts, speakers), np.int64)
    for part in range(1, parts):
        leader = int(np.argmax(best))
        came[part] = np.where(best >= best[leader] - change, np.arange(speakers), leader)
        best = np.maximum(best, best[leader] - change) + likeness[part]
    labels = np.zeros(parts, np.int64)
    labels[-1] = int(np.argmax(best))
    for part in range(parts - 1, 0, -1):
        labels[part - 1] = came[part, labels[part]]
    return labels
