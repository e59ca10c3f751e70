"""Everything that names a source names one that is there, of a kind that can do it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from shared.kompositions.validation.problem import Location, Problem

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition, Source

_PICTURE = "A segment needs a picture. Put an audio source on an audio track."
_SOUND = "A picture has no sound. Name an audio or video source."


def source_problems(komposition: "Komposition") -> Iterator[Problem]:
    """Sources that are not there or cannot be shown or heard."""
    sources = {source.id: source for source in komposition.sources}
    tracks = komposition.tracks
    for number, video in enumerate(tracks.video):
        for index, segment in enumerate(video.segments):
            at: Location = ("tracks", "video", number, "segments", index, "sourceId")
            yield from _named(at, sources, segment.source_id, "audio", _PICTURE)
    for number, audio in enumerate(tracks.audio):
        for index, clip in enumerate(audio.clips):
            at = ("tracks", "audio", number, "clips", index, "sourceId")
            yield from _named(at, sources, clip.source_id, "image", _SOUND)
    for number, overlay in enumerate(tracks.overlay):
        for index, item in enumerate(overlay.items):
            if item.kind == "image":
                at = ("tracks", "overlay", number, "items", index, "sourceId")
                yield from _named(at, sources, item.source_id, "audio", "An overlay needs a picture.")
    for number, caption in enumerate(tracks.caption):
        if caption.source_id is not None:
            at = ("tracks", "caption", number, "sourceId")
            yield from _named(at, sources, caption.source_id, "image", _SOUND)


def _named(
    location: Location, sources: "Mapping[str, Source]", source_id: str, refused: str, advice: str
) -> Iterator[Problem]:
    if source_id not in sources:
        detail = f"There is no source {source_id!r}. Add it to sources or correct the id."
        yield Problem(location, "unknown_source", detail)
    elif sources[source_id].kind == refused:
        yield Problem(location, "source_kind", advice)
