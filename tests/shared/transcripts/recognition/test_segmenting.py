"""Words become sentences, or what is said in one breath; every word is in one."""

from hypothesis import given
from hypothesis import strategies as st

from shared.transcripts.recognition.segmenting import LONGEST, MOST_WORDS, segments_of
from shared.transcripts.recognition.timing import TimedWord


def words(text: str, *, every: float = 0.4) -> list[TimedWord]:
    return [TimedWord(f" {word}", n * every, n * every + 0.3, 0.9) for n, word in enumerate(text.split())]


def test_a_sentence_is_a_segment() -> None:
    assert [each.text for each in segments_of(words('He said: "Go!" Then Mr. Ray, 3. of May? yes'))] == [
        'He said: "Go!"',
        "Then Mr. Ray, 3. of May?",
        "yes",
    ]


def test_a_breath_ends_a_segment_and_a_change_of_speaker_does() -> None:
    said = [*words("so it goes"), TimedWord(" on", 3.0, 3.3, 0.9)]
    assert [each.text for each in segments_of(said)] == ["so it goes", "on"]
    parted = segments_of(words("yes no no"), ["A", "B", "B"])
    assert [(each.speaker, each.text) for each in parted] == [("A", "yes"), ("B", "no no")]


def test_a_script_without_spaces_stays_without() -> None:
    (segment,) = segments_of([TimedWord("日", 0, 0.2, 0.9), TimedWord("本", 0.2, 0.4, 0.9)])
    assert (segment.text, [word.word for word in segment.words]) == ("日本", ["日", "本"])


@given(st.lists(st.tuples(st.floats(0.0, 2.0), st.floats(0.01, 1.0), st.sampled_from(("a", "b.", "24", "c?")))))
def test_every_word_is_in_one_segment_and_segments_are_short(told: list[tuple[float, float, str]]) -> None:
    at, said = 0.0, []
    for silence, length, word in told:
        said.append(TimedWord(f" {word}", at + silence, at + silence + length, None))
        at += silence + length
    segments = segments_of(said)
    assert [word.word for each in segments for word in each.words] == [word.text.strip() for word in said]
    assert all(each.text.split() == [word.word for word in each.words] for each in segments)
    assert all(each.end - each.start <= LONGEST or len(each.words) == 1 for each in segments)
    assert all(len(each.words) <= MOST_WORDS for each in segments)
