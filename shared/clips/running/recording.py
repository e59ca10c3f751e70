"""One recording: its moments are found, framed, captioned and rendered into a folder."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from shared.clips.clip import Clip, Selection
from shared.clips.composing import compose
from shared.clips.filming import film
from shared.clips.finding import Found, Hearing, find_clips
from shared.clips.framing import plan_framing_of
from shared.clips.look import ClipLook
from shared.clips.running.folder import ClipFolder
from shared.clips.running.sidecar import find_sidecar
from shared.clips.selector import ClipSelector
from shared.clips.stage import OnStage, Stage, nobody
from shared.clips.tidying import Tidy
from shared.kompositions import Komposition
from shared.media import make_contact_sheet, probe
from shared.media.reframing import ReframePlan
from shared.prompts import ClipRequest
from shared.transcripts import Transcript

USUAL_LOOK = ClipLook()
USUAL_HEARING = Hearing()
_PICTURES = 6


@dataclass(frozen=True)
class Order:
    """What is to be made of each recording. `render` unset: only the selection and the kompositions. `variants`: seconds
    in which each clip is made too. `tidy`: how they are tidied, None for as they are. `sidecars`: whether subtitles beside a
    recording are used where no transcript is given."""

    request: ClipRequest
    look: ClipLook = USUAL_LOOK
    selector: ClipSelector | None = None
    hearing: Hearing = USUAL_HEARING
    transcript: Transcript | None = None
    render: bool = True
    variants: frozenset[float] = frozenset()
    tidy: Tidy | None = None
    sidecars: bool = True


@dataclass(frozen=True)
class MadeClip:
    """A clip with how it is framed, its film and pictures of that; these are not there if it was not to be rendered."""

    clip: Clip
    plans: tuple[ReframePlan, ...]
    film: Path | None = None
    pictures: Path | None = None


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
    beside = find_sidecar(video) if order.sidecars and order.transcript is None else None
    given = order.transcript or (beside.transcript if beside is not None else None)
    known = folder.known(video, order.hearing, given)
    found = find_clips(
        video,
        order.request,
        known=known,
        hearing=replace(order.hearing, kept=order.hearing.kept or folder.heard),
        selector=order.selector,
        variants=order.variants,
        tidy=order.tidy,
        on_stage=on_stage,
        on_analysis=folder.keep_analysis,
        should_cancel=should_cancel,
    )
    if beside is not None:
        selection = found.selection
        found = replace(found, selection=selection.model_copy(update={"notes": (beside.note, *selection.notes)}))
    folder.keep(found)
    films = [folder.film(number, clip) for number, clip in enumerate(found.selection.clips, start=1)]
    folder.clear_others(films)
    made = []
    for number, (clip, path) in enumerate(zip(found.selection.clips, films, strict=True)):
        step = _Step(video, found, order, folder, partial(_share, on_stage, number, len(films)), should_cancel)
        made.append(step.made(clip, path))
    return found.selection, made


@dataclass(frozen=True)
class _Step:
    """The making of one clip."""

    video: Path
    found: Found
    order: Order
    folder: ClipFolder
    on_stage: OnStage
    should_cancel: Callable[[], bool]

    def made(self, clip: Clip, path: Path) -> MadeClip:
        """Frame the clip, compose it, and render it if it is not there."""
        komposition, plans = self._composed(clip)
        if not self.order.render:
            self.folder.keep_komposition(path, komposition)
            return MadeClip(clip, plans)
        pictures = path.with_suffix(".png")
        if not self.folder.has_film_of(path, komposition) or not pictures.exists():
            self._render(komposition, path, pictures)
        self.on_stage(Stage.RENDERING, 1.0)
        return MadeClip(clip, plans, path, pictures)

    def _composed(self, clip: Clip) -> tuple[Komposition, tuple[ReframePlan, ...]]:
        recording, look = self.found.recording, self.order.look
        plans = plan_framing_of(
            clip,
            self.video,
            recording,
            self.found.analysis,
            look,
            on_progress=partial(self.on_stage, Stage.FRAMING),
            should_cancel=self.should_cancel,
        )
        return compose(clip, recording, look, plans), plans

    def _render(self, komposition: Komposition, path: Path, pictures: Path) -> None:
        told = partial(self.on_stage, Stage.RENDERING)
        info = self.found.recording.info
        film(komposition, self.video, info, path, on_progress=told, should_cancel=self.should_cancel)
        make_contact_sheet(path, probe(path), pictures, columns=_PICTURES, rows=1, width=180)
        self.folder.keep_komposition(path, komposition)


def _share(on_stage: OnStage, number: int, count: int, stage: Stage, fraction: float) -> None:
    on_stage(stage, (number + fraction) / count)
