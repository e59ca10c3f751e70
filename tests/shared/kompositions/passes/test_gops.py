"""Where nothing is drawn, whole groups of pictures are copied from the source; where that is not safe, it is said."""

from pathlib import Path
from typing import Any

import pytest

from shared.kompositions import SourceMedia, parse_komposition
from shared.kompositions.passes import RenderOptions, StepKind, plan_render, render
from shared.media import probe
from tests.shared.kompositions.documents import document, segment
from tests.shared.kompositions.passes.conftest import decode, likeness
from tests.shared.media.clips import make

COPY = RenderOptions(copy_sources="always")


def test_frames_of_the_source_are_copied_bit_for_bit_and_only_the_edges_encoded(
    media: dict[str, SourceMedia], tmp_path: Path
) -> None:
    komposition = parse_komposition(
        document(
            segment("a", "video", 0, 8, sourceStart=0.5),
            segment("b", "other", 8, 10, effects=[{"type": "leica_look"}]),
            segment("c", "other", 10, 16, sourceStart=5),
        )
    )
    copied, encoded = tmp_path / "copied.mp4", tmp_path / "encoded.mp4"
    made = render(komposition, media, [copied], options=COPY)
    runs = [range(step.start, step.stop) for step in made.plan.steps if step.kind is StepKind.COPY_SOURCE]
    assert [(run.start, run.stop) for run in runs] == [(5, 225), (310, 470)]
    plain = make(tmp_path / "plain.mp4", "-i", str(media["video"].path), "-map", "0", "-c", "copy")
    other = make(tmp_path / "other.mp4", "-i", str(media["other"].path), "-map", "0", "-c", "copy")
    shown, one, two = decode(copied), decode(plain), decode(other)
    assert shown.frames[5:225] == one.frames[20:240]
    assert shown.frames[310:470] == two.frames[160:320]
    assert shown.stamps == [str(n) for n in range(480)]

    render(komposition, media, [encoded], options=RenderOptions(copy_sources="never"))
    assert likeness(copied, encoded) > 30
    assert decode(encoded).sound == shown.sound


@pytest.mark.parametrize(
    ("change", "output", "told"),
    [
        ({"sourceStart": 0.51}, {}, "between two frames"),
        ({}, {"width": 640, "height": 360}, "another size"),
        ({}, {"fps": 25}, "another frame rate"),
        ({"effects": [{"type": "leica_look"}]}, {}, None),
        ({"framing": {"shots": [{"start": {"seconds": 0}, "layout": "fit"}]}}, {}, None),
        ({"fit": "freeze"}, {}, None),
        ({"sourceDuration": 4}, {}, None),
        ({}, {"videoCodec": "h265"}, None),
    ],
)
def test_what_is_not_as_the_source_is_encoded(
    media: dict[str, SourceMedia], change: dict[str, Any], output: dict[str, Any], told: str | None
) -> None:
    plan = plan_render(
        parse_komposition(document(segment("a", "video", 0, 8, **change), output=output)), media, options=COPY
    )
    assert (plan.encoded_frames, plan.copied_frames) == (plan.frames, 0)
    assert [note for note in plan.notes if told is None or told not in note] == []
    assert (told is None) == (plan.notes == ())


def test_overlays_layouts_and_tracks_above_keep_what_they_cover_from_being_copied(
    media: dict[str, SourceMedia],
) -> None:
    text = {"id": "t", "kind": "text", "text": "Hello", "start": {"beats": 9}, "end": {"beats": 10}}
    body = document(segment("a", "video", 0, 8), segment("b", "other", 8, 16))
    body["tracks"]["overlay"] = [{"items": [text]}]
    plan = plan_render(parse_komposition(body), media, options=COPY)
    assert [(s.start, s.stop) for s in plan.steps if s.kind is StepKind.COPY_SOURCE] == [(0, 240)]


def test_sources_of_another_kind_are_named_with_the_reason(media: dict[str, SourceMedia], tmp_path: Path) -> None:
    clip = make(tmp_path / "ten.mp4", "-i", str(media["video"].path), "-pix_fmt", "yuv420p10le", "-t", "9")
    plan = plan_render(
        parse_komposition(document(segment("a", "video", 0, 8))),
        {"video": SourceMedia(clip, probe(clip))},
        options=COPY,
    )
    assert plan.copied_frames == 0
    assert any("a is encoded" in note for note in plan.notes)
