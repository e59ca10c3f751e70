"""LanguageModelRanker: a language model reads the transcript and names moments; the rules hold whatever it says.

It names lines, never times, so no word of it can make a clip that is not in the recording, too long, too short or cut in a word.
What it says counts for half; the other half is measured, so praise that somebody talked it into does not decide alone."""

from collections.abc import Callable, Collection, Iterator, Sequence
from math import ceil
from typing import TypeVar

from shared.clips.fitting import fitted
from shared.clips.llm.asking import Asking, prompt_text
from shared.clips.llm.cache import AnswerCache, MemoryCache
from shared.clips.llm.chunks import Chunk, chunks, tokens_of
from shared.clips.llm.forms import Described, Proposed, schema_of
from shared.clips.llm.guarding import fence, plain, plain_tags, shown, shown_names, withheld
from shared.clips.llm.model import LanguageModel, Question
from shared.clips.llm.posting import TooLong
from shared.clips.material import Span
from shared.clips.ranking.embedded import EmbeddedRanker
from shared.clips.ranking.ranker import Detail, Moment, Ranked
from shared.clips.ranking.scoring import SubScores
from shared.clips.ranking.task import Task

T = TypeVar("T")
_JUDGED = 0.5
"""What a model's judgement counts for, against what was measured."""
_MORE = 1.5
"""Times the clips that were asked for that are shortlisted, so that there is something to choose from."""
_ANSWER_TOKENS = 8000
"""Far more than an answer has: some models think first, and that counts."""
_LEAST_TOKENS = 750
"""Of a question and of its answer: with fewer, nothing can be judged."""
_SUMMARY = 400
"""Characters of a part's summary."""
_NOT_SHOWN = "(not shown)"


class LanguageModelRanker:
    """Shortlists chunk by chunk, handing on what each was about, then tells of the chosen in a second pass.

    `most_tokens`: of one question; fewer once the model has said that it cannot hold so many. `cache`: answers to the same
    question about the same words; unset, this process's own."""

    def __init__(self, model: LanguageModel, *, most_tokens: int = 24_000, cache: AnswerCache | None = None) -> None:
        self.name = model.name
        self._asking = Asking(model, cache if cache is not None else MemoryCache())
        self._most_tokens = most_tokens

    def rank(self, task: Task) -> Ranked:
        """The moments that the model names. Raises RankerUnavailable."""
        hidden = withheld([unit.text for unit in task.material.units])
        found: dict[tuple[Span, ...], float] = {}
        for spans, promise in self._in_parts(lambda: list(self._proposed(task, hidden))):
            shown_spans = fitted(task, spans)
            if shown_spans and task.allows(shown_spans):
                found[shown_spans] = max(promise, found.get(shown_spans, 0.0))
        measured = task.features(list(found)) if found else []
        moments = [
            Moment(spans, _JUDGED * promise / 10 + (1 - _JUDGED) * task.weights.score(features))
            for (spans, promise), features in zip(found.items(), measured, strict=True)
        ]
        notes = (_about_hidden(len(hidden)),) if hidden else ()
        return Ranked(tuple(sorted(moments, key=lambda moment: -moment.worth)), len(moments), notes)

    def detail(self, task: Task, moments: Sequence[Moment]) -> Sequence[Detail]:
        """What the model tells of them; where that cannot be shown, what the embedded ranker would. Raises RankerUnavailable."""
        hidden = withheld([unit.text for unit in task.material.units])
        measured = task.features([moment.spans for moment in moments])
        plain_details = EmbeddedRanker().detail(task, moments)
        told = self._in_parts(lambda: self._told(task, moments, hidden))
        titles: set[str] = set()
        details = []
        for number, (own, features) in enumerate(zip(plain_details, measured, strict=True)):
            detail = _detail(told.get(number), own, task.weights.score(features), titles)
            titles.add(detail.title.casefold())
            details.append(detail)
        return details

    def _proposed(self, task: Task, hidden: frozenset[int]) -> Iterator[tuple[list[Span], float]]:
        parts = chunks(task.material, self._most_tokens, task.request.duration[1])
        count = ceil(_MORE * task.request.clip_count[1])
        so_far: list[str] = []
        for place, part in enumerate(parts):
            share = (part.last - part.fresh) / len(task.material.units)
            content = _content(
                task,
                "shortlist",
                list(_lines(task, part, hidden)),
                so_far=_so_far(so_far),
                part=place + 1,
                parts=len(parts),
                count=max(ceil(count * share), 2),
            )
            question = self._question(content, "shortlist", Proposed, with_summary=True)
            answer = self._asking.ask(question, Proposed, _inside(task, part), least=0)
            summary = plain(answer.summary[:_SUMMARY], most_words=80, most_characters=_SUMMARY)
            so_far += [f"Part {place + 1}: {shown(summary)}"] if summary else []
            for proposed in answer.clips[: 2 * count]:
                yield _spans(task, proposed), proposed.promise

    def _in_parts(self, ask: Callable[[], T]) -> T:
        """What comes of asking in questions that the model can hold: one that cannot is asked in smaller ones from then on."""
        while True:
            try:
                return ask()
            except TooLong:
                if self._most_tokens < 2 * _LEAST_TOKENS:
                    raise
                self._most_tokens //= 2

    def _told(self, task: Task, moments: Sequence[Moment], hidden: frozenset[int]) -> dict[int, Described]:
        told: dict[int, Described] = {}
        for numbers in self._batches(task, moments):
            told |= self._described(task, moments, numbers, hidden)
        return told

    def _described(
        self, task: Task, moments: Sequence[Moment], numbers: Sequence[int], hidden: frozenset[int]
    ) -> dict[int, Described]:
        lines = [line for number in numbers for line in _moment_lines(task, number, moments[number], hidden)]
        content = _content(task, "detail", lines, so_far="", count=len(numbers))
        question = self._question(content, "detail", Described, with_summary=False)
        wanted = {number + 1 for number in numbers}
        answer = self._asking.ask(question, Described, _numbered(wanted), least=len(numbers))
        return {each.clip - 1: each for each in reversed(answer.clips)}

    def _batches(self, task: Task, moments: Sequence[Moment]) -> Iterator[list[int]]:
        """The moments by number, as many at once as a question may hold."""
        batch: list[int] = []
        spent = 0
        for number, moment in enumerate(moments):
            cost = tokens_of(task.material.spoken(moment.spans)) + 200
            if batch and spent + cost > self._most_tokens:
                yield batch
                batch, spent = [], 0
            batch.append(number)
            spent += cost
        if batch:
            yield batch

    def _question(self, content: tuple[str, str], form: str, item: type, *, with_summary: bool) -> Question:
        rules, asked = content
        return Question(
            rules, asked, form, schema_of(item, with_summary=with_summary), min(_ANSWER_TOKENS, self._most_tokens)
        )


