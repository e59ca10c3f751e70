"""Mixdown: the sound of a film with more files than one run of FFmpeg may open, window after window, losslessly.

Windows begin where frames do, and are cut at the samples of those frames; what mixes ahead of a window's start is the compiler's
care. The whole is encoded once, from the windows, so that no coder is started in the middle of the film."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from shared.kompositions.compiler import MediaGraph
from shared.kompositions.passes.division import Part
from shared.kompositions.passes.film import Film, count_inputs
from shared.media.graph import Loudness, command


def sound_windows(film: Film, parts: Sequence[Part], most: int) -> list[range]:
    """The windows to mix one by one: one of all, unless that would open more than `most` files."""
    whole = range(film.timeline.start_frame, film.timeline.end_frame)
    if count_inputs(film.arguments(film.blind(film.whole))) <= most:
        return [whole]
    return list(_grouped(parts, most))


def mix_down(
    film: Film,
    windows: Sequence[range],
    loudness: Loudness | None,
    run: Callable[[list[str], Path, MediaGraph], object],
) -> MediaGraph:
    """A graph that makes the finished sound of the whole film, and nothing else.

    Several windows are mixed first, by `run` (arguments, the file that they make, its graph), and the graph reads those files."""
    import ffmpeg

    if len(windows) == 1:
        return film.blind(film.graph(loudness=loudness))
    streams = []
    for window in windows:
        graph = film.blind(film.graph(window, loudness))
        path = film.folder / f"mix-{window.start}-{'measured' if loudness else 'plain'}.w64"
        run(command([ffmpeg.output(graph.sound, str(path), format="w64", acodec="pcm_f32le")]), path, graph)
        streams.append(ffmpeg.input(str(path))["a"])
    return replace(film.blind(film.whole), sound=ffmpeg.concat(*streams, v=0, a=1), loudness=loudness)


def _grouped(parts: Sequence[Part], most: int) -> Iterator[range]:
    start, inputs = parts[0].frames.start, 0
    for part in parts:
        if inputs and inputs + part.inputs > most:
            yield range(start, part.frames.start)
            start, inputs = part.frames.start, 0
        inputs += part.inputs
    yield range(start, parts[-1].frames.stop)
