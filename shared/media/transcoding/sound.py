"""Encoding the sound: whole and once, for all renditions."""

from collections.abc import Callable
from pathlib import Path

from shared.media.containers import Container
from shared.media.ffmpeg import Ffmpeg
from shared.media.graph import command
from shared.media.graph.counting import samples_at
from shared.media.graph.encoding import container_options, sound_options
from shared.media.graph.inputs import Inputs
from shared.media.graph.sound import shot_sound
from shared.media.graph.streams import Stream
from shared.media.operations.run import FileCoding
from shared.media.runner import RunResult, run_graph
from shared.media.transcoding.graph import Frames
from shared.media.transcoding.plan import SoundPlan, TranscodePlan


def encode_sound(
    plan: TranscodePlan,
    source: Path,
    output: Path,
    *,
    on_progress: Callable[[float], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> RunResult:
    """Encode the film's sound into `output`, an MP4 (Opus: a WebM): as many samples as its frames last.

    What an encoder puts before the first sample is told, so that players leave it out. The plan has a sound. Raises what
    `run_graph` raises."""
    assert plan.sound is not None, "a plan without sound has none to encode"
    return run_graph(
        sound_command(plan, plan.sound, source, output),
        duration=plan.seconds,
        output=output,
        on_progress=on_progress and (lambda progress: on_progress(progress.fraction)),
        should_cancel=should_cancel,
        timeout=timeout,
        ffmpeg=ffmpeg,
        lasting=False,  # It is packaged, or put into a bucket.
    )


def sound_command(plan: TranscodePlan, sound: SoundPlan, source: Path, output: Path) -> list[str]:
    """FFmpeg's arguments."""
    import ffmpeg

    container: Container = "webm" if sound.codec == "opus" else "mp4"
    coding = FileCoding(container, (None, sound.codec), plan.frame_rate, audio_bitrate=sound.kbps)
    stream = film_sound(plan, source)
    return command([ffmpeg.output(stream, str(output), **container_options(coding), **sound_options(coding))])


def film_sound(plan: TranscodePlan, source: Path) -> Stream:
    """All samples of the film, 48 kHz stereo."""
    samples = samples_at(plan.frames, plan.frame_rate)
    frames = Frames(plan, source, range(plan.frames))
    stream = shot_sound(frames.shot, 0, samples, Inputs(plan.frame_rate))
    assert stream is not None, "the source has sound"
    return stream
