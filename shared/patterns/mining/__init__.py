"""Mining: which items follow each other in many sequences, with gaps or without; exact counts, fast."""

from shared.patterns.mining.errors import MiningError
from shared.patterns.mining.mining import mine_sequences
from shared.patterns.mining.pattern import SequencePattern

__all__ = ["MiningError", "SequencePattern", "mine_sequences"]
