"""Captions stay where a platform's controls do not cover them."""

from typing import get_args

import numpy as np
import pytest

from shared.kompositions.drawing.safe_areas import safe_area
from shared.kompositions.model.captions import CaptionStyle
from tests.shared.kompositions.drawing.conftest import Draw, box, film
from tests.shared.kompositions.drawing.test_captions import captions, cue

TALL = {"width": 180, "height": 320}
LONG = "some rather long sentence with quite a few words that need several lines"
UNBREAKABLE = (
    "https://example.com/" + "averylongpath" * 5,
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
    "สวัสดีครับวันนี้เราจะพูดถึงเรื่องราวที่น่าสนใจมากเกี่ยวกับน้ำและกำลัง",
    "برنامج Kompo 2026 جديد 123456789 والاستقلالية",
    "W" * 30,
    "في كل يوم",
)
COVERED = {
    "tiktok": (0.08, 0.23, 0.14),
    "reels": (0.14, 0.35, 0.08),
    "stories": (0.14, 0.20, 0.08),
    "shorts": (0.15, 0.35, 0.178),
    "youtube": (0.08, 0.15, 0.08),
    "linkedin": (0.08, 0.14, 0.08),
}


@pytest.mark.parametrize("platform", COVERED)
def test_nothing_is_drawn_where_the_platform_draws(draw: Draw, platform: str) -> None:
    above, below, beside = COVERED[platform]
    for position in ("top", "bottom"):
        track = captions(
            cue(0, 1, text=LONG), platform=platform, position=position, style="boxed", maxWords=40, size=0.05
        )
        frame = draw(film(captions=(track,), seconds=0.05, output=TALL))[0]
        area, outline = box(frame), 2
        assert area.top >= above * 320 - outline
        assert area.bottom <= (1 - below) * 320 + outline
        assert area.left >= beside * 180 - outline
        assert area.right <= (1 - beside) * 180 + outline
        used = area.top / 320 if position == "top" else 1 - area.bottom / 320
        assert used == pytest.approx(above if position == "top" else below, abs=0.03), "and no space is wasted"


@pytest.mark.parametrize("style", get_args(CaptionStyle))
def test_words_that_are_wider_than_the_film_stay_in_the_safe_area_in_every_frame(draw: Draw, style: str) -> None:
    above, below, beside = COVERED["shorts"]
    cues = [cue(n / 5, (n + 1) / 5, text=text) for n, text in enumerate(UNBREAKABLE)]
    for position, more in (("top", {"background": "#ff0000"}), ("bottom", {})):
        track = captions(*cues, platform="shorts", position=position, style=style, size=0.05, maxLines=6, **more)
        area = box(draw(film(captions=(track,), seconds=len(cues) / 5, output=TALL)).max(axis=0))
        over = (above * 320 - area.top, area.bottom + 1 - (1 - below) * 320)
        assert max(*over, beside * 180 - area.left, area.right + 1 - (1 - beside) * 180) <= 1, "but for a smooth edge"


def test_there_are_no_more_lines_than_the_safe_area_has_room_for(draw: Draw) -> None:
    for position in ("top", "middle", "bottom"):
        track = captions(cue(0, 1, text=LONG), position=position, platform="shorts", size=0.1, maxLines=6, maxWords=40)
        frames = draw(film(captions=(track,), seconds=1, output=TALL))
        area = box(np.asarray(frames).max(axis=0))
        assert area.top >= 0.15 * 320 - 1
        assert area.bottom <= 0.65 * 320


def test_a_wide_film_on_a_phone_has_nothing_over_it() -> None:
    assert safe_area("reels", 1920, 1080) == safe_area(None, 1920, 1080)


def test_a_film_of_four_by_five_has_over_it_what_reaches_it() -> None:
    area = safe_area("reels", 1080, 1350)
    # It stands in the middle of 1080 x 1920: 285 pixels above and below it. The controls take 672 pixels below.
    assert area.bottom == pytest.approx((0.35 * 1920 - 285) / 1350)
    assert area.top == pytest.approx(0.08), "the controls above end before it begins"
    assert area.side == pytest.approx(0.08)


def test_a_film_that_is_narrower_than_the_screen_has_space_at_its_sides() -> None:
    assert safe_area("shorts", 900, 1920).side == pytest.approx(0.178 * 1080 / 900 - 90 / 900)