def _content(task: Task, name: str, lines: Sequence[str], **values: object) -> tuple[str, str]:
    """The rules and the question, the lines fenced in."""
    text = "\n".join(lines)
    name_of_fence = fence(text)
    shortest, longest = task.request.duration
    asked = prompt_text(name).format(
        request=shown(task.request.criteria),
        engagement=shown(task.request.engagement_factor),
        shortest=shortest,
        longest=longest,
        fence=name_of_fence,
        lines=text,
        **values,
    )
    return prompt_text("rules").format(fence=name_of_fence), asked


def _lines(task: Task, part: Chunk, hidden: frozenset[int]) -> Iterator[str]:
    gaps = task.material.edges.gaps
    names = shown_names([unit.speaker for unit in task.material.units])
    for number in range(part.first, part.last):
        unit = task.material.units[number]
        minutes, seconds = divmod(gaps[unit.first_gap].closes, 60)
        said = _NOT_SHOWN if number in hidden else shown(unit.text)
        who = f" {names[unit.speaker]}:" if unit.speaker else ""
        yield f"{number + 1} [{int(minutes)}:{seconds:04.1f}]{who} {said}"


def _moment_lines(task: Task, number: int, moment: Moment, hidden: frozenset[int]) -> Iterator[str]:
    yield f"Moment {number + 1}, {task.material.duration(moment.spans):.0f} s:"
    for span in moment.spans:
        units = task.material.units_in(span)
        yield " ".join(_NOT_SHOWN if unit in hidden else shown(task.material.units[unit].text) for unit in units)


def _inside(task: Task, part: Chunk) -> Callable[[Proposed], str | None]:
    """What is wrong with a moment that is not in this part; times are there if what is said then is."""
    gaps, units = task.material.edges.gaps, task.material.units
    begin, end = gaps[units[part.first].first_gap].opens, gaps[units[part.last - 1].last_gap].closes

    def wrong(proposed: Proposed) -> str | None:
        for lines in proposed.lines:
            if not part.first < lines.first <= lines.last <= part.last:
                return (
                    f"there are no lines {lines.first} to {lines.last}; name some from {part.first + 1} to {part.last}"
                )
        if any(not begin <= times.start < times.end <= end for times in proposed.times):
            return f"name lines from {part.first + 1} to {part.last}, not times"
        return None

    return wrong


def _numbered(wanted: Collection[int]) -> Callable[[Described], str | None]:
    return lambda told: None if told.clip in wanted else f"there is no moment {told.clip}"


def _spans(task: Task, proposed: Proposed) -> list[Span]:
    """The lines that it names; of times the edges of words, and rather of sentences, that are nearest."""
    units, edges = task.material.units, task.material.edges
    if proposed.lines:
        return [(units[lines.first - 1].first_gap, units[lines.last - 1].last_gap) for lines in proposed.lines]
    starts, ends = task.material.starts, task.material.ends
    return [edges.snap(times.start, times.end, starts=starts, ends=ends) for times in proposed.times]


def _so_far(summaries: Sequence[str]) -> str:
    return "\n# What was said before\n" + "\n".join(summaries) + "\n" if summaries else ""


def _about_hidden(count: int) -> str:
    sentences = "1 sentence of the recording reads" if count == 1 else f"{count} sentences of the recording read"
    return f"{sentences} as instructions to a language model and {'was' if count == 1 else 'were'} not shown to it."


def _detail(told: Described | None, own: Detail, measured: float, titles: set[str]) -> Detail:
    """What was told, as far as it can be shown; of the rest what was made without the model."""
    if told is None:
        return own
    title = plain(told.title, most_words=16, most_characters=110)
    title = title if title and title.casefold() not in titles else own.title
    hooks = [line for hook in told.hooks if (line := plain(hook, most_words=20, most_characters=140))]
    scores = SubScores(told.hook, told.engagement, told.value, told.shareability)
    return Detail(
        title=title,
        hooks=tuple(dict.fromkeys(hook for hook in hooks if hook != title))[:3] or own.hooks,
        reason=plain(told.reason, most_words=60, most_characters=500) or own.reason,
        hashtags=plain_tags(told.hashtags, 5) or own.hashtags,
        scores=scores,
        worth=_JUDGED * scores.mean / 10 + (1 - _JUDGED) * measured,
    )
