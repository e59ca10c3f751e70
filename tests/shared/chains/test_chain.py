"""How the steps of a chain come by their inputs, and what of its parameters can be used."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.chains import ChainStep, InvalidChain, batch_of, fitting_params, wire
from shared.chains.chain import _SOUND_MAKERS
from shared.media import probe
from shared.media.operations import describe_operations
from shared.media.operations.batch import read_batch
from shared.media.operations.registry import OPERATIONS
from tests.shared.media.clips import plain

NAMES = sorted(OPERATIONS)


def steps(*names: str) -> list[ChainStep]:
    return [ChainStep(operation=name) for name in names]


@pytest.mark.parametrize(
    ("names", "inputs", "needs"),
    [
        (("trim", "resize", "to_mp3"), (("INPUT_1",), ("OUTPUT_PREVIOUS",), ("OUTPUT_PREVIOUS",)), ("media",)),
        (("trim", "replace_audio"), (("INPUT_1",), ("OUTPUT_PREVIOUS", "INPUT_2")), ("media", "sound")),
        # A still cannot be made of a film: the second photograph is brought along too, and the dissolve takes both.
        (
            ("image_to_video", "image_to_video", "crossfade_transition"),
            (("INPUT_1",), ("INPUT_2",), ("OUTPUT:step-1", "OUTPUT_PREVIOUS")),
            ("image", "image"),
        ),
        # The sound that was taken out waits until something asks for sound.
        (
            ("extract_audio", "gaussian_blur", "replace_audio"),
            (("INPUT_1",), ("INPUT_2",), ("OUTPUT_PREVIOUS", "OUTPUT:step-1")),
            ("sound", "video"),
        ),
    ],
)
def test_steps_take_what_serves_them(
    names: tuple[str, ...], inputs: tuple[tuple[str, ...], ...], needs: tuple[str, ...]
) -> None:
    wiring = wire(steps(*names))
    assert (wiring.inputs, wiring.needs) == (inputs, needs)


def test_more_files_go_to_the_step_that_takes_any_number() -> None:
    three = wire(steps("concatenate_simple", "replace_audio"), brought=4)
    assert three.inputs == (("INPUT_1", "INPUT_2", "INPUT_3"), ("OUTPUT_PREVIOUS", "INPUT_4"))
    assert three.needs == ("video", "video", "video", "sound")


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8))
def test_every_result_is_taken_once_and_every_step_has_what_it_needs(names: list[str]) -> None:
    wiring = wire(steps(*names))
    taken = [each for inputs in wiring.inputs for each in inputs if each.startswith("OUTPUT:")]
    assert len(taken) == len(set(taken))
    for name, inputs in zip(names, wiring.inputs, strict=True):
        least, most = OPERATIONS[name].count
        assert least <= len(inputs) <= most
    brought = [each for inputs in wiring.inputs for each in inputs if each.startswith("INPUT_")]
    assert brought == [f"INPUT_{number + 1}" for number in range(len(wiring.needs))]


def test_a_chain_is_a_batch_once_files_are_put_in_its_places() -> None:
    text = json.dumps({**batch_of(steps("trim", "resize", "to_mp3")), "output": "out.mp3"})
    assert [step.operation for step in read_batch(text.replace("INPUT_1", "in.mp4")).steps] == [
        "trim",
        "resize",
        "to_mp3",
    ]


def test_the_operations_that_write_sound_alone_are_known(tmp_path: Path) -> None:
    film = probe(plain(tmp_path / "film.mp4", "red", 1, tone=440))
    sound = {"m4a", "mp3", "wav", "flac"}
    made = set()
    for described in describe_operations():
        operation = OPERATIONS[described.name]
        try:
            written = operation.writes([film] * operation.count[0], operation.params())
        except Exception:  # It needs parameters: those say what it writes.
            continue
        if written[0] in sound:
            made.add(described.name)
    assert made == _SOUND_MAKERS


def test_parameters_that_our_operation_does_not_take_are_left_out() -> None:
    told = {"start": 2, "duration": 15, "end_time": 17, "crf": 99}
    assert fitting_params("trim", told) == {"start": 2, "duration": 15}
    assert fitting_params("somebody_elses", told) == {}


def test_an_unknown_operation_is_named() -> None:
    with pytest.raises(InvalidChain, match="trimm") as refused:
        wire(steps("trim", "trimm"))
    assert refused.value.errors[0].pointer == "/steps/1/operation"
