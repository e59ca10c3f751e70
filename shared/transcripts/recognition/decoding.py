"""Decoding: the sound of a media file as samples, at the times at which a player plays them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shared.media import Ffmpeg, Progress, RenderCancelled, RenderFailed, UnreadableMedia, probe, run_graph
from shared.transcripts.engines import RATE, NoSound, TranscriptionCancelled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.transcripts.engines.engine import Samples


@dataclass(frozen=True)
class Sound:
    """One channel at 16 kHz, on disk: an hour is 115 MB, of which only what is looked at is in memory.

    `duration` is the recording's, seconds: its picture may be longer than its sound. `channels`: how many the file has."""

    samples: "NDArray[np.int16]"
    duration: float
    channels: int | None = None

    @property
    def seconds(self) -> float:
        """Of the sound."""
        return len(self.samples) / RATE

    def cut(self, start: float, end: float) -> "Samples":
        """What sounds from `start` to `end`, seconds, between -1 and 1."""
        import numpy as np

        part = self.samples[max(0, round(start * RATE)) : round(end * RATE)]
        return np.asarray(part, dtype=np.float32) / np.float32(32768)


def decode(
    path: Path,
    folder: Path,
    *,
    channel: int | None = None,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
    ffmpeg: Ffmpeg | None = None,
) -> Sound:
    """The first sound of a file, all of its channels or one of them, from 0. What it is decoded to lies in `folder`, and must
    stay there as long as it is used.

    A sound that begins later than the picture has silence before it, a gap in it silence within. Raises `UnreadableMedia`,
    `NoSound` and `TranscriptionCancelled`."""
    import numpy as np

    info = probe(path, hashed=False)
    if info.audio is None:
        raise NoSound("The file has no sound, so there is nothing to transcribe.")
    raw = folder / "sound.s16"

    def told(progress: Progress) -> None:
        on_progress(progress.fraction)

    alone = f"pan=mono|c0=c{channel}," if channel is not None else ""
    in_time = f"{alone}aresample={RATE}:async=1:first_pts=0"
    read = ("-i", str(path), "-map", f"0:{info.audio.index}", "-af", in_time, "-ac", "1")
    try:
        run_graph(
            [*read, "-c:a", "pcm_s16le", "-f", "s16le", str(raw)],
            duration=info.exact_duration,
            output=raw,
            on_progress=told,
            should_cancel=should_cancel,
            ffmpeg=ffmpeg,
        )
    except RenderCancelled as error:
        raise TranscriptionCancelled("The transcription was cancelled.") from error
    except RenderFailed as error:
        if type(error) is RenderFailed:
            raise UnreadableMedia(f"The sound cannot be decoded: {error.detail}") from error
        raise
    size = raw.stat().st_size // 2
    samples = np.memmap(raw, dtype="<i2", mode="r", shape=(size,)) if size else np.zeros(0, dtype=np.int16)
    return Sound(samples, info.duration or size / RATE, info.audio.channels)
