"""`analyze_text`: what is said in a transcript."""

from shared.analysis.embedding import Embedder, get_embedder
from shared.analysis.text.sentences import sentence_bounds
from shared.analysis.text_analysis import Sentence, TextAnalysis, Topic
from shared.transcripts import Transcript, Word


def analyze_text(transcript: Transcript, *, embedder: Embedder | None = None) -> TextAnalysis:
    """What is said: sentences, topics, fillers and retakes. `embedder`: what tells topics apart, the embedded one by default."""
    words = tuple(transcript.words)
    sentences = tuple(_sentence(words, first, last) for first, last in sentence_bounds(words))
    (embedder or get_embedder()).embed([each.text for each in sentences])
    topics = (
        [Topic(start=sentences[0].start, end=sentences[-1].end, first_sentence=0, last_sentence=len(sentences) - 1)]
        if sentences
        else []
    )
    return TextAnalysis(sentences=sentences, topics=tuple(topics))


def _sentence(words: tuple[Word, ...], first: int, last: int) -> Sentence:
    text = " ".join(word.word for word in words[first : last + 1])
    start, end = words[first].start, words[last].end
    return Sentence(
        start=start,
        end=end,
        text=text,
        speaker=words[first].speaker,
        first_word=first,
        last_word=last,
        words_per_second=(last - first + 1) / max(end - start, 0.1),
        is_question=text.rstrip("\"'”’)").endswith("?"),
        has_number=any(character.isdigit() for character in text),
    )
