"""Chunks: a transcript in parts that a language model can read at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.clips.material import Material

_BYTES_PER_TOKEN = 3.0
"""Of UTF-8, rather too few than too many: English has about 4, other scripts 2 to 4."""
_TOKENS_OF_A_LINE = 16
"""Its number, time and speaker."""


@dataclass(frozen=True)
class Chunk:
    """The units from `first` to `last`, the last not included. From `fresh` on they were in no chunk before: what is earlier is
    there so that a moment can lie across the border."""

    first: int
    last: int
    fresh: int


def tokens_of(text: str) -> int:
    """About how many tokens a model makes of a text."""
    return int(len(text.encode()) / _BYTES_PER_TOKEN) + 1


def chunks(material: Material, most_tokens: int, overlap: float) -> tuple[Chunk, ...]:
    """All units in chunks of at most `most_tokens`, a unit that has more being one by itself, parted where topics or long pauses
    are. `overlap`: seconds of the chunk before that are shown again."""
    costs = [tokens_of(unit.text) + _TOKENS_OF_A_LINE for unit in material.units]
    found: list[Chunk] = []
    fresh = 0
    while fresh < len(costs):
        first = _begin(material, costs, fresh, overlap, most_tokens // 4) if found else 0
        last, spent = fresh, sum(costs[first:fresh])
        while last < len(costs) and (last == fresh or spent + costs[last] <= most_tokens):
            spent += costs[last]
            last += 1
        if last < len(costs):
            last = _border(material, fresh, last)
        found.append(Chunk(first, last, fresh))
        fresh = last
    return tuple(found)


def _begin(material: Material, costs: Sequence[int], fresh: int, overlap: float, most_tokens: int) -> int:
    """The first unit of the overlap: so many seconds before `fresh`, for at most so many tokens."""
    gaps = material.edges.gaps
    from_second = gaps[material.units[fresh].first_gap].closes - overlap
    first = fresh
    while first > 0 and sum(costs[first - 1 : fresh]) <= most_tokens:
        if gaps[material.units[first - 1].first_gap].closes < from_second:
            break
        first -= 1
    return first


def _border(material: Material, fresh: int, last: int) -> int:
    """The best place to part in the second half of a chunk: where a topic begins, else before the longest pause."""
    half = range(max(fresh + 1, (fresh + last) // 2), last + 1)
    topics = {material.text.sentences[topic.first_sentence].start for topic in material.text.topics}
    gaps = [material.edges.gaps[unit.first_gap] for unit in material.units]
    return max(half, key=lambda unit: (gaps[unit].closes in topics, gaps[unit].length))
