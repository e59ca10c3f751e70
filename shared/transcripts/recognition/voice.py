"""Voice: where in a sound somebody speaks, by the Silero model that faster-whisper bundles.

The model says for every 32 ms how probable speech is; two thresholds, so that it does not flicker, make spans of that."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.transcripts.engines import RATE, TranscriptionCancelled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.transcripts.recognition.decoding import Sound

FRAME = 512 / RATE
"""Seconds of one value of the curve."""
SPEECH, SILENCE = 0.5, 0.35
"""Speech begins at the first probability, and ends below the second."""
PAUSE = 0.4
"""Seconds below `SILENCE` that end a span."""
SHORTEST = 0.1
"""Seconds of a span; what is shorter is a knock."""
MARGIN = PAUSE / 2
"""Seconds that are kept on both sides of a span, for breath and weak consonants: so many that spans stay apart."""
_WINDOW = 8192
"""Frames that are looked at in one go: four minutes."""
_LEAD = 64
"""Frames before those, by which the model comes to know the voice."""


@dataclass(frozen=True)
class Span:
    """From `start` to `end`, seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start


def speech_curve(
    sound: "Sound",
    *,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> "NDArray[np.float32]":
    """How probable speech is, 0 to 1, a value for every `FRAME` seconds. Raises `TranscriptionCancelled`."""
    import numpy as np
    from faster_whisper.vad import get_vad_model

    model, frames = get_vad_model(), -(-len(sound.samples) // 512)
    curve = np.zeros(frames, dtype=np.float32)
    for at in range(0, frames, _WINDOW):
        if should_cancel():
            raise TranscriptionCancelled("The transcription was cancelled.")
        lead, end = min(_LEAD, at), min(frames, at + _WINDOW)
        samples = sound.cut((at - lead) * FRAME, end * FRAME)
        padded = np.pad(samples, (0, (end - at + lead) * 512 - len(samples)))
        curve[at:end] = model(padded).reshape(-1)[lead:]
        on_progress(end / frames)
    return curve


def speech_spans(curve: "Sequence[float] | NDArray[np.float32]", seconds: float) -> list[Span]:
    """The spans with speech of a sound of so many seconds, in order, apart from each other, with their margins."""
    found = [span for span in _triggered(curve) if span.seconds >= SHORTEST]
    return [Span(max(0.0, each.start - MARGIN), min(seconds, each.end + MARGIN)) for each in found]


def _triggered(curve: "Sequence[float] | NDArray[np.float32]") -> Iterator[Span]:
    start: int | None = None
    quiet: int | None = None
    for number, probability in enumerate(curve):
        if probability >= SPEECH:
            start, quiet = (number if start is None else start), None
        elif start is not None and probability < SILENCE:
            quiet = number if quiet is None else quiet
            if (number + 1 - quiet) * FRAME >= PAUSE:
                yield Span(start * FRAME, quiet * FRAME)
                start, quiet = None, None
    if start is not None:
        yield Span(start * FRAME, (len(curve) if quiet is None else quiet) * FRAME)
