"""Aligning: words that somebody wrote get the times at which they are said."""

from shared.transcripts.aligning.aligner import Aligned, align
from shared.transcripts.aligning.retiming import filled, retimed

__all__ = ["Aligned", "align", "filled", "retimed"]
