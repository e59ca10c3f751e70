"""What moments are measured by, and what that counts for."""

import pytest
from pydantic import ValidationError

from shared.analysis import Curve, MediaAnalysis, analyze_text, get_embedder
from shared.clips import FEATURES, Weights, default_weights
from shared.clips.asking import asked
from shared.clips.material import read_material
from shared.clips.ranking import UNKNOWN, Task, sub_scores
from shared.prompts import presets
from tests.shared.clips.talks import talk


def _task(prompt: str, media: MediaAnalysis | None = None) -> Task:
    transcript, request = talk(), asked(prompt, durations=(10, 30))
    material = read_material(transcript, analyze_text(transcript), media, get_embedder(), longest=15.0)
    return Task(material, request, default_weights(request.category))


def test_every_moment_has_every_feature_from_0_to_1() -> None:
    task = _task("funny moments about the dog")
    for features in task.features([(span,) for span in task.candidates[::7]]):
        assert list(features) == list(FEATURES)
        assert all(0 <= value <= 1 for value in features.values())


def test_what_is_not_known_of_a_recording_speaks_neither_for_nor_against_any_moment() -> None:
    task = _task("the dog")
    unheard = ("energy", "energy_change", "pitch_change", "reactions", "faces")
    for features in task.features([(span,) for span in task.candidates[::7]]):
        assert [features[name] for name in unheard] == [UNKNOWN] * len(unheard)


def test_the_loud_half_has_more_energy_than_the_quiet_one() -> None:
    half = round((talk().duration or 0.0) / 2)
    media = MediaAnalysis(duration=2 * half, energy=Curve(step=1.0, values=(0.1,) * half + (0.9,) * half))
    task = _task("the dog", media)
    first, last = task.features([(task.candidates[0],), (task.candidates[-1],)])
    assert first["energy"] < UNKNOWN < last["energy"]


def test_what_is_seldom_said_in_any_other_moment_tells_more_of_its_kind_than_what_often_is() -> None:
    told = (
        "I slept in the back office that year. My daughter found me there and held my hand, and I cried.",
        "We made a mistake that year, and lost a customer for it. My father and my mother did not believe the bill.",
    )
    transcript, request = talk(told), asked("emotional moments", durations=(4, 15))
    material = read_material(transcript, analyze_text(transcript), None, get_embedder(), longest=15.0)
    task = Task(material, request, default_weights(request.category))
    best = max(zip(task.worths, task.candidates, strict=True))[1]
    assert "I cried" in material.spoken([best])


def test_a_worth_is_what_the_weights_make_of_the_features() -> None:
    task = _task("the dog")
    span, worth = task.candidates[5], task.worths[5]
    assert task.weights.score(task.features([(span,)])[0]) == pytest.approx(worth, abs=0.001)


def test_weights_name_features_and_nothing_else() -> None:
    with pytest.raises(ValidationError, match="There is no feature charm"):
        Weights(values={"charm": 1.0})


def test_every_preset_has_weights_and_the_middling_moment_even_odds() -> None:
    for preset in presets().values():
        weights = default_weights(preset.category)
        assert weights.values.keys() == FEATURES.keys()
        assert weights.score({}) == pytest.approx(0.5)
    assert default_weights("unheard_of") == default_weights()


def test_scores_use_their_whole_range() -> None:
    lowest, highest = (sub_scores(dict.fromkeys(FEATURES, value)) for value in (0.0, 1.0))
    assert (lowest.mean, highest.mean) == (0.0, 10.0)
    assert 4 < sub_scores({}).mean < 7
