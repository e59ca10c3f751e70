"""Lengths: a clip that is there already, found once more at other lengths in its recording."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from shared.analysis import MediaAnalysis, TextAnalysis, get_embedder
from shared.clips.clip import Clip, ClipSegment, Selection
from shared.clips.finding import Found, Hearing, Known, study, tidy_up
from shared.clips.material import Material, Span
from shared.clips.ranking import EmbeddedRanker, Task, Weights
from shared.clips.reading import material_for
from shared.clips.stage import OnStage, Stage, nobody
from shared.clips.tidying import Tidy
from shared.clips.variants import variants, with_variants
from shared.prompts import ClipRequest
from shared.transcripts import Transcript


def find_lengths(
    path: Path,
    clip: Clip,
    lengths: Sequence[float],
    request: ClipRequest,
    *,
    known: Known,
    weights: Weights,
    asset_id: str | None = None,
    tidy: Tidy | None = None,
    on_stage: OnStage = nobody,
    should_cancel: Callable[[], bool] = lambda: False,
) -> Found:
    """Variants of a clip of the recording at `path`, at most so many seconds long, as far as it has room for them; a note for
    each that it has not. `request`: by which the clip was found. Raises as `find_clips`."""
    studied = study(path, known, Hearing(), asset_id, on_stage, should_cancel)
    on_stage(Stage.SELECTING, 0.0)
    selection = in_lengths(
        clip, lengths, request, studied.recording.transcript, studied.text, studied.analysis, weights
    )
    found = Found(studied.recording, studied.analysis, selection)
    if tidy is not None:
        found = tidy_up(path, found, studied.text, tidy, 0.0, should_cancel)
    on_stage(Stage.SELECTING, 1.0)
    return found


def in_lengths(
    clip: Clip,
    lengths: Sequence[float],
    request: ClipRequest,
    transcript: Transcript,
    text: TextAnalysis,
    media: MediaAnalysis | None,
    weights: Weights,
) -> Selection:
    """The variants of a clip, without the clip. Lengths that come to the same are made once; one that the clip has is not."""
    material = material_for(request, transcript, text, media, get_embedder())
    told = {variant.target: variant for variant in clip.variants if variant.target in lengths}
    if material.units:
        missing = [length for length in lengths if length not in told]
        made = variants(Task(material, request, weights), _spans(material, clip.segments), missing)
        told |= {variant.target: variant for variant in made}
    whole = clip.model_copy(update={"variants": tuple(told[length] for length in sorted(told))})
    found = with_variants(Selection(clips=(whole,), ranker=EmbeddedRanker.name), lengths).clips[1:]
    return Selection(clips=found, ranker=EmbeddedRanker.name, notes=tuple(_missing(whole, lengths)))


def _spans(material: Material, segments: Sequence[ClipSegment]) -> tuple[Span, ...]:
    """Where a clip lies between the words, also where these have other times now than when it was made."""
    edges, found = material.edges, []
    for segment in segments:
        first, last = edges.gap_at(segment.start), edges.gap_at(segment.end)
        if first is None or last is None or first >= last:
            first, last = edges.snap(segment.start, segment.end)
        found.append((first, last))
    return tuple(found)


def _missing(clip: Clip, lengths: Sequence[float]) -> Iterator[str]:
    told = {variant.target: variant for variant in clip.variants}
    for length in sorted(set(lengths)):
        if length not in told:
            yield f"The recording has no room for {length:g} s around this clip of {clip.duration:g} s."
        elif told[length].segments == clip.segments:
            yield f"The clip is {clip.duration:g} s long itself: there is nothing to make in {length:g} s."
