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
        ("the best moments about TikTok", {"tiktok"}),
        ("the best moments for TikTok", set()),
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
        ("don't include anything about the dog", "dog"),
        ("advice on pricing without politics, please", "politics"),
        ("no politics please", "politics"),
        ("try to avoid the sponsor", "sponsor"),
    ],
)
def test_what_a_prompt_excludes_is_no_topic(prompt: str, avoided: str) -> None:
    wish = read_wish(asked(prompt))
    assert wish.avoided == {term(avoided)}
    assert term(avoided) not in wish.topics


@pytest.mark.parametrize(
    ("prompt", "topic"),
    [
        ("tips on avoiding burnout", "burnout"),
        ("how to avoid burnout", "burnout"),
        ("why you should skip college", "college"),
        ("how to start a business without money", "money"),
        ("losing weight without exercise", "exercise"),
        ("success without college", "college"),
        ("the story of how they had no money", "money"),
        ("moments where he says no to investors", "investors"),
        ("it's not about the money", "money"),
        ("whether to rent or not to buy", "buy"),
    ],
)
def test_what_people_avoid_or_lack_is_what_a_prompt_is_about(prompt: str, topic: str) -> None:
    wish = read_wish(asked(prompt))
    assert topic in wish.topics.values()
    assert not wish.avoided


def test_who_is_named_is_to_be_heard_unless_it_is_about_them() -> None:
    assert term("Ann") in read_wish(asked("the best of Ann")).voices
    assert term("Ann") not in read_wish(asked("the best moments about Ann")).voices


def test_the_features_of_an_intent_are_shared_out() -> None:
    for intent in intents().values():
        assert sum(intent.shares().values()) == pytest.approx(1)
