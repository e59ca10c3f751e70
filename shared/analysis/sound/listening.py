"""`listen_to`: loudness, energy, pitch, silences and reactions of a recording, from one decode of its sound."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared.analysis.curve import Curve
from shared.analysis.media_analysis import Reaction
from shared.analysis.part import Span
from shared.analysis.sound.curves import energy_curve, find_silences, pitch_curve, silence_threshold
from shared.analysis.sound.loudness import FILTER, LoudnessReader
from shared.analysis.sound.measures import RATE, Meter
from shared.analysis.sound.reactions import find_reactions
from shared.media import StreamInfo, tap_graph

_IN_TIME = "aresample=48000:async=1:first_pts=0"
"""Gaps between packets become silence, so that a sample's place tells its time."""


@dataclass(frozen=True)
class Heard:
    """What is heard in a recording."""

    silences: tuple[Span, ...]
    loudness: Curve
    energy: Curve
    pitch: Curve
    reactions: tuple[Reaction, ...]


def listen_to(
    path: Path,
    stream: StreamInfo,
    duration: float,
    *,
    on_progress: Callable[[float], None],
    should_cancel: Callable[[], bool],
) -> Heard:
    """What is heard in a stream of sound of a file. Raises as `tap_graph`."""
    meter, loudness = Meter(), LoudnessReader()
    graph = (
        f"[0:{stream.index}]{_IN_TIME},asplit=2[whole][rough];[whole]{FILTER}[measured];"
        f"[rough]aresample={RATE},aformat=sample_fmts=s16:channel_layouts=mono[mono]"
    )
    tap_graph(
        [
            *("-max_error_rate", "1", "-i", str(path.absolute()), "-filter_complex", graph),
            *("-map", "[mono]", "-f", "s16le", "{samples}", "-map", "[measured]", "-f", "null", "-"),
        ],
        {"samples": meter.read, "loudness": loudness.read},
        duration=duration,
        on_progress=lambda progress: on_progress(progress.fraction),
        should_cancel=should_cancel,
    )
    measures = meter.measures()
    threshold = silence_threshold(measures)
    return Heard(
        silences=find_silences(measures, threshold),
        loudness=loudness.curve(duration),
        energy=energy_curve(measures),
        pitch=pitch_curve(measures, threshold),
        reactions=find_reactions(measures),
    )
