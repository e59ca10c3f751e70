"""Export: a komposition as a file for an editing program, and what that file cannot say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from shared.core.errors import InvalidInput
from shared.kompositions.interchange.lanes import Film, Lane
from shared.kompositions.interchange.laying import lay_out
from shared.kompositions.interchange.losses import Loss, find_losses
from shared.kompositions.model import Komposition
from shared.media import MediaInfo

Format = Literal["otio", "fcpxml", "fcp7", "edl"]
FORMATS: tuple[Format, ...] = get_args(Format)


@dataclass(frozen=True)
class Export:
    """The text of a file, its media type and suffix, and everything of the komposition that it does not carry."""

    text: str
    media_type: str
    suffix: str
    losses: tuple[Loss, ...]


class UnsuitableExport(InvalidInput):
    """The format cannot hold the komposition unless the caller chooses what of it."""


def export_komposition(
    komposition: Komposition,
    format: Format,  # noqa: A002
    *,
    media: Mapping[str, MediaInfo] | None = None,
    track: str | None = None,
) -> Export:
    """The whole film for OpenTimelineIO, Final Cut Pro and Resolve (FCPXML 1.9), Premiere (FCP7 XML) or as a CMX 3600 EDL.

    `media` is what is known of the files, by source id: with it, what depends on their length is exact. An EDL has one video
    track: `track` is its id, needed when there are several. Raises `UnsuitableExport` when it is not one of them."""
    film = lay_out(komposition, media or {})
    if format == "edl":
        chosen = choose_track(film, track)
        film = Film(film.title, film.rate, film.size, film.frames, (chosen,), film.media)
    losses = tuple(find_losses(komposition, film, format))
    match format:
        case "otio":
            from shared.kompositions.interchange.otio_timeline import write_otio

            return Export(write_otio(film), "application/vnd.opentimelineio+json", ".otio", losses)
        case "fcpxml":
            from shared.kompositions.interchange.fcpxml import write_fcpxml

            return Export(write_fcpxml(film), "application/xml", ".fcpxml", losses)
        case "fcp7":
            from shared.kompositions.interchange.fcp7 import write_fcp7

            return Export(write_fcp7(film), "application/xml", ".xml", losses)
        case "edl":
            from shared.kompositions.interchange.edl_writing import write_edl

            return Export(write_edl(film), "text/plain", ".edl", losses)


def choose_track(film: Film, track: str | None) -> Lane:
    """The video lane of that name; without a name the only one."""
    lanes = film.video
    named = [lane for lane in lanes if track is None or lane.name == track]
    if len(named) == 1:
        return named[0]
    if not lanes:
        raise UnsuitableExport("There is no video track with segments to export. Add one.", pointer="/tracks/video")
    names = ", ".join(repr(lane.name) for lane in lanes)
    if track is None:
        detail = f"An EDL has one video track. Choose one of {names}."
    else:
        detail = f"There is no video track {track!r} with segments. Choose one of {names}."
    raise UnsuitableExport(detail, pointer="/tracks/video")
