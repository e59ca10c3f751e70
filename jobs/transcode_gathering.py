"""Gathering: the leader fetches what other tasks have made while all go on, so that little is left to fetch at the end."""

import contextlib
import logging
import threading
from collections.abc import Iterator

from jobs.transcode_overseer import EVERY, Overseer
from jobs.transcode_place import Workplace
from shared.core.threads import running
from shared.transcodes import ChunkState

log = logging.getLogger(__name__)


@contextlib.contextmanager
def gathering(place: Workplace, overseer: Overseer) -> Iterator[None]:
    """Fetch finished chunks, as the overseer sees them, inside."""
    stop = threading.Event()

    def gather() -> None:
        while not stop.wait(EVERY):
            try:
                for chunk in overseer.seen:
                    if chunk.state is ChunkState.DONE and not stop.is_set():
                        place.fetch_chunks([chunk])
            except Exception:  # Storage does not answer, or a chunk is made anew: it is fetched at the end.
                log.warning("a chunk could not be fetched ahead", exc_info=True)

    with running(threading.Thread(target=gather, name="gathering", daemon=True), stop):
        yield
