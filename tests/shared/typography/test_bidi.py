"""Letters of a line are in the order that the Unicode bidirectional algorithm gives, as another implementation has it."""

import pytest
from bidi import get_display
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.typography import Run, mostly_right, visual_runs

_PIECES = st.sampled_from(
    [
        *"abZ",
        *"אבש",
        *"سلام",
        *"012",
        *"٣٤",
        *"+-,.:/%$#!?&*_\t",
        *"()[]{}",
        " ",
        " ",
        "é",
        "\u05b0",
        "\u0301",
        "中",
        "한",
    ]
)
_SAME = str.maketrans(")]}", "([{")
"""Whether a bracket is mirrored is the affair of who draws it."""


def seen(line: str, *, right: bool) -> str:
    return "".join(run.text[::-1] if run.right else run.text for run in visual_runs(line, right=right))


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=24).map("".join), st.booleans())
def test_every_line_is_seen_as_by_the_referee(line: str, right: bool) -> None:
    referee = get_display(line, base_dir="R" if right else "L")
    assert seen(line, right=right).translate(_SAME) == referee.translate(_SAME)


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("trim", [Run("trim", False)]),
        ("قص 12 trim", [Run("12", False), Run("قص ", True), Run(" trim", False)]),
        ("of قص was", [Run("of ", False), Run("قص", True), Run(" was", False)]),
        ("", []),
    ],
)
def test_names_from_the_right_stand_in_sentences_from_the_left(line: str, runs: list[Run]) -> None:
    assert visual_runs(line) == runs


def test_brackets_around_what_runs_from_the_left_open_towards_it() -> None:
    runs = visual_runs("שם (v2)", right=True)
    assert runs == [Run("(", False), Run("v2", False), Run("שם (", True)], (
        "HarfBuzz mirrors what is in a run from the right"
    )


def test_a_text_runs_as_most_of_its_letters_do() -> None:
    assert mostly_right("مونتاج سريع mp4")
    assert not mostly_right("The success of قص fell.")
    assert not mostly_right("12 %")
