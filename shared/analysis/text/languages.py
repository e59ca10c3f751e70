"""Languages: which one a transcript is in, for what is known of some of them."""

from collections.abc import Sequence

from shared.analysis.wording import stop_words

ENGLISH = "en"
_SHARE = 0.25
"""Of words that English has most; of any other language fewer happen to be spelt like them."""


def language_of(told: str | None, said: Sequence[str]) -> str:
    """The language that bare words are in, without its region. `told`: BCP 47; unknown, it is English if it reads so, or ""."""
    if told:
        return told.split("-")[0].lower()
    return ENGLISH if sum(word in stop_words() for word in said) >= _SHARE * len(said) else ""
