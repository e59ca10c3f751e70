"""Looks of captions by name, and brands' own."""

import pytest

from shared.core.errors import InvalidInput
from shared.kompositions import caption_look, caption_presets, caption_track, speaker_colors
from shared.kompositions.drawing.ass import Color
from shared.kompositions.model import CaptionLook, CaptionTrack, Transcript


def test_every_style_has_a_preset() -> None:
    styles = set(CaptionLook.model_json_schema(by_alias=True)["properties"]["style"]["enum"])
    assert {preset.look.style for preset in caption_presets().values()} == styles


def test_a_preset_takes_changes_and_becomes_a_track() -> None:
    look = caption_look("boxed", platform="reels", highlight_color="#ff0000")
    assert (look.style, look.platform, look.highlight_color) == ("boxed", "reels", "#ff0000")
    track = caption_track(look, transcript=Transcript(segments=[]), source_id="talk", mode="both")
    assert isinstance(track, CaptionTrack)
    assert track.max_words == look.max_words
    told = track.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    assert CaptionTrack.model_validate(told) == track, "it says all of itself in a document"


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="Choose one of clean, karaoke"):
        caption_look("sparkling")


def test_speakers_have_colours_that_are_told_apart_and_read_on_black() -> None:
    colors = speaker_colors(["Ann", "Bob", "Ann", "Cyd", "Dan", "Eve", "Fay", "Gil", "Hal", "Ida"])
    assert list(colors) == ["Ann", "Bob", "Cyd", "Dan", "Eve", "Fay", "Gil", "Hal", "Ida"]
    assert len(set(colors.values())) == 8
    assert colors["Ida"] == colors["Ann"]
    assert all(Color.of(color).contrast(Color.of("#000000")) > 7 for color in colors.values())


@pytest.mark.parametrize("highlight", ["#ffd400", "#FFFFFF", "#5ad1ffcc"])
def test_no_speaker_has_the_colour_that_tells_which_word_is_being_said(highlight: str) -> None:
    names = [f"Speaker {number}" for number in range(8)]
    look = caption_look("karaoke", highlight_color=highlight)
    assert set(speaker_colors(names).values()) - set(speaker_colors(names, look).values()) == {highlight.lower()[:7]}
    assert speaker_colors(names, caption_look("boxed", highlight_color=highlight)) == speaker_colors(names)
