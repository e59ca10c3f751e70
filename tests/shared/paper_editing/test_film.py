"""A paper edit as a film, by its samples: what was deleted is gone, what was kept is whole, and no join is heard."""

from pathlib import Path

import numpy as np
import pytest

from shared.paper_editing import PaperEdit
from tests.shared.kompositions.graph.measuring import numbers
from tests.shared.paper_editing.talk import RATE, ROOM, Talk, level, shares

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
