"""Hearing: the sound of a recording as samples, few enough to keep an hour of it in memory."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from shared.media.probe import probe
from shared.media.progress import Progress
from shared.media.tapping import tap_graph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

RATE = 8000
"""Samples a second: all that is told apart in a voice, and an eighth of a millisecond each."""
_IN_TIME = "aresample=48000:async=1:first_pts=0"
"""Gaps between packets become silence, so that a sample's place tells its time."""


def hear(
    path: Path,
    *,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> "Samples":
    """The first stream of sound in a file, at `RATE` samples a second from -1 to 1, from the file's start; none if it is silent.

    Raises `UnreadableMedia` and as `tap_graph`."""
    import numpy as np

    info = probe(path)
    if info.audio is None:
        return np.zeros(0, np.float32)
    heard = bytearray()

    def told(progress: Progress) -> None:
        on_progress(progress.fraction)

    tap_graph(
        [
            *("-max_error_rate", "1", "-i", str(path.absolute()), "-map", f"0:{info.audio.index}"),
            *("-af", f"{_IN_TIME},aresample={RATE}", "-ac", "1", "-f", "s16le", "{samples}"),
        ],
        {"samples": heard.extend},
        duration=float(info.exact_duration),
        on_progress=told,
        should_cancel=should_cancel,
    )
    return np.frombuffer(bytes(heard), np.int16).astype(np.float32) / np.float32(32768)
