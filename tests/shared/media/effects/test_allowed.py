"""The list of allowed filters says of FFmpeg what FFmpeg says of itself, and every filter on it keeps the contract."""

import re
import subprocess
from functools import cache

import numpy as np
import pytest

from shared.media import find_ffmpeg
from shared.media.effects.allowed import allowed_filters
from tests.shared.media.effects.footage import COLORFUL, FRAME, RATE, SAMPLES, heard, shown, wave

PICTURES = [name for name, allowed in allowed_filters().items() if allowed.medium == "picture"]
SOUNDS = [name for name, allowed in allowed_filters().items() if allowed.medium == "sound"]
_OPTION = re.compile(r"^   (\w+) +<(\w+)> +\S+ ?(.*)$")


@cache
def _described(name: str) -> tuple[list[list[str]], bool]:
    """A filter's options in order, each with all its names, and whether it can be enabled for a time; as FFmpeg tells."""
    command = [find_ffmpeg().path, "-hide_banner", "-h", f"filter={name}"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    options: list[list[str]] = []
    last = None
    for match in filter(None, map(_OPTION.match, lines)):
        option, *same = match.groups()
        if same == last:
            options[-1].append(option)
        else:
            options.append([option])
        last = same
    return options, any("timeline" in line for line in lines)


@pytest.mark.parametrize("name", allowed_filters())
def test_options_stand_in_ffmpegs_order_under_ffmpegs_names(name: str) -> None:
    allowed = allowed_filters()[name]
    options, timed = _described(name)
    assert len(allowed.order) <= len(options)
    for ours, theirs in zip(allowed.order, options, strict=False):
        names = {option for option, meant in allowed.options.items() if meant is ours}
        assert ours.name == theirs[0]
        assert names == set(theirs)
    assert ("enable" in allowed.options) == timed


@pytest.mark.parametrize("name", PICTURES)
def test_an_allowed_filter_keeps_every_frame_and_its_size(name: str) -> None:
    film = shown("ffmpeg_filter", {"filter": name}, COLORFUL)
    assert film.luma.shape == (FRAME.frames, FRAME.height, FRAME.width)


@pytest.mark.parametrize("name", SOUNDS)
def test_an_allowed_filter_on_sound_keeps_every_sample_and_is_not_late(name: str) -> None:
    samples = heard("ffmpeg_filter", {"filter": name}, wave("0.4*sin(2*PI*1000*t)*gte(t,0.3)"))
    assert samples.shape == (SAMPLES, 2)
    loud = np.abs(samples[:, 0]) > 0.2 * np.abs(samples).max()
    assert abs(np.argmax(loud) / RATE - 0.3) < 0.010


@pytest.mark.parametrize(
    ("option", "value", "fits"),
    [
        ("eq/gamma", "0.1", True),
        ("eq/gamma", ".5", True),
        ("eq/gamma", "0.09", False),
        ("eq/gamma", "1 ", False),
        ("noise/all_strength", "10", True),
        ("noise/all_strength", "10.5", False),
        ("unsharp/luma_msize_x", "7", True),
        ("unsharp/luma_msize_x", "6", False),
        ("volume/volume", "-6dB", True),
        ("volume/volume", "41dB", False),
        ("volume/volume", "1e308dB", False),
        ("curves/master", "0/0 0.5/0.6 1/1", True),
        ("curves/master", "0/0 0/1", False),
        ("curves/master", "0.5/0 0.2/1", False),
        ("curves/master", "0/0;1/1", False),
        ("fade/color", "#00ff00@0.5", True),
        ("fade/color", "random", False),
        ("vignette/angle", "30*PI/180", True),
        ("vignette/angle", "PI/4+t", False),
        ("hue/enable", "between(t,0,1.5)", True),
        ("hue/enable", "random(0)", False),
        ("curves/psfile", "", False),
    ],
)
def test_values_fit_or_not(option: str, value: str, fits: bool) -> None:
    name, _, key = option.partition("/")
    assert allowed_filters()[name].options[key].accepts(value) is fits
