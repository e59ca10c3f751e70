"""What is left out of a clip."""

from shared.analysis import MediaAnalysis, Retake, Span, analyze_text, get_embedder
from shared.clips.material import Material, read_material
from shared.clips.tightening import tightened
from shared.transcripts import Segment, Transcript, Word

_TALK = "We raised our price and lost. We raised our price by forty percent and lost three customers."


def _material(*, retakes: tuple[Retake, ...] = (), silences: tuple[Span, ...] = (), pause: float = 4.0) -> Material:
    words = tuple(
        Word(word=word, start=n * 0.5 + (pause if n >= 6 else 0.0), end=n * 0.5 + 0.4 + (pause if n >= 6 else 0.0))
        for n, word in enumerate(_TALK.split())
    )
    segment = Segment(start=0.0, end=words[-1].end, text=_TALK, words=words)
    transcript = Transcript(duration=20.0, segments=(segment,))
    text = analyze_text(transcript).model_copy(update={"retakes": retakes})
    return read_material(transcript, text, MediaAnalysis(duration=20.0, silences=silences), get_embedder(), longest=30)


TAKE = Retake(first_word=0, last_word=5, kept_first_word=6, similarity=0.9)


def test_a_take_that_was_said_again_goes() -> None:
    material = _material(retakes=(TAKE,))
    parts = tightened(material, (0, len(material.edges.gaps) - 1), 3.0)
    assert material.spoken(parts) == "We raised our price by forty percent and lost three customers."


def test_a_silence_goes_but_for_a_breath() -> None:
    material = _material(silences=(Span(start=2.9, end=7.0),))
    whole = (0, len(material.edges.gaps) - 1)
    parts = tightened(material, whole, 3.0)
    assert len(parts) == 2
    assert material.spoken(parts) == _TALK
    assert material.duration([whole]) - material.duration(parts) > 3.0


def test_a_pause_in_which_something_sounds_stays() -> None:
    material = _material(silences=(Span(start=2.9, end=4.0),))
    whole = (0, len(material.edges.gaps) - 1)
    assert tightened(material, whole, 3.0) == (whole,)


def test_nothing_goes_that_would_make_it_too_short() -> None:
    material = _material(retakes=(TAKE,))
    whole = (0, len(material.edges.gaps) - 1)
    assert tightened(material, whole, material.duration([whole]) - 0.5) == (whole,)
