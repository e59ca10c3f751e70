"""The files behind a komposition's sources, and how to say that one cannot do what is asked of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.core.errors import FieldError
from shared.kompositions.errors import MissingMedia, UnusableMedia
from shared.media.graph.source import SourceMedia

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition


@dataclass(frozen=True)
class Place:
    """Where in the document something is, as a JSON pointer, such as /tracks/video/0/segments/3."""

    pointer: str

    def refuse(self, name: str, code: str, detail: str) -> UnusableMedia:
        """The error that its field `name` asks too much of the file."""
        return UnusableMedia(detail, errors=[FieldError(f"{self.pointer}/{name}", detail, code)])


def require_media(komposition: "Komposition", media: Mapping[str, SourceMedia]) -> None:
    """Raise `MissingMedia` naming every source in use whose file was not given or is not there."""
    used = set(_used(komposition))
    missing = [
        FieldError(
            f"/sources/{index}/assetId", f"The file of source {source.id!r} is missing. Upload it.", "missing_media"
        )
        for index, source in enumerate(komposition.sources)
        if source.id in used and (source.id not in media or not media[source.id].path.is_file())
    ]
    if missing:
        raise MissingMedia(missing[0].detail, errors=missing)


def _used(komposition: "Komposition") -> Iterable[str]:
    tracks = komposition.tracks
    for video in tracks.video:
        yield from (segment.source_id for segment in video.segments)
    for audio in tracks.audio:
        yield from (clip.source_id for clip in audio.clips)
    for overlay in tracks.overlay:
        yield from (item.source_id for item in overlay.items if item.kind == "image")
