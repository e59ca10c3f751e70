"""The compiler: a komposition and its files become one FFmpeg graph."""

from shared.kompositions.graph.compile import MediaGraph, compile_komposition
from shared.media.graph import Loudness, SourceMedia, command

__all__ = ["Loudness", "MediaGraph", "SourceMedia", "command", "compile_komposition"]
