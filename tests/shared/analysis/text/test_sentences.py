from hypothesis import given
from hypothesis import strategies as st

from shared.analysis import analyze_text
from tests.shared.analysis.speech import spoken


def texts(*turns: tuple[str, str] | str, **options: object) -> list[str]:
    return [sentence.text for sentence in analyze_text(spoken(*turns, **options)).sentences]  # type: ignore[arg-type]


def test_sentences_end_at_their_marks_and_not_at_abbreviations() -> None:
    said = "Dr. Smith paid 3.5 dollars in the U.S. for it. Why? Nobody knows!"
    assert texts(said) == ["Dr. Smith paid 3.5 dollars in the U.S. for it.", "Why?", "Nobody knows!"]


def test_another_speaker_begins_another_sentence() -> None:
    assert texts(("anna", "so I thought"), ("ben", "yes exactly")) == ["so I thought", "yes exactly"]


def test_without_marks_pauses_part_sentences_and_none_is_endless() -> None:
    assert texts("we went home then it rained", pauses={2: 1.5}) == ["we went home", "then it rained"]
    lengths = [len(text.split()) for text in texts(" ".join(["word"] * 500))]
    assert sum(lengths) == 500
    assert max(lengths) <= 60


@given(st.lists(st.sampled_from(["so", "well,", "Yes.", "really?", "Mr.", "…", "1.5", "no!"]), max_size=80))
def test_sentences_are_all_words_in_order(words: list[str]) -> None:
    transcript = spoken(*words)
    sentences = analyze_text(transcript).sentences
    places = [place for each in sentences for place in range(each.first_word, each.last_word + 1)]
    assert places == list(range(len(words)))
    assert " ".join(each.text for each in sentences).split() == words


def test_each_sentence_tells_its_mood_pace_question_and_figures() -> None:
    glad, asked, figures, bitter = analyze_text(
        spoken("I love this wonderful team! How did you do it? We sold forty cars. It was a horrible, painful failure.")
    ).sentences
    assert glad.sentiment > 0.5 > -0.5 > bitter.sentiment
    assert [each.is_question for each in (glad, asked, figures)] == [False, True, False]
    assert [each.has_number for each in (glad, asked, figures)] == [False, False, True]
    assert 2.5 < glad.words_per_second < 3.5


def test_questions_without_marks_are_told_by_how_they_begin() -> None:
    sentences = analyze_text(
        spoken("how do you feel about it", "what we did was simple", "are you sure", pauses={5: 2.0, 10: 2.0})
    ).sentences
    assert [each.is_question for each in sentences] == [True, False, True]


def test_mood_is_not_guessed_in_languages_that_the_lexicon_does_not_know() -> None:
    assert analyze_text(spoken("Der Winter war love and hate.", language="de")).sentences[0].sentiment == 0.0


def test_nothing_said_is_nothing_found() -> None:
    assert analyze_text(spoken()).model_dump() == {"sentences": (), "topics": (), "fillers": (), "retakes": ()}
