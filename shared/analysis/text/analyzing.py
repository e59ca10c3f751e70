"""`analyze_text`: what is said in a transcript."""

from collections.abc import Sequence

from shared.analysis.embedding import Embedder, get_embedder
from shared.analysis.text.figures import has_number, is_question
from shared.analysis.text.fillers import find_fillers
from shared.analysis.text.retakes import find_retakes
from shared.analysis.text.sentences import sentence_bounds
from shared.analysis.text.sentiment import sentiment
from shared.analysis.text.topics import find_topics
from shared.analysis.text_analysis import Sentence, TextAnalysis
from shared.analysis.wording import bare
from shared.transcripts import Transcript, Word

_BRIEFEST = 0.1
"""Seconds that a sentence takes at least, for its pace."""


def analyze_text(transcript: Transcript, *, embedder: Embedder | None = None) -> TextAnalysis:
    """What is said: sentences with their mood and pace, topics, fillers and retakes.

    `embedder`: what tells topics apart; unset, the one that this deployment names. Raises `EmbedderUnavailable`."""
    words = tuple(transcript.words)
    punctuated = any(word.word[-1] in ".?!。？！؟।" for word in words)
    sentences = tuple(
        _sentence(words, first, last, transcript.language, punctuated=punctuated)
        for first, last in sentence_bounds(words)
    )
    vectors = (embedder or get_embedder()).embed([sentence.text for sentence in sentences])
    fillers = tuple(find_fillers(words, transcript.language))
    return TextAnalysis(
        sentences=sentences,
        topics=find_topics(sentences, vectors),
        fillers=fillers,
        retakes=tuple(find_retakes(words, sentences, fillers, transcript.language)),
    )


def _sentence(words: Sequence[Word], first: int, last: int, language: str | None, *, punctuated: bool) -> Sentence:
    spoken = words[first : last + 1]
    text = " ".join(word.word for word in spoken)
    said = [bare(word.word) for word in spoken]
    start, end = spoken[0].start, max(word.end for word in spoken)
    return Sentence(
        start=start,
        end=end,
        text=text,
        speaker=spoken[0].speaker,
        first_word=first,
        last_word=last,
        sentiment=sentiment(text, language),
        words_per_second=round(len(spoken) / max(end - start, _BRIEFEST), 3),
        is_question=is_question(text, said, punctuated=punctuated),
        has_number=has_number(said),
    )
