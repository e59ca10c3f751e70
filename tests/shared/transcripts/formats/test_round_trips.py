"""What is written in a format and read again says the same words."""

import pytest
from hypothesis import given, settings

from shared.transcripts import FORMATS, Segment, Transcript, Word, read_transcript, write_transcript
from tests.shared.transcripts.texts import long_transcript, transcripts


def again(told: Transcript, name: str) -> Transcript:
    """Written and read."""
    return read_transcript(write_transcript(told, name), name)


def spoken(told: Transcript) -> list[str]:
    return [word.word for word in told.words]


def assert_well_formed(told: Transcript) -> None:
    """Every word has a time inside its segment; segments are in order, and one speaker's do not overlap."""
    ended: dict[str | None, float] = {}
    latest = 0.0
    for segment in told.segments:
        assert latest <= segment.start <= segment.end
        assert ended.get(segment.speaker, 0.0) <= segment.start + 1e-9
        starts = [word.start for word in segment.words]
        assert starts == sorted(starts)
        assert all(segment.start <= word.start <= word.end <= segment.end for word in segment.words)
        latest, ended[segment.speaker] = segment.start, segment.end


@pytest.mark.parametrize("name", ["vtt", "word_vtt", "json3", "srt"])
@given(told=transcripts())
@settings(deadline=None, max_examples=40)
def test_no_word_is_lost_or_doubled(name: str, told: Transcript) -> None:
    if not told.segments and name == "srt":
        return
    read = again(told, name)
    assert spoken(read) == spoken(told)
    assert_well_formed(read)


@pytest.mark.parametrize("name", ["srt", "vtt", "word_vtt", "zoom_vtt"])
def test_what_looks_like_markup_and_was_said_is_read_again(name: str) -> None:
    said = r"Write <b>bold</b>, </i> <font color=red> {\an8} a<b c>d &lt;b&gt; <v Ann> <c.red> a-->b --->c x[br]y a\Nb C:\N &#39;"
    texts = said.split()
    words = tuple(Word(word=text, start=float(at), end=at + 0.9) for at, text in enumerate(texts))
    segment = Segment(start=0.0, end=words[-1].end, text=said, words=words)
    assert spoken(again(Transcript(segments=(segment,)), name)) == texts


@given(told=transcripts())
@settings(deadline=None, max_examples=40)
def test_json_keeps_everything(told: Transcript) -> None:
    assert again(told, "json") == told


@given(told=transcripts())
@settings(deadline=None, max_examples=60)
def test_word_vtt_keeps_the_times_of_words_to_the_millisecond_and_who_says_them(told: Transcript) -> None:
    def timed(word: Word) -> tuple[str, float, float, str | None]:
        return word.word, round(word.start, 3), round(word.end, 3), word.speaker

    assert list(map(timed, again(told, "word_vtt").words)) == list(map(timed, told.words))


@given(told=transcripts())
@settings(deadline=None, max_examples=40)
def test_json3_keeps_the_starts_of_words(told: Transcript) -> None:
    assert [word.start for word in again(told, "json3").words] == [word.start for word in told.words]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_found_by_what_its_files_say(name: str) -> None:
    told = long_transcript(400)
    read = read_transcript(write_transcript(told, name))
    assert spoken(read) == spoken(told)
    assert_well_formed(read)


@pytest.mark.parametrize("name", ["json", "word_vtt"])
def test_an_hour_goes_out_and_in(name: str) -> None:
    told = long_transcript(10_000)
    read = again(told, name)
    assert spoken(read) == spoken(told)
    assert_well_formed(read)


@pytest.mark.parametrize("name", ["vtt", "word_vtt", "zoom_vtt", "txt", "json"])
def test_speakers_are_kept(name: str) -> None:
    assert again(long_transcript(200), name).speakers == ("Ada", "Grace")


def test_srt_has_speakers_only_when_asked_to() -> None:
    told = long_transcript(60)
    assert read_transcript(write_transcript(told, "srt")).speakers == ()
    assert read_transcript(write_transcript(told, "srt", speakers=True)).speakers == ("Ada", "Grace")
