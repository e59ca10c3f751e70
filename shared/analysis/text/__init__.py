"""What is said: sentences, topics, fillers, retakes."""

from shared.analysis.text.analyzing import analyze_text
from shared.analysis.text.flaws import find_flaws

__all__ = ["analyze_text", "find_flaws"]
