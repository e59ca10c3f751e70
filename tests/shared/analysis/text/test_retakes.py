import pytest

from shared.analysis import analyze_text, find_flaws
from tests.shared.analysis.speech import spoken


def takes(text: str) -> list[tuple[str, str]]:
    """What may go, and the word that stays first."""
    words = text.split()
    found = analyze_text(spoken(text)).retakes
    return [(" ".join(words[each.first_word : each.last_word + 1]), words[each.kept_first_word]) for each in found]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("The the problem is simple.", "The"),
        ("So um what we, so what we did was call everybody.", "So um what we,"),
        ("I think I think we should go.", "I think"),
        (
            "The first thing that you need, the first thing that you need to know is cash.",
            "The first thing that you need,",
        ),
        (
            "Today we talk about pricing your product. Sorry, let me start again. Today we talk about how to price it.",
            "Today we talk about pricing your product. Sorry, let me start again.",
        ),
        (
            "First you cut the onions into sorry. First you cut the onions into small pieces.",
            "First you cut the onions into sorry.",
        ),
        (
            "This tool saves every team some hours. This tool saves every team some hours.",
            "This tool saves every team some hours.",
        ),
    ],
)
def test_the_take_before_goes(text: str, gone: str) -> None:
    assert [take for take, _ in takes(text)] == [gone]


@pytest.mark.parametrize(
    "text",
    [
        "We shall fight on the beaches, we shall fight on the landing grounds, we shall fight in the fields.",
        "Ask not what your country can do for you, ask what you can do for your country.",
        "It is what it is.",
        "I am so very sorry. I am so very late.",
        "All of them were really sorry. All of us were glad.",
        "It was very very good, over and over and over again.",
        "If you can dream it you can do it. If you can think it you can make it.",
        "I have been here for ten years. I have been here for eleven winters.",
        "Do you want to stay or do you want to leave?",
        "The song New York, New York was on and on and on, faster and faster and faster.",
        "And we danced: one, two, three, one, two, three.",
    ],
)
def test_repetition_that_is_meant_stays(text: str) -> None:
    assert takes(text) == []


@pytest.mark.parametrize(
    ("text", "language", "gone"),
    [
        ("Demain nous nous verrons très très bien, non non.", "fr", []),
        ("Je je crois que oui.", "fr", ["Je"]),
        ("Das ist für die, die es wir wir wollen.", "de", ["wir"]),
        ("Anak anak pergi jalan jalan.", "id", []),
        ("Yavaş yavaş gel.", None, []),
        ("And so we we did it.", None, ["we"]),
    ],
)
def test_every_language_doubles_words_of_its_own(text: str, language: str | None, gone: list[str]) -> None:
    words = text.split()
    found = analyze_text(spoken(text, language=language)).retakes
    assert [" ".join(words[each.first_word : each.kept_first_word]) for each in found] == gone


@pytest.mark.parametrize(
    ("signs", "gone"),
    [("今天我们谈谈妈妈的研究研究", 0), ("我们今天要我们今天要谈谈猫", 5)],
    ids=["words that have a sign twice", "begun anew"],
)
def test_signs_of_a_script_without_spaces_are_no_words(signs: str, gone: int) -> None:
    found = analyze_text(spoken(" ".join(signs), language="zh")).retakes
    assert sum(each.last_word - each.first_word + 1 for each in found) == gone


def test_two_people_who_say_the_same_do_not_correct_each_other() -> None:
    both = spoken(("anna", "We should sell the company now."), ("ben", "We should sell the company now."))
    assert analyze_text(both).retakes == ()


def test_a_clean_up_finds_what_the_analysis_finds() -> None:
    told = spoken("So um what we, so what we did was call everybody.")
    quick, whole = find_flaws(told), analyze_text(told)
    assert (quick.fillers, quick.retakes) == (whole.fillers, whole.retakes)
    assert quick.retakes
