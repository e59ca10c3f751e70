"""A paper edit as a film, by its samples: what was deleted is gone, what was kept is whole, and no join is heard."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from shared.kompositions import SourceMedia, compile_komposition, plan_timeline
from shared.kompositions.drawing import caption_sidecar
from shared.media import probe
from shared.paper_editing import SOURCE, PaperEdit, listen, to_komposition
from tests.shared.kompositions.graph.measuring import numbers, samples
from tests.shared.media.clips import make
from tests.shared.paper_editing.talk import LOUD, RATE, ROOM, Talk, joins, level, record, shares, transcribe

EDITS = {
    "a word": lambda edit: edit.delete(1),
    "words at both ends": lambda edit: edit.delete(0).delete(10, 11),
    "one of words that run into each other": lambda edit: edit.delete(4),
    "every other word": lambda edit: edit.delete(1).delete(3).delete(5).delete(7).delete(9),
    "moved words": lambda edit: edit.move(6, 8, 2),
    "moved and deleted": lambda edit: edit.move(2, 3, 12).delete(8),
    "a pause": lambda edit: edit.tighten(2.5, 3.1),
    "silenced words": lambda edit: edit.delete(3, keep_time=True).delete(8, keep_time=True),
}


@pytest.mark.parametrize("name", EDITS)
def test_kept_words_are_whole_deleted_ones_gone_and_joins_unheard(talk: Talk, tmp_path: Path, name: str) -> None:
    edit: PaperEdit = EDITS[name](talk.edit)
    heard = talk.heard(edit, tmp_path)
    for number, share in enumerate(shares(talk, heard)):
        if number in edit.page.words:
            assert share > 0.995, f"word {number} is not whole"
        else:
            assert share < 0.05, f"word {number} is heard"
    assert np.abs(np.diff(heard)).max() <= np.abs(np.diff(talk.sound)).max() * 1.02
    for join in joins(talk.komposition(edit)):
        assert np.abs(np.diff(heard[join - 3 : join + 3])).max() < 2 * ROOM, f"a click at sample {join}"


def test_no_click_is_heard_where_words_are_cut_out_of_a_stream_of_them(tmp_path: Path) -> None:
    """Words without a pause, their times 4 ms late, as recognisers tell them: every cut lies in the middle of a sound."""
    times = [(n * 0.31, (n + 1) * 0.31) for n in range(6)]
    talk = record(tmp_path, times, 1.9, edges=0.001)
    talk = replace(talk, transcript=transcribe([(start + 0.0043, end + 0.0043) for start, end in times]))
    edit = talk.edit.delete(1).delete(3)
    heard = talk.heard(edit, tmp_path)
    cuts = [round(edit.words[word].start * RATE) for word in (1, 2, 3, 4)]
    assert min(np.abs(talk.sound[cut - 24 : cut + 24]).max() for cut in cuts) > LOUD * 0.9
    for join in joins(talk.komposition(edit)):
        assert np.abs(np.diff(heard[join - 3 : join + 3])).max() < LOUD / 8, f"a click at sample {join}"
    assert [share > 0.98 for share in shares(talk, heard)] == [True, False, True, False, True, True]


def test_nothing_done_is_the_recording_itself(talk: Talk, tmp_path: Path) -> None:
    film = talk.film(talk.edit, tmp_path)
    assert film.total_frames == 225
    assert numbers(film) == list(range(225))
    assert np.abs(talk.heard(talk.edit, tmp_path) - talk.sound).max() < 1e-3


def test_the_picture_goes_with_the_words(talk: Talk, tmp_path: Path) -> None:
    """Word 6 is said while frames 99 to 107 are seen; it comes first now."""
    seen = numbers(talk.film(talk.edit.move(6, 6, 0), tmp_path))
    assert set(range(99, 108)) <= set(seen[:15])
    assert seen[-1] == 224


def test_the_room_is_heard_where_words_were_silenced(talk: Talk, tmp_path: Path) -> None:
    heard = talk.heard(talk.edit.delete(8, keep_time=True), tmp_path)
    assert len(heard) == pytest.approx(len(talk.sound), abs=RATE // 30)
    for start in np.arange(4.03, 4.22, 0.02):
        assert ROOM / 2 < level(heard[int(start * RATE) : int((start + 0.05) * RATE)]) < ROOM * 2


def test_the_room_is_heard_in_the_pause_between_words_that_ran_into_each_other(talk: Talk, tmp_path: Path) -> None:
    edit = talk.edit.delete(4)
    film = talk.film(edit, tmp_path)
    heard = talk.heard(edit, tmp_path)
    quietest = min(level(heard[first : first + 480]) for first in range(0, len(heard) - 480, 240))
    assert quietest > ROOM / 4, "the sound stops for 10 ms"
    assert film.total_frames == pytest.approx((7.5 - 0.2 + 0.06) * 30, abs=1.5)


def test_a_recording_without_pictures_is_edited_by_its_words_too(talk: Talk, tmp_path: Path) -> None:
    path = tmp_path / "talk.flac"
    make(path, "-i", str(talk.media.path), "-vn")
    media = SourceMedia(path, probe(path))
    edit = talk.edit.delete(1).delete(4).move(8, 9, 0).delete(6, keep_time=True)
    komposition = to_komposition(edit, "asset", media.info, listen(path))
    assert (komposition.output.container, komposition.tracks.video) == ("flac", [])
    film = compile_komposition(komposition, {SOURCE: media}, tmp_path)
    heard = samples(film)[:, 0].astype(np.float64)
    assert [share > 0.995 for share in shares(talk, heard)] == [word in edit.page.words for word in range(12)]


def test_captions_follow_and_a_sentence_that_was_cut_is_one_still(talk: Talk) -> None:
    edit = talk.edit.delete(1).move(8, 11, 4)
    komposition = to_komposition(
        edit, "asset", talk.media.info, talk.profile, captions={"mode": "sidecar", "maxWords": 8}
    )
    told = caption_sidecar(komposition, plan_timeline(komposition), {SOURCE: talk.media})
    assert told is not None
    cues = [re.sub(r"<[^>]*>", "", cue).split("\n", 1)[1] for cue in told.strip().split("\n\n")[1:]]
    assert [" ".join(cue.split()) for cue in cues] == ["w0 w2 w3", "w8 w9 w10 w11", "w4 w5 w6 w7"]
