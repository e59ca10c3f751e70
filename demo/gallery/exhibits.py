"""What hangs in the gallery: for everything that can be seen, a komposition of two seconds and the moments to look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from shared.kompositions.model import Komposition
from shared.kompositions.model.captions import CaptionStyle
from shared.kompositions.model.video import Scale, TransitionType
from shared.media.effects import EffectDescription, describe_effects

RATE = 20
SIZE = (320, 180)
SOURCES = {"dusk": "video", "cells": "video", "embers": "video", "face": "image"}
_FILM = 2 * RATE
_MOMENTS = (4, 12, 20, 28, 36)

_ON_DUSK = {"fade", "geometry", "motion"}
"""Families whose effects are seen best in a landscape that moves; the others are in a portrait."""
_EFFECTS: Mapping[str, dict[str, Any]] = {
    "color_balance": {"shadows": [-0.3, 0, 0.3], "highlights": [0.3, 0.1, -0.3]},
    "curves": {"master": [[0, 0], [0.25, 0.1], [0.75, 0.9], [1, 1]]},
    "exposure": {"stops": 1},
    "face_blur": {"regions": [{"keyframes": [{"x": 0.33, "y": 0.2, "width": 0.22, "height": 0.5}]}], "strength": 0.6},
    "fade_in": {"duration": 1.5},
    "fade_out": {"duration": 1.5},
    "ffmpeg_filter": {"filter": "monochrome=cb=0.3:cr=-0.2,unsharp=5:5:1.5"},
    "film_grain": {"strength": 0.8},
    "gaussian_blur": {"sigma": 24},
    "hue": {"degrees": 90},
    "ken_burns": {"fromRegion": {"x": 0, "y": 0.3, "width": 0.5, "height": 0.5}, "toRegion": {"x": 0.3, "width": 0.7}},
    "mirror": {"side": "right"},
    "pixelate": {"size": 60},
    "rotate": {"degrees": 12},
    "shake": {"amount": 0.05},
    "temperature": {"kelvin": 4000},
    "chromatic_aberration": {"shift": 18},
    "sharpen": {"amount": 2},
    "zoom": {"toFactor": 2},
}
"""Parameters that show an effect better in a small picture than its defaults, or that it cannot do without."""

_LAYOUTS: Mapping[str, dict[str, Any]] = {
    "full": {"kind": "full"},
    "split": {"kind": "split"},
    "split, vertical": {"kind": "split", "direction": "vertical", "ratio": 0.6},
    "pip": {"kind": "pip"},
    "pip, top_left": {"kind": "pip", "corner": "top_left", "size": 0.4},
    "grid": {"kind": "grid", "gap": 0.02},
}
_WORDS = ("Every", "word", "appears", "when", "it", "is", "said")
_OVERLAYS: Mapping[str, dict[str, Any]] = {
    "text": {"kind": "text", "text": "Kompo", "size": 0.25, "bold": True},
    "text on a box": {
        "kind": "text",
        "text": "Lower third",
        "size": 0.12,
        "background": "#20304a",
        "x": 0.3,
        "y": 0.85,
    },
    "text that moves": {
        "kind": "text",
        "text": "Credits",
        "size": 0.2,
        "y": [{"at": {"seconds": 0}, "value": 1.1}, {"at": {"seconds": 2}, "value": -0.1}],
    },
    "image that turns": {
        "kind": "image",
        "sourceId": "face",
        "width": 0.3,
        "rotation": [{"at": {"seconds": 0}, "value": 0}, {"at": {"seconds": 2}, "value": 180}],
    },
    "image that fades": {
        "kind": "image",
        "sourceId": "face",
        "width": 0.3,
        "fadeIn": {"seconds": 1},
        "fadeOut": {"seconds": 1},
    },
}


@dataclass(frozen=True)
class Exhibit:
    """A row of the gallery: its section and name, its komposition, and the frames that are shown of it."""

    section: str
    name: str
    komposition: Komposition
    frames: tuple[int, ...] = _MOMENTS

    @property
    def file(self) -> str:
        """The name of its picture."""
        words = "".join(letter if letter.isalnum() else " " for letter in self.name.lower()).split()
        return f"{self.section.lower()}-{'-'.join(words)}.png"


def all_exhibits() -> Iterator[Exhibit]:
    """Everything there is to see, section by section."""
    for name in get_args(TransitionType):
        yield _transition(name)
    for effect in describe_effects():
        if "picture" in effect.media:
            yield _effect(effect)
    for name, layout in _LAYOUTS.items():
        yield _layout(name, layout)
    for scale in get_args(Scale):
        yield Exhibit("Scales", scale, _komposition([_track("only", _segment("one", "embers", 0, _FILM, scale=scale))]))
    for style in get_args(CaptionStyle):
        yield _captions(style)
    for name, overlay in _OVERLAYS.items():
        yield _overlay(name, overlay)


def _transition(name: str) -> Exhibit:
    segments = [_segment("one", "dusk", 0, _FILM), _segment("two", "face", _FILM // 2, _FILM + _FILM // 2)]
    join = {"type": name, "fromSegment": "one", "toSegment": "two", "duration": {"frames": _FILM // 2}}
    moments = tuple(_FILM // 2 + _FILM // 20 * step for step in (1, 3, 5, 7, 9))
    return Exhibit("Transitions", name, _komposition([{**_track("only", *segments), "transitions": [join]}]), moments)


def _effect(effect: EffectDescription) -> Exhibit:
    """The first frame is without the effect. What does not move is seen in three frames, and so in more colours."""
    moves = effect.family in _ON_DUSK
    source, frames = ("dusk", (0, 1, 14, 27, _FILM)) if moves else ("face", (0, 14, _FILM))
    applied = {"type": effect.name, "params": _EFFECTS.get(effect.name, {})}
    segments = [_segment("before", source, 0, 1), _segment("after", source, 1, _FILM + 1, effects=[applied])]
    return Exhibit("Effects", effect.name, _komposition([_track("only", *segments)]), frames)


def _layout(name: str, layout: dict[str, Any]) -> Exhibit:
    sources = ("dusk", "cells", "face", "embers") if layout["kind"] == "grid" else ("dusk", "face")
    tracks = [_track(source, _segment(f"{source}-1", source, 0, _FILM)) for source in sources]
    return Exhibit("Layouts", name, _komposition(tracks, layouts=[{**layout, "tracks": list(sources)}]))


def _captions(style: CaptionStyle) -> Exhibit:
    """Styles differ in how words come and in which one is lit: three frames of the beginning, then two words further on."""
    step = 1.8 / len(_WORDS)
    words = [{"word": word, "start": n * step, "end": (n + 1) * step} for n, word in enumerate(_WORDS)]
    transcript = {"segments": [{"start": 0, "end": 2, "text": " ".join(_WORDS), "words": words}]}
    captions = [{"transcript": transcript, "style": style, "size": 0.14, "maxWords": 4}]
    return Exhibit("Captions", style, _komposition([_dusk()], {"caption": captions}), (0, 1, 2, 6, 12))


def _overlay(name: str, overlay: dict[str, Any]) -> Exhibit:
    return Exhibit("Overlays", name, _komposition([_dusk()], {"overlay": [{"items": [{"id": "it", **overlay}]}]}))


def _dusk() -> dict[str, Any]:
    return _track("only", _segment("one", "dusk", 0, _FILM))


def _track(name: str, *segments: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "segments": list(segments)}


def _segment(name: str, source: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    """A segment between two frames. What has another shape than the frame fills it."""
    times = {"start": {"frames": start}, "end": {"frames": end}}
    return {"id": name, "sourceId": source, **times, "scale": "cover", **more}


def _komposition(
    video: list[dict[str, Any]],
    above: dict[str, Any] | None = None,
    layouts: list[dict[str, Any]] | None = None,
) -> Komposition:
    sources = [{"id": name, "kind": kind, "assetId": name} for name, kind in SOURCES.items()]
    output = {"width": SIZE[0], "height": SIZE[1], "fps": RATE}
    tracks = {"video": video, **(above or {})}
    document = {"sources": sources, "tracks": tracks, "layouts": layouts or [], "outputs": [output]}
    return Komposition.model_validate(document)
