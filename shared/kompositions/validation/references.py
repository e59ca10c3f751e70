"""What names tracks, codecs and the like names what is there; and the film is neither nothing nor endless."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shared.kompositions.timing import Clock, film_seconds, plan_range
from shared.kompositions.validation.problem import Problem
from shared.media.containers import CODECS

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition

MAX_FILM_SECONDS = 4 * 3600


def reference_problems(komposition: "Komposition") -> Iterator[Problem]:
    """Layouts and ducking that name tracks which are not there, and codecs that do not go into their container."""
    videos = {track.id for track in komposition.tracks.video}
    for index, layout in enumerate(komposition.layouts):
        for place, name in enumerate(layout.tracks):
            if name not in videos:
                detail = f"There is no video track {name!r}. Correct the id."
                yield Problem(("layouts", index, "tracks", place), "unknown_track", detail)
    heard = videos | {track.id for track in komposition.tracks.audio}
    for index, track in enumerate(komposition.tracks.audio):
        for place, name in enumerate(track.ducking.under if track.ducking else []):
            if name not in heard or name == track.id:
                detail = f"There is no other track {name!r} with sound. Correct the id."
                yield Problem(("tracks", "audio", index, "ducking", "under", place), "unknown_track", detail)
    for index, output in enumerate(komposition.outputs):
        pictures, sounds = CODECS[output.container]
        for name, codec, known in (
            ("videoCodec", output.video_codec, pictures),
            ("audioCodec", output.audio_codec, sounds),
        ):
            if codec is not None and codec not in known:
                fitting = ", ".join(known) or "none"
                detail = f"{output.container} cannot hold {codec}. It takes: {fitting}."
                yield Problem(("outputs", index, name), "codec_container", detail)


def length_problems(komposition: "Komposition") -> Iterator[Problem]:
    """A film of no length, one that is too long, or a part to render that is outside of it."""
    clock = Clock.of(komposition)
    end = film_seconds(komposition, clock)
    if end <= 0:
        detail = "There is nothing to render. Add a segment to a video track."
        yield Problem(("tracks", "video"), "nothing_to_render", detail)
    elif end > MAX_FILM_SECONDS:
        detail = f"The result would last {float(end) / 3600:.1f} hours; the most is 4. Split it into parts."
        yield Problem(("tracks",), "too_long", detail)
    elif (frames := plan_range(komposition, clock)) and frames[1] == frames[2]:
        detail = f"The part to render lies outside the film, which ends at {float(end):g} seconds. Move it."
        yield Problem(("render", "start"), "empty_render", detail)
