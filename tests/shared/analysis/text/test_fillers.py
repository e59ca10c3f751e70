import pytest

from shared.analysis import analyze_text
from tests.shared.analysis.speech import spoken


def fillers(text: str, language: str | None = "en", pauses: dict[int, float] | None = None) -> list[str]:
    return [filler.word for filler in analyze_text(spoken(text, language=language, pauses=pauses)).fillers]


def test_sounds_are_fillers_wherever_they_stand() -> None:
    assert fillers("Um, so the uh, revenue was hmm fine.") == ["Um,", "uh,", "hmm"]


def test_phrases_are_fillers_only_where_speech_sets_them_apart() -> None:
    assert fillers("It was, like, really good, you know, for us.") == ["like,", "you", "know,"]
    assert fillers("I like it and you know what I mean, it works like a charm.") == []


def test_a_pause_sets_apart_where_there_are_no_commas() -> None:
    assert fillers("it was basically done", pauses={1: 0.4, 2: 0.4}) == ["basically"]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Das ist ähm gut.", "de", ["ähm"]),
        ("C'est euh bien.", "fr-CA", ["euh"]),
        ("Er kommt ähm um acht.", "de", ["ähm"]),
        ("Er kommt ähm um acht, weil er da wohnt.", None, ["ähm"]),
        ("Ele é um homem, eh, bom.", "pt-BR", ["eh,"]),
        ("Han er hjemme, øh, nu.", "da", ["øh,"]),
        ("Ben komt er, eh, aan.", "nl", ["eh,"]),
        ("So, er, he came to the ER with um a cut of 5 mm.", "en", ["er,", "um"]),
        ("SO, UM, HE CAME.", None, ["UM,"]),
    ],
)
def test_each_language_has_its_own(text: str, language: str, found: list[str]) -> None:
    assert fillers(text, language) == found


def test_a_filler_tells_its_place_among_all_words() -> None:
    transcript = spoken("We uh sold it.")
    (filler,) = analyze_text(transcript).fillers
    word = tuple(transcript.words)[filler.index]
    assert (filler.word, filler.start, filler.end) == (word.word, word.start, word.end)
