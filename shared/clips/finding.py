"""Finding: from a recording and a request to the moments that answer it, and all that was learnt about it on the way."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from shared.analysis import MediaAnalysis, TextAnalysis, analyze_media, analyze_text
from shared.clips.clip import Selection
from shared.clips.composing import Recording
from shared.clips.lasting import until_end
from shared.clips.ranking import Weights
from shared.clips.selector import ClipSelector
from shared.clips.stage import OnStage, Stage, nobody
from shared.clips.tidying import Tidy, tidied
from shared.clips.variants import with_variants
from shared.core.threads import left_behind
from shared.media import RenderCancelled, probe
from shared.paper_editing import SoundProfile, listen
from shared.prompts import ClipRequest
from shared.transcripts import Kept, Transcript, transcribe

T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """What is known of a recording already, and need not be found out again."""

    transcript: Transcript | None = None
    analysis: MediaAnalysis | None = None


@dataclass(frozen=True)
class Hearing:
    """How a recording without a transcript is transcribed: the parameters of `transcribe`."""

    engine: str | None = None
    language: str | None = None
    speakers: int | None = None
    kept: Kept | None = None


@dataclass(frozen=True)
class Found:
    """The moments of a recording, and what they were found by. `profile`: of its sound, where that was listened to."""

    recording: Recording
    analysis: MediaAnalysis
    selection: Selection
    profile: SoundProfile | None = None


@dataclass(frozen=True)
class Studied:
    """What is said, seen and heard in a recording."""

    recording: Recording
    text: TextAnalysis
    analysis: MediaAnalysis


def find_clips(
    path: Path,
    request: ClipRequest,
    *,
    known: Known | None = None,
    hearing: Hearing | None = None,
    selector: ClipSelector | None = None,
    weights: Weights | None = None,
    asset_id: str | None = None,
    variants: Collection[float] = (),
    tidy: Tidy | None = None,
    on_stage: OnStage = nobody,
    on_analysis: Callable[[MediaAnalysis], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> Found:
    """The moments of the recording at `path` that answer `request`. `weights`: what was learnt of whoever asks. `variants`:
    the lengths, of 15, 30 and 60 seconds, in which each of them is a clip too. `tidy`: how they are tidied, None for as they are.
    `on_analysis` hears what is seen and heard as soon as that is known, for it to be kept.

    What `known` has is taken as it is, but for what it says after the end of the recording. Raises what `probe`, `transcribe`,
    `analyze_media`, `listen` and the selector raise; when one part fails, the other is called off. A ranker that is waited for
    when `should_cancel` says so is left behind, and RenderCancelled raised."""
    studied = study(path, known or Known(), hearing or Hearing(), asset_id, on_stage, should_cancel, on_analysis)
    on_stage(Stage.SELECTING, 0.0)
    choose = partial(
        (selector or ClipSelector()).analyze_transcript,
        studied.recording.transcript,
        request,
        text=studied.text,
        media=studied.analysis,
        weights=weights,
    )
    selection = left_behind(choose, should_cancel, RenderCancelled("Choosing the moments was stopped."))
    found = Found(studied.recording, studied.analysis, with_variants(selection, variants))
    if tidy is not None:
        found = tidy_up(path, found, studied.text, tidy, request.duration[0], should_cancel)
    on_stage(Stage.SELECTING, 1.0)
    return found


def study(
    path: Path,
    known: Known,
    hearing: Hearing,
    asset_id: str | None,
    on_stage: OnStage,
    should_cancel: Callable[[], bool],
    on_analysis: Callable[[MediaAnalysis], object] = lambda _: None,
) -> Studied:
    """All that is to be known of a recording before clips are made of it. Raises as `find_clips`."""
    info = probe(path)
    transcript, analysis = _studied(path, known, hearing, on_stage, should_cancel, on_analysis)
    transcript = until_end(transcript, info.duration)
    return Studied(Recording(info, transcript, asset_id), analyze_text(transcript), analysis)


def tidy_up(
    path: Path, found: Found, text: TextAnalysis, tidy: Tidy, shortest: float, should_cancel: Callable[[], bool]
) -> Found:
    """The same with its clips tidied, none to less than `shortest` seconds. Raises what `listen` raises."""
    info, selection = found.recording.info, found.selection
    heard = selection.clips and info.audio is not None
    profile = listen(path, info, should_cancel=should_cancel) if heard else None
    clean = tidied(selection, found.recording, text, profile, tidy, shortest)
    return replace(found, selection=clean, profile=profile)


def _studied(
    path: Path,
    known: Known,
    hearing: Hearing,
    on_stage: OnStage,
    should_cancel: Callable[[], bool],
    on_analysis: Callable[[MediaAnalysis], object],
) -> tuple[Transcript, MediaAnalysis]:
    """What is said, and what is seen and heard, found out side by side."""
    failures: list[BaseException] = []

    def off() -> bool:
        return bool(failures) or should_cancel()

    def listen() -> Transcript:
        return known.transcript or transcribe(
            path,
            engine=hearing.engine,
            language=hearing.language,
            speakers=hearing.speakers,
            kept=hearing.kept,
            on_progress=partial(on_stage, Stage.TRANSCRIBING),
            should_cancel=off,
        )

    def look() -> MediaAnalysis:
        if known.analysis is not None:
            return known.analysis
        analysis = analyze_media(path, on_progress=partial(on_stage, Stage.ANALYSING), should_cancel=off)
        on_analysis(analysis)
        return analysis

    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="study") as threads:
        heard, seen = threads.submit(_noted, failures, listen), threads.submit(_noted, failures, look)
    if failures:
        raise failures[0]  # What failed by itself, not what was called off because of it.
    return heard.result(), seen.result()


def _noted(failures: list[BaseException], part: Callable[[], T]) -> T:
    """What `part` returns; what it raises is put on `failures` too."""
    try:
        return part()
    except BaseException as error:
        failures.append(error)
        raise
