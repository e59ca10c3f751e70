"""One recording: its moments are found, framed, captioned and rendered into a folder."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shared.clips.clip import Clip, Selection
from shared.clips.composing import Recording, compose
from shared.clips.filming import film
from shared.clips.finding import Hearing, Known, find_clips
from shared.clips.look import ClipLook
from shared.clips.running.folder import ClipFolder
from shared.clips.selector import ClipSelector
from shared.clips.stage import OnStage, Stage, nobody
from shared.kompositions import Komposition
from shared.media import make_contact_sheet, probe
from shared.prompts import ClipRequest
from shared.transcripts import Transcript

USUAL_LOOK = ClipLook()
USUAL_HEARING = Hearing()
_PICTURES = 6


@dataclass(frozen=True)
class Order:
    """What is to be made of each recording. `render` unset: only the
    selection and the kompositions."""

    request: ClipRequest
    look: ClipLook = USUAL_LOOK
    selector: ClipSelector | None = None
    hearing: Hearing = USUAL_HEARING
    transcript: Transcript | None = None
    render: bool = True


@dataclass(frozen=True)
class MadeClip:
    """A clip with its film and the pictures of it; neither is there if it was not to be rendered."""

    clip: Clip
    film: Path | None
    pictures: Path | None


def run_recording(
    video: Path,
    order: Order,
    folder: ClipFolder,
    *,
    on_stage: OnStage = nobody,
    should_cancel: Callable[[], bool] = lambda: False,
) -> tuple[Selection, list[MadeClip]]:
    """Make the clips of `video` in `folder`. What is there from an earlier run of the same file is not made again.

    Raises what `find_clips` and `film` raise; what was made until then stays."""
    known = folder.known(video, order.hearing.engine, order.hearing.language)
    if order.transcript is not None:
        known = Known(order.transcript, known.analysis)
    found = find_clips(
        video,
        order.request,
        known=known,
        hearing=order.hearing,
        selector=order.selector,
        on_stage=on_stage,
        should_cancel=should_cancel,
    )
    folder.keep(found)
    films = [folder.film(number, clip) for number, clip in enumerate(found.selection.clips, start=1)]
    folder.clear_others(films)
    made = []
    for number, (clip, path) in enumerate(zip(found.selection.clips, films, strict=True)):
        told = partial(_share, on_stage, number, len(films))
        made.append(_made(clip, path, video, found.recording, order, folder, told, should_cancel))
    on_stage(Stage.RENDERING, 1.0)
    return found.selection, made


def _made(
    clip: Clip,
    path: Path,
    video: Path,
    recording: Recording,
    order: Order,
    folder: ClipFolder,
    on_progress: Callable[[float], object],
    should_cancel: Callable[[], bool],
) -> MadeClip:
    komposition: Komposition = compose(clip, recording, order.look)
    if not order.render:
        folder.keep_komposition(path, komposition)
        return MadeClip(clip, None, None)
    pictures = path.with_suffix(".png")
    if not folder.has_film_of(path, komposition) or not pictures.exists():
        film(komposition, video, recording.info, path, on_progress=on_progress, should_cancel=should_cancel)
        make_contact_sheet(path, probe(path), pictures, columns=_PICTURES, rows=1, width=180)
        folder.keep_komposition(path, komposition)
    return MadeClip(clip, path, pictures)


def _share(on_stage: OnStage, number: int, count: int, fraction: float) -> None:
    on_stage(Stage.RENDERING, (number + fraction) / count)
