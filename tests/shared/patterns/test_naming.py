"""What templates are called: as people would, and no two alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.media.operations.registry import OPERATIONS
from shared.patterns.templates import template_id
from shared.patterns.templates.naming import slug_of, title_of

SEQUENCES = st.lists(st.sampled_from(sorted(OPERATIONS)), min_size=2, max_size=5)


@pytest.mark.parametrize(
    ("operations", "name", "slug"),
    [
        ("trim resize to_mp3", "Create Social Media Clip", "create_social_media_clip"),
        ("extract_audio normalize_audio to_mp3", "Podcast Enhancement", "podcast_enhancement"),
        ("concatenate_simple replace_audio", "Music Video Standard", "music_video_standard"),
        ("trim reverse gradient_wipe", "Cut, Reverse and Wipe", "cut_reverse_and_wipe"),
        ("trim trim resize", "Cut Twice and Fit", "cut_twice_and_fit"),
        ("hblur_transition somebody_elses_thing", "Hblur Transition and Somebody Elses Thing", None),
    ],
)
def test_a_name_reads_as_if_a_person_had_given_it(operations: str, name: str, slug: str | None) -> None:
    title = title_of(operations.split(), None, ())
    assert title.name == name
    assert slug is None or title.slug == slug


def test_a_sentence_says_what_it_does() -> None:
    title = title_of(["trim", "reverse", "gradient_wipe"], None, ())
    assert title.description == "Cut the moment, play it backwards and wipe from one shot to the next."


def test_a_name_that_is_taken_says_what_it_is_for() -> None:
    taken = {"Podcast Enhancement"}
    operations = ["extract_audio", "normalize_audio", "to_mp3"]
    first = title_of(operations, "podcast", taken)
    assert first.name == "Podcast Enhancement for a Podcast"
    assert title_of(operations, "podcast", {*taken, first.name}).name == "Podcast Enhancement 2"


@given(st.lists(SEQUENCES, max_size=30, unique_by=tuple))
def test_no_two_templates_have_one_name_or_one_id(sequences: list[list[str]]) -> None:
    taken: set[str] = set()
    for operations in sequences:
        taken.add(title_of(operations, "podcast", taken).name)
    assert len(taken) == len(sequences) == len({slug_of(name) for name in taken})
    assert len({template_id("->".join(operations)) for operations in sequences}) == len(sequences)
