"""Kompositions to export, and what must survive: which frames of the film show which moment of which file."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from shared.kompositions import Komposition, parse_komposition, plan_timeline
from shared.kompositions.interchange.laying import lay_out

Document = dict[str, Any]
RATES = [23.976, 24, 25, 29.97, 30, 50, 59.94, 60]


@dataclass(frozen=True)
class Shown:
    """A slot as a viewer would tell it."""

    source: str
    start: int
    end: int
    source_in: Fraction
    speed: Fraction
    reverse: bool
    transition: tuple[str, int] | None


def shown(komposition: Komposition, track: int = 0) -> list[Shown]:
    """The slots of a video track, and the moments of files that they show."""
    lane = lay_out(komposition, {}).video[track]
    urls = {source.id: source.url for source in komposition.sources}
    return [
        Shown(
            str(urls[edit.source]),
            edit.start,
            edit.end,
            edit.source_in,
            edit.speed,
            edit.reverse,
            (edit.crossing.kind, edit.crossing.frames) if edit.crossing else None,
        )
        for edit in lane.edits
    ]


def sources() -> list[Document]:
    kinds = {"beach": ("video", "beach.mp4"), "city": ("video", "city.mov"), "logo": ("image", "logo.png")}
    named = [{"id": name, "assetId": f"asset-{name}", "kind": kind, "url": url} for name, (kind, url) in kinds.items()]
    return [*named, {"id": "song", "assetId": "asset-song", "kind": "audio", "url": "song.wav"}]


def film(*segments: Document, transitions: tuple[Document, ...] = (), fps: float = 25, **more: Any) -> Komposition:
    """One video track at 60 bpm: a beat is a second."""
    track = {"id": "video", "segments": list(segments), "transitions": list(transitions)}
    output = {"width": 320, "height": 180, "fps": fps}
    tracks = {"video": [track], **more.pop("tracks", {})}
    return parse_komposition(
        {"title": "Day", "bpm": 60, "sources": sources(), "tracks": tracks, "outputs": [output], **more}
    )


def segment(name: str, source: str, start: float, end: float, **more: Any) -> Document:
    return {"id": name, "sourceId": source, "start": {"beats": start}, "end": {"beats": end}, **more}


def crossing(first: str, second: str, kind: str = "crossfade", duration: float = 1) -> Document:
    return {"type": kind, "fromSegment": first, "toSegment": second, "duration": {"beats": duration}}


@st.composite
def films(draw: st.DrawFn, kinds: tuple[str, ...], speeds: bool = True, whole: bool = False) -> Komposition:
    """Slots that meet, leave gaps, or cross, at any rate; pieces of files at any moment, slower, faster, backwards, held."""
    rate = draw(st.sampled_from(RATES))
    segments: list[Document] = []
    transitions: list[Document] = []
    at = draw(st.integers(0, 3)) * 10
    for index in range(draw(st.integers(1, 6))):
        gap = draw(st.integers(0, 2)) * 7
        length = draw(st.integers(24, 90))
        crossed = index > 0 and not gap and draw(st.booleans())
        start = at + gap - (draw(st.integers(1, 10)) if crossed else 0)
        name, source = f"shot {index}", draw(st.sampled_from(["beach", "city", "logo"]))
        moment = draw(st.integers(0, 500))
        body = {"id": name, "sourceId": source, "start": {"frames": start}, "end": {"frames": start + length}}
        if source != "logo":
            body["sourceStart"] = {"frames": moment} if whole or draw(st.booleans()) else {"seconds": f"{moment}/7"}
            speed = draw(st.sampled_from(["normal", "half", "fast", "held", "odd"])) if speeds else "normal"
            if speed == "held":
                body |= {"sourceDuration": {"frames": 1}, "fit": "freeze"}
            elif speed != "normal":
                factor = {"half": Fraction(1, 2), "fast": Fraction(3), "odd": Fraction(7, 5)}[speed]
                used = length * factor
                body["sourceDuration"] = {"frames": str(used) if used.denominator > 1 else used.numerator}
            if speeds and speed != "held" and draw(st.booleans()):
                body["reverse"] = True
        segments.append(body)
        if crossed:
            ends = {"fromSegment": segments[-2]["id"], "toSegment": name}
            transitions.append({"type": draw(st.sampled_from(kinds)), **ends, "duration": {"frames": at + gap - start}})
        at = start + length
    return film(*segments, transitions=tuple(transitions), fps=rate)


def plan(komposition: Komposition) -> list[tuple[int, int, int]]:
    """The slots of all tracks as the renderer lays them out."""
    tracks = plan_timeline(komposition).tracks
    return [(slot.start_frame, slot.end_frame, slot.overlap) for slots in tracks for slot in slots]
