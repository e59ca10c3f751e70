"""The compiler: a komposition and its files become one FFmpeg graph."""

from shared.kompositions.graph.compile import MediaGraph, command, compile_komposition
from shared.kompositions.graph.loudness import Loudness
from shared.kompositions.graph.media import SourceMedia

__all__ = ["Loudness", "MediaGraph", "SourceMedia", "command", "compile_komposition"]
