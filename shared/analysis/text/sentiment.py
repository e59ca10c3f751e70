"""Sentiment: how glad or how bitter words are, by VADER's lexicon, which is English."""

from functools import cache
from typing import Any


def sentiment(text: str, language: str | None) -> float:
    """-1 bitter to 1 glad; 0 for what is neutral, and in languages that the lexicon does not know."""
    if language is not None and not language.lower().startswith("en"):
        return 0.0
    return float(_analyzer().polarity_scores(text)["compound"])


@cache
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
