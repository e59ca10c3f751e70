"""What a sentence asks for."""

import pytest

from shared.clips.asking import asked, in_words
from shared.clips.parts import part_in
from shared.clips.ranking.wish import read_wish
from shared.core.errors import InvalidInput
from shared.prompts import fill, preset, presets


@pytest.mark.parametrize(
    ("prompt", "count", "duration"),
    [
        ("find 5 clips about dogs", (5, 5), (15, 60)),
        ("three funny moments of 30 seconds", (3, 3), (24, 36)),
        ("4-6 shorts between 20 and 40 seconds about space", (4, 6), (20, 40)),
        ("clips under a minute on bread", (3, 10), (15, 60)),
        ("anything about the war, at most 20s", (3, 10), (10, 20)),
        ("the 7 best moments", (7, 7), (15, 60)),
        ("99 clips", (20, 20), (15, 60)),
        (f"{'9' * 400} clips", (20, 20), (15, 60)),
        ("what he says about 1969", (3, 10), (15, 60)),
        ("2024 election highlights", (3, 10), (15, 60)),
        ("as many moments as possible", (3, 10), (15, 60)),
        ("the first 10 minutes", (3, 10), (15, 60)),
        ("what happened 5 minutes before the end, or after 20 minutes", (3, 10), (15, 60)),
        ("tips on his 5 minute morning routine", (3, 10), (15, 60)),
        ("5 minute abs in 2 clips of 1:30", (2, 2), (72, 108)),
        ("the best 90s music", (3, 10), (15, 60)),
        ("how he ran 100 meters in 9.58 seconds", (3, 10), (15, 60)),
        ("his 5 minute routine, each half a minute", (3, 10), (24, 36)),
        ("a 30-second funny clip", (3, 10), (24, 36)),
        ("make it 45 sec", (3, 10), (36, 54)),
        ("a minute and a half on rent", (3, 10), (72, 108)),
        ("4 Clips von 20 bis 30 Sekunden über Brot", (4, 4), (20, 30)),
        ("die ersten 10 Minuten", (3, 10), (15, 60)),
        ("3 extraits de 15 à 20 secondes sur le pain", (3, 3), (15, 20)),
        ("clips de 20 a 30 segundos", (3, 10), (20, 30)),
        ("longer than 30 seconds", (3, 10), (30, 60)),
        ("at least 40 seconds each", (3, 10), (40, 80)),
    ],
)
def test_a_sentence_says_how_many_and_how_long(
    prompt: str, count: tuple[int, int], duration: tuple[float, float]
) -> None:
    request = asked(prompt)
    assert request.clip_count == count
    assert request.duration == pytest.approx(duration)
    assert request.criteria == prompt


def test_what_is_given_beside_the_prompt_counts_for_more() -> None:
    request = asked("5 clips of 30 seconds", count=2, durations=(10, 20))
    assert (request.clip_count, request.duration) == ((2, 2), (10, 20))


def test_whoever_asks_by_variables_too_has_both_and_these_count_for_more() -> None:
    request = in_words("two clips of 10 seconds about the dog", {"duration": "20-30"})
    assert (request.clip_count, request.duration) == ((2, 2), (20, 30))
    assert "find 2 clips" in request.text and "20-30 seconds" in request.text
    with pytest.raises(InvalidInput):
        in_words("two clips", {"clip_count": 2})


def test_a_filled_prompt_is_taken_as_it_is() -> None:
    request = fill(preset("funny"), {"clip_count": 4, "duration": [20, 30]})
    assert asked(request) == request


@pytest.mark.parametrize(
    ("count", "durations", "pointer"),
    [(0, None, "/count"), (21, None, "/count"), (None, (30, 20), "/durations"), (None, (1, 20), "/durations")],
)
def test_what_cannot_be_asked_for_is_refused_where_it_stands(
    count: int | None, durations: tuple[float, float] | None, pointer: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked("dogs", count, durations)
    assert refused.value.errors[0].pointer == pointer


@pytest.mark.parametrize(
    ("prompt", "part"),
    [
        ("3 funny clips of 30 seconds from the first 10 minutes", (0, 600)),
        ("last 5 minutes", (3300, 3600)),
        ("clips after 12:30 about dogs", (750, 3600)),
        ("the best moments before 0:30:00, please", (0, 1800)),
        ("clips from 5:00 to 12:30", (300, 750)),
        ("clips between 5:00 and 12:30", (300, 750)),
        ("from minute 5 to minute 10", (300, 600)),
        ("only the second half", (1800, 3600)),
        ("the last quarter of the video", (2700, 3600)),
        ("skip the first 5 minutes", (300, 3600)),
        ("no clips from the last 10 minutes", (0, 3000)),
        ("everything after the first ten minutes", (600, 3600)),
        ("clips about pricing in the last 20 minutes", (2400, 3600)),
        ("die letzten 10 Minuten", (3000, 3600)),
        ("les 10 premières minutes", (0, 600)),
        ("clips de los primeros 10 minutos", (0, 600)),
        ("gli ultimi 10 minuti", (3000, 3600)),
        ("the last half hour", (1800, 3600)),
        ("only minutes 5 to 10", (300, 600)),
        ("anything after the 20 minute mark", (1200, 3600)),
        ("after 2:30:00", (9000, 3600)),
        ("ignore everything before 3:00", (180, 3600)),
        ("skip everything after the first 50 minutes", (0, 3000)),
        ("don't include the first 2 minutes or the last 2 minutes", (120, 3480)),
        ("from 5:00 to 10:00, and from 20:00 to 30:00", (300, 1800)),
    ],
)
def test_a_prompt_says_which_part_of_a_recording_clips_are_from(prompt: str, part: tuple[float, float]) -> None:
    assert part_in(asked(prompt).criteria, 3600.0) == part
    assert not {"minutes", "first", "last", "half"} & set(read_wish(asked(prompt)).topics.values())


@pytest.mark.parametrize(
    "prompt",
    [
        *presets(),
        "tips for surviving in the first 10 minutes",
        "the first half of the game",
        "what happened in the first 5 minutes of the fire",
        "his first 5 minutes on stage",
        "what happened after 9:30 pm",
        "last minute deals",
        "he ran from 0:30 to 9:58",
        "clips between 0:30 and 1:00",
        "5 clips of a minute and a half",
    ],
)
def test_other_times_are_what_a_prompt_is_about_or_how_long_clips_are(prompt: str) -> None:
    assert part_in(asked(prompt).criteria, 3600.0) is None
