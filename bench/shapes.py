"""Five shapes of film, each as a komposition and as the FFmpeg command that an expert would write by hand for it.

All are 1280x720 at 30 frames a second with the same encoder settings; both make the same number of frames."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.footage import Footage

_FIT = "scale=1280:720,setsar=1,format=yuv420p"
_FIT_SMALL = "scale=1280:720:in_color_matrix=bt601:out_color_matrix=bt709,setsar=1,format=yuv420p"
"""Of footage with fewer lines than 720, which is BT.601 where it does not say otherwise: the film is to have its colours."""
_CONTAIN = "scale=-2:720,setsar=1,pad=1280:720:-1:-1,format=yuv420p"
_HEAR = "aresample=48000,aformat=channel_layouts=stereo"
_LIMIT = "alimiter=0.9:level=0"


@dataclass(frozen=True)
class Shape:
    """A film: its frames, its document, and the arguments by hand between FFmpeg's name and the encoder's options."""

    name: str
    frames: int
    komposition: dict[str, Any]
    by_hand: list[str]


def shapes(footage: Footage) -> list[Shape]:
    """All of them. The sources of the documents are named after the footage."""
    return [make(footage) for make in _SHAPES]


def files(footage: Footage) -> dict[str, Path]:
    """The footage by the ids of the sources."""
    return {name: getattr(footage, name) for name in ("dusk", "embers", "cells", "face", "music")}


def _seconds(value: float) -> dict[str, float]:
    return {"seconds": value}


def _segment(name: str, source: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    return {"id": name, "sourceId": source, "start": _seconds(start), "end": _seconds(end), **more}


def _document(segments: list[dict[str, Any]], video: dict[str, Any] | None = None, **tracks: Any) -> dict[str, Any]:
    kinds = {"dusk": "video", "embers": "video", "cells": "video", "face": "image", "music": "audio"}
    return {
        "schemaVersion": "2.0",
        "sources": [{"id": name, "kind": kind} for name, kind in kinds.items()],
        "tracks": {"video": [{"segments": segments, **(video or {})}], **tracks},
        "outputs": [{"width": 1280, "height": 720, "fps": 30}],
    }


def _inputs(*inputs: tuple[Path, float, float]) -> list[str]:
    """Files with the seconds to begin at and to read."""
    return [word for path, start, length in inputs for word in ("-ss", f"{start}", "-t", f"{length}", "-i", str(path))]


def _cut(footage: Footage) -> Shape:
    pieces = ((1.0, 2.0), (3.0, 3.0), (0.0, 4.0), (2.0, 3.0))
    segments, begin = [], 0.0
    for number, (start, length) in enumerate(pieces):
        segments.append(_segment(f"s{number}", "dusk", begin, begin + length, sourceStart=_seconds(start)))
        begin += length
    shown = ";".join(f"[{n}:v]fps=30,{_FIT}[v{n}];[{n}:a]{_HEAR}[a{n}]" for n in range(4))
    joined = "".join(f"[v{n}][a{n}]" for n in range(4)) + f"concat=n=4:a=1[film][heard];[heard]{_LIMIT}[sound]"
    inputs = _inputs(*((footage.dusk, start, length) for start, length in pieces))
    return Shape("cut", 360, _document(segments), [*inputs, "-filter_complex", f"{shown};{joined}"])


def _crossfades(footage: Footage) -> Shape:
    crossed = [
        {"type": "crossfade", "fromSegment": one, "toSegment": other, "duration": _seconds(1)}
        for one, other in (("a", "b"), ("b", "c"))
    ]
    segments = [_segment("a", "dusk", 0, 5), _segment("b", "cells", 4, 9), _segment("c", "embers", 8, 14)]
    graph = (
        f"[0:v]fps=30,{_FIT},settb=1/30[a];[1:v]{_FIT_SMALL},fps=30,settb=1/30[b];[2:v]{_CONTAIN},fps=30,settb=1/30[c];"
        "[a][b]xfade=fade:1:4[ab];[ab][c]xfade=fade:1:8[film];"
        f"[0:a]{_HEAR}[x];[1:a]{_HEAR}[y];[x][y]acrossfade=d=1[xy];[xy]afade=t=out:st=8:d=1,apad=whole_dur=14,{_LIMIT}[sound]"
    )
    inputs = _inputs((footage.dusk, 0, 5), (footage.cells, 0, 5), (footage.embers, 0, 6))
    document = _document(segments, {"transitions": crossed})
    return Shape("crossfades", 420, document, [*inputs, "-filter_complex", graph])


def _overlays(footage: Footage) -> Shape:
    logo = {"id": "logo", "kind": "image", "sourceId": "face", "x": 0.98, "y": 0.96, "anchor": "bottom_right"}
    title = {"id": "title", "kind": "text", "text": "A landscape at dusk", "y": 0.1, "end": _seconds(4)}
    overlay = [{"items": [{**logo, "width": 0.15, "opacity": 0.8}, title]}]
    graph = (
        f"[0:v]fps=30,{_FIT}[dusk];[1:v]scale=192:-2,format=yuva420p,colorchannelmixer=aa=0.8[logo];"
        "[dusk][logo]overlay=W*0.98-w:H*0.96-h[seen];"
        "[seen]drawtext=text='A landscape at dusk':fontsize=43:fontcolor=white:borderw=2"
        ":x=(w-tw)/2:y=72-th/2:enable='lt(t,4)'[film];"
        f"[0:a]{_HEAR},{_LIMIT}[sound]"
    )
    inputs = [*_inputs((footage.dusk, 0, 7)), "-i", str(footage.face)]
    return Shape(
        "overlays", 210, _document([_segment("a", "dusk", 0, 7)], overlay=overlay), [*inputs, "-filter_complex", graph]
    )


def _ducking(footage: Footage) -> Shape:
    track = {"id": "music", "clips": [{"id": "m", "sourceId": "music", "end": _seconds(7)}], "ducking": {}}
    graph = (
        f"[0:v]fps=30,{_FIT}[film];[0:a]{_HEAR},asplit[voice][key];[1:a]{_HEAR}[tune];"
        "[tune][key]sidechaincompress=threshold=0.03:ratio=8:attack=20:release=400[low];"
        f"[voice][low]amix=inputs=2:normalize=0,{_LIMIT}[sound]"
    )
    inputs = _inputs((footage.dusk, 0, 7), (footage.music, 0, 7))
    document = _document([_segment("a", "dusk", 0, 7)], audio=[track])
    return Shape("ducking", 210, document, [*inputs, "-filter_complex", graph])


def _stretch(footage: Footage) -> Shape:
    segments = [
        _segment("a", "dusk", 0, 6, sourceDuration=_seconds(3)),
        _segment("b", "cells", 6, 9, sourceDuration=_seconds(6)),
    ]
    graph = (
        f"[0:v]setpts=2*PTS,{_FIT},fps=30,trim=end_frame=180[a];[1:v]setpts=0.5*PTS,fps=30,{_FIT_SMALL},trim=end_frame=90[b];"
        f"[0:a]{_HEAR},atempo=0.5[x];[1:a]{_HEAR},atempo=2[y];"
        f"[a][x][b][y]concat=n=2:a=1[film][heard];[heard]{_LIMIT}[sound]"
    )
    inputs = _inputs((footage.dusk, 0, 3), (footage.cells, 0, 6))
    return Shape("stretch", 270, _document(segments), [*inputs, "-filter_complex", graph])


_SHAPES: tuple[Callable[[Footage], Shape], ...] = (_cut, _crossfades, _overlays, _ducking, _stretch)
