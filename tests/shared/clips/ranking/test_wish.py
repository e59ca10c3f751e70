"""What a prompt asks for, taken apart."""

import pytest

from shared.clips.asking import asked
from shared.clips.ranking.terms import term
from shared.clips.ranking.wish import intents, read_wish


@pytest.mark.parametrize(
    ("prompt", "topics"),
    [
        ("moments about pricing and customers", {"pricing", "customers"}),
        ("find 5 clips of 30 seconds where they talk about the rocket", {"rocket"}),
        ("the funniest jokes", set()),
        ("what he says about 1969", {"1969"}),
        ("Brot und Salz", {"brot", "und", "salz"}),
    ],
)
def test_topics_are_the_words_that_say_what_it_is_about(prompt: str, topics: set[str]) -> None:
    assert set(read_wish(asked(prompt)).topics.values()) == topics


@pytest.mark.parametrize(
    ("prompt", "intent"),
    [
        ("viral", "surprise"),
        ("educational", "teaching"),
        ("funny", "humour"),
        ("highlights", "importance"),
        ("alex_hormozi", "business"),
        ("storytelling", "story"),
        ("case_study", "proof"),
        ("heated debates and conflicts", "dispute"),
        ("touching, emotional moments", "feeling"),
    ],
)
def test_every_preset_and_kind_of_moment_is_understood(prompt: str, intent: str) -> None:
    wanted = read_wish(asked(prompt)).intents
    assert wanted[intent] == max(wanted.values())


@pytest.mark.parametrize(
    ("prompt", "avoided"),
    [
        ("the best moments, but nothing about the dog", "dog"),
        ("clips without politics", "politics"),
        ("educational parts except for advertising", "advertising"),
        ("clips about bread; skip the sponsors and make it short", "sponsors"),
    ],
)
def test_what_a_prompt_excludes_is_no_topic(prompt: str, avoided: str) -> None:
    wish = read_wish(asked(prompt))
    assert wish.avoided == {term(avoided)}
    assert term(avoided) not in wish.topics


def test_the_features_of_an_intent_are_shared_out() -> None:
    for intent in intents().values():
        assert sum(intent.shares().values()) == pytest.approx(1)
