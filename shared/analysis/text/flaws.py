"""Flaws: what one would rather not have said. Found by the words alone, without a library, while somebody waits."""

from shared.analysis.text.fillers import find_fillers
from shared.analysis.text.retakes import find_retakes
from shared.analysis.text.sentences import sentence_bounds
from shared.analysis.text_analysis import Sentence, TextAnalysis
from shared.transcripts import Transcript


def find_flaws(transcript: Transcript) -> TextAnalysis:
    """Fillers and retakes only, those that `analyze_text` finds: no sentences and topics."""
    words = tuple(transcript.words)
    sentences = [
        Sentence(
            start=words[first].start,
            end=max(word.end for word in words[first : last + 1]),
            text=" ".join(word.word for word in words[first : last + 1]),
            speaker=words[first].speaker,
            first_word=first,
            last_word=last,
        )
        for first, last in sentence_bounds(words)
    ]
    fillers = tuple(find_fillers(words, transcript.language))
    retakes = find_retakes(words, sentences, fillers, transcript.language)
    return TextAnalysis(fillers=fillers, retakes=tuple(retakes))
