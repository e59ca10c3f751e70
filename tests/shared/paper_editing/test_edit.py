"""Operations on a paper: each means the same whatever is undone, each can be undone alone, none is ever lost."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.media import MediaInfo, StreamInfo
from shared.paper_editing import NothingToUndo, PaperEdit, Reason, UnknownWords
from tests.shared.paper_editing.talk import transcribe

WORDS = 8
EDIT = PaperEdit.of(transcribe([(number, number + 0.9) for number in range(WORDS)]), WORDS + 0.5)
words = st.integers(0, WORDS - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["delete", "restore", "silence"]), words, words),
        st.tuples(st.just("move"), words, words, st.integers(0, WORDS)),
        st.tuples(st.just("tighten"), words),
        st.tuples(st.sampled_from(["undo", "redo"])),
    ),
    max_size=12,
)


def talk_info() -> MediaInfo:
    """What is known of the file of `EDIT`, which is not there."""
    picture = StreamInfo(index=0, kind="video", codec="h264", width=320, height=180, frame_rate=Fraction(30))
    sound = StreamInfo(index=1, kind="audio", codec="aac", sample_rate=48_000, channels=1)
    seconds = Fraction(str(EDIT.duration))
    return MediaInfo(container="mov", exact_duration=seconds, size=1, streams=(picture, sound))


def taken(edit: PaperEdit, step: tuple[Any, ...]) -> PaperEdit:
    """The edit after a step, or as it is where the step is refused."""
    try:
        match step:
            case ("delete", first, last):
                return edit.delete(first, last)
            case ("silence", first, last):
                return edit.delete(first, last, keep_time=True)
            case ("restore", first, last):
                return edit.restore(first, last)
            case ("move", first, last, before):
                return edit.move(first, last, before)
            case ("tighten", after):
                return edit.tighten(after + 0.92, after + 0.98)
            case ("undo",):
                return edit.undo()
            case _:
                return edit.redo()
    except (UnknownWords, NothingToUndo):
        return edit


def taken_all(taken_steps: list[tuple[Any, ...]]) -> PaperEdit:
    """An edit after many steps."""
    edit = EDIT
    for step in taken_steps:
        edit = taken(edit, step)
    return edit


def test_words_are_deleted_moved_and_restored_as_they_stand_in_the_film() -> None:
    edit = EDIT.move(5, 6, 2)
    assert edit.text == "w0 w1 w5 w6 w2 w3 w4 w7"
    edit = edit.delete(6, 3)
    assert edit.text == "w0 w1 w5 w4 w7"
    assert edit.restore(2).text == "w0 w1 w5 w2 w4 w7"


def test_one_operation_in_the_middle_is_undone_and_the_others_stay() -> None:
    edit = EDIT.delete(0).move(7, 7, 1).delete(3)
    assert edit.undo(2).text == "w1 w2 w4 w5 w6 w7"
    assert edit.undo(1).undo(2).redo(1).text == "w1 w2 w4 w5 w6 w7"
    with pytest.raises(NothingToUndo, match="no operation 9"):
        edit.undo(9)


def test_a_batch_is_undone_at_once_and_each_of_it_alone() -> None:
    batch = EDIT.delete(0).do([EDIT.delete(2).operations[0], EDIT.delete(4).operations[0]], batch=True)
    assert batch.text == "w1 w3 w5 w6 w7"
    assert batch.undo().text == "w1 w2 w3 w4 w5 w6 w7"
    assert batch.undo().redo().text == batch.text
    assert batch.undo(3).text == "w1 w3 w4 w5 w6 w7"


def test_every_cut_tells_its_reason_and_the_operation_to_undo() -> None:
    edit = EDIT.delete(1, 2, reason=Reason(kind="filler", detail="“um” says nothing")).tighten(4.91, 4.99)
    words, pause = edit.cuts
    assert (words.text, words.reason.kind, words.operation) == ("w1 w2", "filler", 1)
    assert (pause.text, pause.start, pause.end, pause.operation) == ("", 4.91, 4.99, 2)
    assert edit.undo(words.operation).cuts == (pause,)


@pytest.mark.parametrize(
    ("step", "pointer"),
    [
        (lambda: EDIT.delete(99), "/first"),
        (lambda: EDIT.delete(5, 2), "/last"),
        (lambda: EDIT.move(2, 4, 3), "/0/before"),
        (lambda: EDIT.move(2, 4, 99), "/0/before"),
        (lambda: EDIT.tighten(2.5, 3.5), "/0/start"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_place(step: Any, pointer: str) -> None:
    with pytest.raises(UnknownWords) as refused:
        step()
    assert refused.value.errors[0].pointer == pointer


@given(steps)
def test_no_word_is_lost_or_doubled_whatever_is_done(taken_steps: list[tuple[Any, ...]]) -> None:
    edit = taken_all(taken_steps)
    assert sorted(edit.page.order) == list(range(WORDS))
    assert len(set(edit.page.words)) == len(edit.page.words)
    cut = {word for cut in edit.cuts if cut.text for word in cut.text.split()}
    assert {f"w{word}" for word in edit.page.words} == {f"w{word}" for word in range(WORDS)} - cut


@given(steps)
def test_undoing_everything_gives_the_recording_and_redoing_it_the_edit(taken_steps: list[tuple[Any, ...]]) -> None:
    edit = back = taken_all(taken_steps)
    count = 0
    while any(operation.undone is None for operation in back.operations):
        back = back.undo()
        count += 1
    assert back.text == EDIT.text
    for _ in range(count):
        back = back.redo()
    assert back == edit


@given(steps)
def test_the_document_reads_back_equal(taken_steps: list[tuple[Any, ...]]) -> None:
    edit = taken_all(taken_steps)
    again = PaperEdit.model_validate_json(edit.model_dump_json(by_alias=True))
    assert again == edit
    assert again.text == edit.text
