"""Chunking: a film is split so that several machines encode it side by side, and joined as if one had.

Nothing here knows of machines: where to split, whether a chunk is whole, how chunks are joined, how long all of it takes."""

from shared.media.chunking.borders import Chunk, plan_chunks
from shared.media.chunking.checking import BrokenChunk, check_chunk
from shared.media.chunking.joining import join_chunks
from shared.media.chunking.keyframes import key_moments
from shared.media.chunking.prediction import USUAL_BITS, Prediction, Work, even_splits, predict
from shared.media.chunking.speeds import Speeds, Whole, encode_speeds, speed_table

__all__ = [
    "USUAL_BITS",
    "BrokenChunk",
    "Chunk",
    "Prediction",
    "Speeds",
    "Whole",
    "Work",
    "check_chunk",
    "encode_speeds",
    "even_splits",
    "join_chunks",
    "key_moments",
    "plan_chunks",
    "predict",
    "speed_table",
]
