"""What is said: sentences, topics, fillers, retakes."""

from shared.analysis.text.analyzing import analyze_text

__all__ = ["analyze_text"]
