"""ClipSelector: the best moments of a transcript for what somebody asks.

Candidates on the edges of sentences and scenes -> ranked -> chosen, none showing what another shows -> told of in detail -> cut
between words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from shared.analysis import Embedder, MediaAnalysis, TextAnalysis, analyze_text, get_embedder
from shared.clips.asking import asked
from shared.clips.choosing import choose, least_clips
from shared.clips.clip import Clip, ClipScores, Selection, identity
from shared.clips.ranking import (
    Detail,
    EmbeddedRanker,
    Moment,
    Ranker,
    RankerUnavailable,
    Task,
    Weights,
    default_weights,
    get_ranker,
)
from shared.clips.reading import material_for, wanted_part
from shared.clips.tightening import tightened
from shared.clips.variants import variants
from shared.prompts import ClipRequest
from shared.transcripts import Transcript

T = TypeVar("T")


class ClipSelector:
    """Selects clips. `ranker`: one, or its name; unset, the embedded one. `embedder`: what compares meanings, unset the embedded
    one. A ranker that is not available is stood in for by the embedded one, and the selection says so."""

    def __init__(self, ranker: Ranker | str | None = None, *, embedder: Embedder | None = None) -> None:
        """Raises UnknownRanker."""
        self.ranker = get_ranker(ranker) if ranker is None or isinstance(ranker, str) else ranker
        self.embedder = embedder or get_embedder()

    def analyze_transcript(
        self,
        transcript: Transcript,
        user_prompt: str | ClipRequest | None = None,
        *,
        text: TextAnalysis | None = None,
        media: MediaAnalysis | None = None,
        count: int | None = None,
        durations: tuple[float, float] | None = None,
        weights: Weights | None = None,
    ) -> Selection:
        """The clips that `user_prompt` asks for: a filled prompt, the name of a preset, words of one's own, or the default.

        `text`, `media`: what was analysed before; without `media` sound and picture do not count. `count` and `durations`
        (seconds) count for more than the prompt. `weights`: what was learnt; unset, those of the prompt's category.
        Raises InvalidInput."""
        request = asked(user_prompt, count, durations)
        analysed = text if text is not None else analyze_text(transcript, embedder=self.embedder)
        material = material_for(request, transcript, analysed, media, self.embedder)
        part = wanted_part(request, transcript, media)
        where = "in this recording" if part is None else _between(*part)
        if not material.units:
            return Selection(ranker=self.ranker.name, notes=(f"Nothing is said {where}.",))
        task = Task(material, request, weights or default_weights(request.category))
        selection = _Selecting(self.ranker, task).run()
        if part is None:
            return selection
        return selection.model_copy(update={"notes": (f"Clips are {where}, as the prompt asks.", *selection.notes)})


def _between(start: float, end: float) -> str:
    return f"from {_clock(start)} to {_clock(end)}" if start < end else f"from {_clock(start)} on"


def _clock(seconds: float) -> str:
    """`12:30`, `1:02:30`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


class _Selecting:
    """One selection: which ranker is at work, and what there is to say about it."""

    def __init__(self, ranker: Ranker, task: Task) -> None:
        self.ranker = ranker
        self.task = task
        self.notes: list[str] = []

    def run(self) -> Selection:
        material, request = self.task.material, self.task.request
        ranked = self._by(lambda ranker: ranker.rank(self.task))
        self.notes += ranked.notes
        chosen = choose(material, ranked.moments, request.clip_count)
        if len(chosen) < least_clips(request.clip_count) and self.ranker.name != EmbeddedRanker.name:
            chosen = self._filled(chosen)
        tight = [self._tight(moment) for moment in chosen]
        details = self._by(lambda ranker: ranker.detail(self.task, tight))
        measured = self.task.features([moment.spans for moment in tight])
        clips = [self._clip(*each) for each in zip(tight, details, measured, strict=True)]
        self._say_what_is_missing(clips)
        return Selection(
            clips=tuple(sorted(clips, key=lambda clip: -clip.scores.overall)),
            considered=ranked.considered,
            ranker=self.ranker.name,
            notes=tuple(self.notes),
        )

    def _by(self, ask: Callable[[Ranker], T]) -> T:
        """What the ranker answers, or if it is not available the embedded one."""
        try:
            return ask(self.ranker)
        except RankerUnavailable as error:
            self.notes.append(f"{error.detail} The embedded ranker has stood in for it.")
            self.ranker = EmbeddedRanker()
            return ask(self.ranker)

    def _filled(self, chosen: Sequence[Moment]) -> tuple[Moment, ...]:
        """More moments where a ranker named too few: the best that the embedded one finds beside them."""
        request = self.task.request
        first = [Moment(moment.spans, moment.worth + 1.0) for moment in chosen]
        others = EmbeddedRanker().rank(self.task).moments
        filled = choose(self.task.material, (*first, *others), (least_clips(request.clip_count),) * 2)
        if len(filled) <= len(chosen):
            return tuple(chosen)
        self.notes.append(f"{self.ranker.name} named too few moments that fit. The embedded ranker has added others.")
        return tuple(replace(moment, worth=moment.worth - 1.0) if moment in first else moment for moment in filled)

    def _tight(self, moment: Moment) -> Moment:
        if len(moment.spans) > 1:
            return moment
        return replace(moment, spans=tightened(self.task.material, moment.spans[0], self.task.request.duration[0]))

    def _clip(self, moment: Moment, detail: Detail, features: Mapping[str, float]) -> Clip:
        material = self.task.material
        segments = tuple(material.edges.segment(*span) for span in moment.spans)
        transcript = material.spoken(moment.spans)
        speakers = dict.fromkeys(word.speaker for word in material.words_in(moment.spans) if word.speaker is not None)
        scores = detail.scores
        return Clip(
            id=identity(segments, transcript),
            title=detail.title,
            hooks=detail.hooks,
            reason=detail.reason,
            scores=ClipScores(
                hook=scores.hook,
                engagement=scores.engagement,
                value=scores.value,
                shareability=scores.shareability,
                overall=round(100 * detail.worth, 1),
            ),
            segments=segments,
            transcript=transcript,
            hashtags=detail.hashtags,
            speakers=tuple(speakers),
            variants=variants(self.task, moment.spans),
            features=dict(features),
        )

    def _say_what_is_missing(self, clips: Sequence[Clip]) -> None:
        least, shortest = self.task.request.clip_count[0], self.task.request.duration[0]
        if len(clips) == 1 and clips[0].duration < shortest:
            self.notes.append(f"All that is said here takes less than {shortest:g} s: it is one clip.")
        elif len(clips) < least:
            given = "1 clip fits" if len(clips) == 1 else f"{len(clips)} clips fit"
            self.notes.append(
                f"{least} clips were asked for; {given} into what is said here, at {shortest:g} s and more each."
            )
