"""Analysis: what is seen, heard and said in a recording, as far as it helps to find its best moments."""

from shared.analysis.analyzing import analyze_media
from shared.analysis.curve import Curve
from shared.analysis.embedding import Embedder, get_embedder
from shared.analysis.errors import EmbedderUnavailable, UnknownEmbedder
from shared.analysis.media_analysis import FaceBox, FaceTrack, MediaAnalysis, Reaction
from shared.analysis.part import Span
from shared.analysis.text import analyze_text
from shared.analysis.text_analysis import Filler, Retake, Sentence, TextAnalysis, Topic
from shared.analysis.wording import bare, stem, stop_words

__all__ = [
    "Curve",
    "Embedder",
    "EmbedderUnavailable",
    "FaceBox",
    "FaceTrack",
    "Filler",
    "MediaAnalysis",
    "Reaction",
    "Retake",
    "Sentence",
    "Span",
    "TextAnalysis",
    "Topic",
    "UnknownEmbedder",
    "analyze_media",
    "analyze_text",
    "bare",
    "get_embedder",
    "stem",
    "stop_words",
]
