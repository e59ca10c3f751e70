"""Listening: the sound profile of a recording, from the samples that a film cut from it will have."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.core.errors import InvalidInput
from shared.media import MediaInfo, RenderCancelled, probe, run_graph
from shared.media.graph import Shot, SourceMedia, command
from shared.media.graph.counting import SAMPLE_RATE, nearest
from shared.paper_editing.sound_profile import ProfileBuilder, SoundProfile

WINDOW = 300 * SAMPLE_RATE
"""Samples that are read at a time: 58 MB."""


class NoSound(InvalidInput):
    """The file has no sound: there is nothing to edit by words."""


def listen(
    path: Path,
    info: MediaInfo | None = None,
    *,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> SoundProfile:
    """The profile of a file's sound, both sides mixed. `info` is what `probe` says of it; `on_progress` gets 0 to 1.

    Raises `NoSound`, `RenderCancelled` when `should_cancel` says so, and what `probe` and `run_graph` raise."""
    known = info or probe(path)
    if known.audio is None:
        raise NoSound(f"{path.name} has no sound. Choose a recording in which somebody speaks.")
    media = SourceMedia(path, known)
    total = nearest(known.exact_duration * SAMPLE_RATE)
    builder = ProfileBuilder()
    with TemporaryDirectory(prefix="kompo-listen-") as folder:
        raw = Path(folder) / "window.f32"
        for begin in range(0, total, WINDOW):
            if should_cancel():
                raise RenderCancelled("Listening was cancelled.")
            end = min(begin + WINDOW, total)
            _read(media, begin, end, raw, should_cancel)
            builder.add(raw.read_bytes())
            on_progress(end / total)
    return builder.build()


def _read(media: SourceMedia, begin: int, end: int, path: Path, should_cancel: Callable[[], bool]) -> None:
    """Samples `begin` up to `end` of the file as the compiler of kompositions reads them, mixed to one channel."""
    import ffmpeg

    from shared.media.graph.inputs import Inputs
    from shared.media.graph.sound import shot_sound

    shot = Shot("sound", media, Fraction(0), media.info.exact_duration, Fraction(1), frames=1)
    stream = shot_sound(shot, begin, end, Inputs(Fraction(30), threads=1))
    assert stream is not None, "files without sound are refused"
    mono = stream.filter("pan", args="mono|c0=0.5*c0+0.5*c1")
    arguments = command([ffmpeg.output(mono, str(path), format="f32le", acodec="pcm_f32le")])
    run_graph(arguments, duration=Fraction(end - begin, SAMPLE_RATE), output=path, should_cancel=should_cancel)
