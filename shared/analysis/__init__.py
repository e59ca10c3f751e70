"""Analysis: what is seen, heard and said in a recording, as far as it helps to find its best moments."""

from shared.analysis.analyzing import analyze_media
from shared.analysis.curve import Curve
from shared.analysis.embedding import Embedder, get_embedder
from shared.analysis.errors import EmbedderUnavailable, NothingToAnalyze, UnknownEmbedder
from shared.analysis.media_analysis import FaceTrack, MediaAnalysis, Reaction
from shared.analysis.part import Span
from shared.analysis.requesting import AnalyzeRequest, request_analysis
from shared.analysis.store import Feature, counts_of, get_analysis, keep_analysis, known_analysis, write_features
from shared.analysis.text import analyze_text, find_flaws
from shared.analysis.text_analysis import Filler, Retake, Sentence, TextAnalysis, Topic
from shared.analysis.wording import bare, stem, stop_words

__all__ = [
    "AnalyzeRequest",
    "Curve",
    "Embedder",
    "EmbedderUnavailable",
    "FaceTrack",
    "Feature",
    "Filler",
    "MediaAnalysis",
    "NothingToAnalyze",
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
    "counts_of",
    "find_flaws",
    "get_analysis",
    "get_embedder",
    "keep_analysis",
    "known_analysis",
    "request_analysis",
    "stem",
    "stop_words",
    "write_features",
]
