"""Figures and questions: what a sentence has, by its words."""

from collections.abc import Sequence

from shared.analysis.wording import word_list


def has_number(said: Sequence[str]) -> bool:
    """Whether bare words tell a number, in digits or spelled out."""
    return any(word in word_list("numbers") or any(character.isdigit() for character in word) for word in said)


def is_question(text: str, said: Sequence[str], *, punctuated: bool) -> bool:
    """Whether a sentence asks: by its mark, or in a transcript without marks by how it begins."""
    if punctuated:
        return text.rstrip("\"'”’)]» ").endswith(("?", "？", "؟"))
    if len(said) < 3:
        return False
    if said[0] in word_list("auxiliaries"):
        return said[1] in word_list("persons")
    return said[0] in word_list("asking") and said[1] in word_list("auxiliaries")
