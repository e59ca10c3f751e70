"""The registry: what there is, what is refused, and what every effect keeps."""

import io

import av
import numpy as np
import pytest
from pydantic import TypeAdapter

from shared.media.effects import (
    EffectDescription,
    describe_effects,
    effect_errors,
    effect_names,
    filter_picture,
    filter_sound,
)
from tests.shared.media.effects.footage import COLORFUL, FRAME, RATE, SAMPLES, heard, render, source, tones, wave

REQUIRED = {
    "face_blur": {"regions": [{"keyframes": [{"x": 0.2, "y": 0.2, "width": 0.2, "height": 0.3}]}]},
    "ffmpeg_filter": {"filter": "eq=contrast=1.2,unsharp=5:5:0.8"},
    "equalizer": {"bands": [{"frequency": 1000, "gain": 6}]},
    "curves": {"master": [[0, 0], [0.5, 0.7], [1, 1]]},
}
"""Parameters of the effects that cannot do without, or do nothing without."""
DESCRIPTIONS = {description.name: description for description in describe_effects()}
PICTURES = [name for name, kind in DESCRIPTIONS.items() if "picture" in kind.media]
SOUNDS = [name for name, kind in DESCRIPTIONS.items() if "sound" in kind.media]
BURST = "0.3*sin(2*PI*440*t)*between(t,0.3,0.6)"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_effect_keeps_size_rate_frames_stamps_and_colours_and_does_something(name: str) -> None:
    before = _decoded(source(COLORFUL))
    after = _decoded(filter_picture(source(COLORFUL), name, REQUIRED.get(name, {}), FRAME))
    assert [frame.pts for frame in after] == [frame.pts for frame in before]
    for frame in after:
        assert (frame.format.name, frame.width, frame.height) == ("yuv420p", FRAME.width, FRAME.height)
        assert (frame.colorspace, frame.color_primaries, frame.color_trc, frame.color_range) == (1, 1, 1, 1)
        luma = frame.to_ndarray()[: FRAME.height]
        assert luma.min() >= 16
        assert luma.max() <= 235
    same = [bool((a.to_ndarray() == b.to_ndarray()).all()) for a, b in zip(after, before, strict=True)]
    assert not all(same) or name == "color_balance", "the defaults of every effect but color_balance show"


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_effect_keeps_the_samples_and_is_at_most_10_ms_late(name: str) -> None:
    params = {"filter": "highpass=f=100,volume=-3dB"} if name == "ffmpeg_filter" else REQUIRED.get(name)
    samples = heard(name, params, of=wave(BURST))
    assert samples.shape == (SAMPLES, 2)
    loud = np.abs(samples[:, 0]) > 0.4 * np.abs(samples).max()
    assert abs(np.argmax(loud) / RATE - 0.3) < 0.010
    assert abs((SAMPLES - np.argmax(loud[::-1])) / RATE - 0.6) < 0.010


def test_the_same_effect_makes_the_same_film_in_every_render() -> None:
    stream = source(COLORFUL)
    for name in ("glitch_aesthetic", "film_noir", "vhs_look", "shake"):
        stream = filter_picture(stream, name, {}, FRAME)
    once, again = (render(stream, f="framemd5") for _ in range(2))
    assert once == again


def test_an_effect_on_the_other_medium_leaves_the_stream_as_it_is() -> None:
    stream = source(COLORFUL)
    assert filter_picture(stream, "volume", {"volume": 2}, FRAME) is stream
    assert filter_sound(stream, "vignette", {}, SAMPLES) is stream
    assert filter_sound(stream, "ffmpeg_filter", {"filter": "hflip"}, SAMPLES) is stream
    assert filter_picture(stream, "ffmpeg_filter", {"filter": "volume=2"}, FRAME) is stream


def test_an_unknown_effect_is_told_where_to_look() -> None:
    [error] = effect_errors("sparkle", {})
    assert (error.location, error.code) == (("type",), "unknown_effect")
    assert "GET /v1/operations" in error.detail


def test_an_effect_on_the_wrong_medium_is_refused_with_those_that_fit() -> None:
    [error] = effect_errors("vignette", {}, "sound")
    assert (error.location, error.code) == (("type",), "effect_medium")
    assert "compressor" in error.detail
    [raw] = effect_errors("ffmpeg_filter", {"filter": "hflip"}, "sound")
    assert raw.code == "effect_medium"
    assert effect_errors("ffmpeg_filter", {"filter": "volume=2"}, "sound") == []


def test_every_parameter_that_does_not_fit_is_named() -> None:
    errors = effect_errors("ken_burns", {"fromRegion": {"x": 2}, "speed": 3})
    assert [error.location for error in errors] == [("params", "fromRegion", "x"), ("params", "speed")]
    assert [error.code for error in errors] == ["less_than_equal", "extra_forbidden"]
    [outside] = effect_errors("crop", {"x": 0.5, "width": 0.8})
    assert "in the frame" in outside.detail


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "much", None, [1]])
def test_no_number_that_is_none_reaches_ffmpeg(value: object) -> None:
    assert effect_errors("brightness", {"amount": value})


@pytest.mark.parametrize("name", effect_names())
def test_every_effect_is_described_for_people_and_for_forms(name: str) -> None:
    kind = DESCRIPTIONS[name]
    assert kind.title
    assert kind.description.endswith(".")
    assert kind.media
    assert kind.params["type"] == "object"
    assert effect_errors(name, REQUIRED.get(name, {})) == []
    for parameter, schema in kind.params["properties"].items():
        assert parameter == parameter[0].lower() + parameter[1:].replace("_", "")
        assert "default" in schema or parameter in kind.params["required"]
        if schema.get("type") == "number":
            assert "minimum" in schema or "exclusiveMinimum" in schema
            assert "maximum" in schema


def test_descriptions_can_be_sent_as_json() -> None:
    assert TypeAdapter(tuple[EffectDescription, ...]).dump_json(describe_effects())


@pytest.mark.parametrize("name", [name for name in PICTURES if "intensity" in DESCRIPTIONS[name].params["properties"]])
def test_a_look_of_no_intensity_changes_nothing_and_half_of_it_half_as_much(name: str) -> None:
    params = REQUIRED.get(name, {})
    whole, half, none, before = (
        np.stack([frame.to_ndarray().astype(float) for frame in _decoded(stream)])
        for stream in (
            filter_picture(source(COLORFUL), name, params, FRAME),
            filter_picture(source(COLORFUL), name, {**params, "intensity": 0.5}, FRAME),
            filter_picture(source(COLORFUL), name, {**params, "intensity": 0}, FRAME),
            source(COLORFUL),
        )
    )
    assert (none == before).all()
    assert np.abs(half - (whole + before) / 2).mean() < 1


def test_half_of_a_filter_on_sound_is_half_as_much() -> None:
    half = heard("ffmpeg_filter", {"filter": "volume=0", "intensity": 0.5}, of=tones(440))
    assert np.abs(half - heard(None) / 2).max() < 0.001


def _decoded(stream: object) -> list[av.VideoFrame]:
    video = render(stream, f="matroska", vcodec="ffv1", fps_mode="passthrough")
    with av.open(io.BytesIO(video)) as container:
        return list(container.decode(video=0))
