"""EmbeddedRanker: ranks by what can be measured, without a language model and without a network."""

from collections.abc import Mapping, Sequence

from shared.clips.ranking.ranker import Detail, Moment, Ranked
from shared.clips.ranking.reasons import reason
from shared.clips.ranking.scoring import sub_scores
from shared.clips.ranking.task import Task
from shared.clips.ranking.wording import hashtags, phrases

_EXCLUDED = "All that is said touches what the prompt excludes, so clips of it are given all the same."


class EmbeddedRanker:
    """What a prompt names is looked for by words and by meaning, what it calls for ("funny", "explained") by cues of speech and
    sound; the weights say what counts how much. The same material and prompt always give the same moments."""

    name = "embedded"

    def rank(self, task: Task) -> Ranked:
        """Every candidate, except those with something that the prompt excludes."""
        scored = list(zip(task.candidates, task.worths, strict=True))
        allowed = [(span, worth) for span, worth in scored if task.allows([span])]
        moments = (Moment((span,), worth) for span, worth in allowed or scored)
        ordered = tuple(sorted(moments, key=lambda moment: -moment.worth))
        return Ranked(ordered, len(scored), () if allowed or not scored else (_EXCLUDED,))

    def detail(self, task: Task, moments: Sequence[Moment]) -> Sequence[Detail]:
        """Titles in the speaker's own words, reasons out of what was measured."""
        measured = task.features([moment.spans for moment in moments])
        return [_told(task, moment, features) for moment, features in zip(moments, measured, strict=True)]


def _told(task: Task, moment: Moment, features: Mapping[str, float]) -> Detail:
    title, *others = phrases(task.material, moment.spans, task.strengths)
    words = [word.word for word in task.material.words_in(moment.spans)]
    return Detail(
        title=title,
        hooks=tuple(others),
        reason=reason(task.speech, moment.spans, features, task.weights),
        hashtags=hashtags(words, task.speech.rarity),
        scores=sub_scores(features),
        worth=moment.worth,
    )
