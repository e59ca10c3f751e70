"""Text as words: what is said by itself is one, and what is only written goes with what is said."""

import pytest

from shared.transcripts.wording import ends_sentence, joined, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We won! 🎉🎉 Really…", ["We", "won!", "🎉🎉 Really…"]),
        ("Great🎉job", ["Great🎉job"]),
        ("吉野家で、", ["吉", "野", "家", "で、"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        ("ちょっと", ["ちょっ", "と"]),
        ("우리는 갔다", ["우리는", "갔다"]),
        ("ha👍🏽⭐ yes", ["ha👍🏽⭐", "yes"]),
    ],
)
def test_ideographs_are_words_and_emoji_are_at_one(text: str, words: list[str]) -> None:
    assert words_in(text) == words


@pytest.mark.parametrize("text", ["吉野家で食べた。", "𠮷野家 and more", "We won! 🎉"])
def test_words_joined_are_the_text_again(text: str) -> None:
    assert joined(words_in(text)) == text


@pytest.mark.parametrize("word", ["done.", "what?!", "“No.”", "I.", "2023.", "食べた。", "…"])
def test_a_sentence_ends_with_a_mark(word: str) -> None:
    assert ends_sentence(word)


@pytest.mark.parametrize("word", ["so", "well,", "Mr.", "J.", "U.S.", "3.", "(Dr."])
def test_no_sentence_ends_with_what_is_abbreviated(word: str) -> None:
    assert not ends_sentence(word)
