"""Which rankers there are."""

from collections.abc import Callable, Mapping

from shared.clips.ranking.embedded import EmbeddedRanker
from shared.clips.ranking.errors import UnknownRanker
from shared.clips.ranking.ranker import Ranker

RANKERS: Mapping[str, Callable[[], Ranker]] = {"embedded": EmbeddedRanker}


def get_ranker(name: str | None = None) -> Ranker:
    """The ranker of that name; unnamed, the embedded one. Raises UnknownRanker."""
    found = RANKERS.get(name or "embedded")
    if found is None:
        raise UnknownRanker(f"There is no ranker {name}. Choose one of {', '.join(RANKERS)}.")
    return found()
