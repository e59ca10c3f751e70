"""One click: fillers, retakes and silences, seen before it is done, each undone alone."""

from pathlib import Path

import pytest

from shared.analysis import Filler, Retake, TextAnalysis
from shared.paper_editing import CleanUp, NotAnalyzed, SilenceSettings, clean_up, preview
from tests.shared.paper_editing.talk import RATE, Talk, shares

TEXT = TextAnalysis(
    fillers=(Filler(index=6, word="um", start=3.3, end=3.6),),
    retakes=(Retake(first_word=2, last_word=4, kept_first_word=8, similarity=0.9),),
)


def test_fillers_and_retakes_go_with_their_reasons(talk: Talk) -> None:
    edit = talk.edit
    cleaned = clean_up(edit, CleanUp(remove=("fillers", "retakes")), text=TEXT)
    seen = preview(edit, cleaned)
    assert [(cut.text, cut.reason.kind) for cut in seen.cuts] == [("w2 w3 w4", "retake"), ("w6", "filler")]
    assert seen.cuts[0].reason.detail == "Said again from word 8 on, 90% alike"
    assert seen.saved > 1.0
    assert cleaned.undo().text == edit.text
    assert cleaned.undo(seen.cuts[0].operation).page.words == [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11]


def test_silences_keep_a_margin_around_what_is_heard(talk: Talk) -> None:
    cleaned = clean_up(talk.edit, CleanUp(remove=("silences",)), profile=talk.profile)
    found = [(cut.start, cut.end) for cut in cleaned.cuts]
    wanted = [(0, 0.3), (2.5, 3.1), (4.9, 5.7), (6.8, 7.5)]
    assert found == [pytest.approx(span, abs=0.012) for span in wanted]


def test_the_threshold_and_the_margin_are_the_users(talk: Talk) -> None:
    wide = CleanUp(remove=("silences",), silences=SilenceSettings(margin=0.45))
    assert len(clean_up(talk.edit, wide, profile=talk.profile).cuts) == 2
    deaf = CleanUp(remove=("silences",), silences=SilenceSettings(threshold=0.0001))
    assert clean_up(talk.edit, deaf, profile=talk.profile) == talk.edit


def test_the_preview_tells_the_length_of_the_film_to_come(talk: Talk, tmp_path: Path) -> None:
    cleaned = clean_up(talk.edit, CleanUp(), text=TEXT, profile=talk.profile)
    seen = preview(talk.edit, cleaned)
    heard = talk.heard(cleaned, tmp_path)
    assert seen.before == pytest.approx(7.5, abs=0.01)
    assert seen.after == pytest.approx(len(heard) / RATE, abs=0.2)
    assert [share > 0.995 for share in shares(talk, heard)] == [word in cleaned.page.words for word in range(12)]


def test_what_is_out_already_is_not_proposed_again(talk: Talk) -> None:
    cleaned = clean_up(talk.edit, CleanUp(), text=TEXT, profile=talk.profile)
    assert clean_up(cleaned, CleanUp(), text=TEXT, profile=talk.profile) == cleaned


def test_what_was_not_analysed_is_said(talk: Talk) -> None:
    with pytest.raises(NotAnalyzed, match="silences"):
        clean_up(talk.edit, CleanUp(remove=("silences",)))
    with pytest.raises(NotAnalyzed, match="fillers"):
        clean_up(talk.edit, CleanUp(remove=("fillers",)))
