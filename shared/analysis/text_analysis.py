"""TextAnalysis: what is said in a recording, sentence by sentence, and what of it one would rather not have said."""

from pydantic import Field

from shared.analysis.part import Span
from shared.core.documents import StoredPart


class Sentence(Span):
    """A sentence of one speaker. `first_word` and `last_word` are its places among all words of the transcript, both included."""

    text: str
    speaker: str | None = None
    first_word: int = Field(ge=0)
    last_word: int = Field(ge=0)
    sentiment: float = Field(default=0.0, ge=-1, le=1)
    words_per_second: float = Field(default=0.0, ge=0)
    is_question: bool = False
    has_number: bool = False


class Topic(Span):
    """A stretch of sentences about one thing, and the words that tell it from the rest, the most telling first."""

    first_sentence: int = Field(ge=0)
    last_sentence: int = Field(ge=0)
    keywords: tuple[str, ...] = ()


class Filler(Span):
    """A word that says nothing: its place among all words of the transcript."""

    index: int = Field(ge=0)
    word: str


class Retake(StoredPart):
    """Something said again: the words of the take that may go, both included, and where the one that stays begins.

    `similarity`: 0 to 1, how much the two are alike."""

    first_word: int = Field(ge=0)
    last_word: int = Field(ge=0)
    kept_first_word: int = Field(ge=0)
    similarity: float = Field(ge=0, le=1)


class TextAnalysis(StoredPart):
    """What is said in a recording. Topics cover all sentences without gaps."""

    sentences: tuple[Sentence, ...] = ()
    topics: tuple[Topic, ...] = ()
    fillers: tuple[Filler, ...] = ()
    retakes: tuple[Retake, ...] = ()
