"""Draws all overlays and burnt captions over a picture, in the order of the document."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shared.core.errors import FieldError
from shared.kompositions.drawing.ass import FIRST, FRAME, Event, script
from shared.kompositions.drawing.captions import caption_events
from shared.kompositions.drawing.files import write_file
from shared.kompositions.drawing.images import ImageLayer
from shared.kompositions.drawing.items import Item, items_seen
from shared.kompositions.drawing.placing import Placing
from shared.kompositions.drawing.texts import text_events
from shared.kompositions.errors import MissingMedia
from shared.kompositions.graph.film import Film
from shared.kompositions.graph.media import Place
from shared.kompositions.model import ImageOverlay, TextOverlay
from shared.media.graph.picture import renumber
from shared.media.graph.source import SourceMedia
from shared.media.graph.streams import Stream
from shared.typography import write_faces

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition
    from shared.kompositions.timing import Timeline

Layer = list[Event] | ImageLayer
"""Text that is drawn by one filter, or an image."""


def draw_overlays(
    picture: Stream,
    komposition: "Komposition",
    media: Mapping[str, SourceMedia],
    timeline: "Timeline",
    folder: Path,
) -> tuple[Stream, tuple[Path, ...]]:
    """`picture` with all overlay tracks and then all burnt caption tracks over it, and the files in `folder` that this needs.

    `picture` has the size and rate of the first output in yuv420p, BT.709, tagged so, and time stamps from 0, which is frame
    `timeline.start_frame` of the film. What comes out is the same number of such frames. Frame n of the film looks the same
    whatever part of it is drawn. Raises `MissingMedia` for an image that is not there, and `UnusableMedia` for an image that
    would be too large and for a transcript that is not there."""
    files: list[Path] = []
    for layer in _layers(Film(komposition, media, timeline), folder):
        if isinstance(layer, list):
            picture, written = _draw_text(picture, layer, komposition, timeline, folder)
        else:
            picture, written = layer.draw(picture)
        picture = renumber(picture, timeline.rate)
        files += written
    return picture, tuple(dict.fromkeys(files))


def _layers(film: Film, folder: Path) -> list[Layer]:
    """From bottom to top. Neighbours that are text are one layer."""
    komposition, media, timeline = film.komposition, film.media, film.timeline
    layers: list[Layer] = []
    for item in items_seen(komposition, timeline):
        match item.overlay:
            case TextOverlay() as overlay:
                _add_text(layers, text_events(item, overlay), timeline)
            case ImageOverlay() as overlay:
                layers.append(_image(item, overlay, film, folder))
    _add_text(layers, caption_events(komposition, timeline, media), timeline)
    return layers


def _add_text(layers: list[Layer], events: Iterable[Event], timeline: "Timeline") -> None:
    seen = [event for event in events if event.first < timeline.end_frame and event.end > timeline.start_frame]
    if not seen:
        return
    if layers and isinstance(layers[-1], list):
        layers[-1] += seen
    else:
        layers.append(seen)


def _draw_text(
    picture: Stream, events: Sequence[Event], komposition: "Komposition", timeline: "Timeline", folder: Path
) -> tuple[Stream, Sequence[Path]]:
    """The picture goes through libass on the script's clock."""
    output = komposition.output
    told = script(events, output.width, output.height)
    path = write_file(folder, ".ass", told)
    fonts, written = write_faces({face for event in events for face in event.faces}, told, folder)
    clocked = picture.filter("settb", f"{FRAME}/1000").filter("setpts", f"N+{timeline.start_frame + FIRST}")
    return clocked.filter("ass", filename=str(path), fontsdir=str(fonts)), [path, *written]


def _image(item: Item, overlay: ImageOverlay, film: Film, folder: Path) -> ImageLayer:
    index, source = next((n, s) for n, s in enumerate(film.komposition.sources) if s.id == overlay.source_id)
    if source.id not in film.media or not film.media[source.id].path.is_file():
        detail = f"The file of source {source.id!r} is missing. Upload it."
        raise MissingMedia(detail, errors=[FieldError(f"/sources/{index}/assetId", detail, "missing_media")])
    media = film.media[source.id]
    if media.info.video is None:
        detail = "The file of its source has no picture. Choose another source."
        raise Place(item.pointer).refuse("sourceId", "no_picture", detail)
    return ImageLayer(Placing(item, overlay, media.info.video), media, film, folder)
