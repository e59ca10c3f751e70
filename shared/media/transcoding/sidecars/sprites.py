"""Sprites: small pictures from all over the film in one sheet, with the WebVTT that tells a seek bar where each is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, isqrt
from pathlib import Path

from shared.media.graph import SourceMedia, command
from shared.media.graph.inputs import Inputs
from shared.media.graph.picture import held
from shared.media.graph.scaling import Size, fill_frame, fit_inside, for_jpeg
from shared.media.graph.streams import decimal, ratio
from shared.media.packets import open_packets, packets_of
from shared.media.transcoding.plan import TranscodePlan
from shared.media.transcoding.sidecars.work import Sidecar, Work

_LONG_SIDE = 160
_MOST = 400
"""Pictures in the sheet: one every nine seconds of an hour."""
_QUALITY = 5


@dataclass(frozen=True)
class Sheet:
    """`count` pictures of one `size` in rows of `columns`, one for every `step` seconds."""

    count: int
    columns: int
    size: Size
    step: Fraction

    @property
    def rows(self) -> int:
        """How many; the last may not be full."""
        return -(-self.count // self.columns)

    def place(self, number: int) -> tuple[int, int]:
        """Where the left upper corner of a picture is."""
        return number % self.columns * self.size[0], number // self.columns * self.size[1]


def plan_sheet(plan: TranscodePlan) -> Sheet:
    """A picture every second, or as often as the most pictures of a sheet allow."""
    step = Fraction(max(1, ceil(plan.seconds / _MOST)))
    count = max(1, ceil(plan.seconds / step))
    return Sheet(count, isqrt(count - 1) + 1, fit_inside(plan.renditions[-1].size, (_LONG_SIDE, _LONG_SIDE)), step)


def make_sprites(work: Work, on_progress: Callable[[float], None] | None = None) -> list[Sidecar]:
    """The sheet and its index. Each picture is from the middle of its seconds; where the source's key frames are close to each
    other, the nearest one before."""
    sheet = plan_sheet(work.plan)
    image, index = work.folder / "sprites.jpg", work.folder / "sprites.vtt"
    work.run(_command(work, sheet, image), work.plan.seconds, image, on_progress)
    index.write_text(index_of(sheet, image.name, work.plan.seconds), encoding="utf-8")
    return [Sidecar("sprites", image), Sidecar("spritesIndex", index)]


def index_of(sheet: Sheet, image: str, seconds: Fraction) -> str:
    """The WebVTT: which part of the sheet shows what time."""
    return "WEBVTT\n" + "".join(_cues(sheet, image, seconds))


def _cues(sheet: Sheet, image: str, seconds: Fraction) -> Iterator[str]:
    for number in range(sheet.count):
        begin, end = number * sheet.step, min(seconds, (number + 1) * sheet.step)
        left, top = sheet.place(number)
        yield f"\n{_clock(begin)} --> {_clock(end)}\n{image}#xywh={left},{top},{sheet.size[0]},{sheet.size[1]}\n"


def _clock(moment: Fraction) -> str:
    milliseconds = round(moment * 1000)
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _command(work: Work, sheet: Sheet, image: Path) -> list[str]:
    import ffmpeg

    plan, video = work.plan, work.plan.info.video
    assert video is not None, "it is a film"
    only_keys = _longest_gap(work.source, video.index) <= sheet.step / 2
    inputs = Inputs(1 / sheet.step, decoding={"skip_frame": "nokey"} if only_keys else {})
    media = SourceMedia(work.source.absolute(), plan.info)
    # Half a step earlier than shown: a picture from the middle of its seconds.
    shift = f"-{decimal(sheet.step / 2)}/TB"
    paced = (
        held(
            inputs.open(media, "sprites", Fraction(0), video.index), video
        )  # It may be over before the first one is due.
        .filter("setpts", f"PTS{shift}")
        .filter("fps", fps=ratio(1 / sheet.step), round="up", start_time=0)
    )
    small = fill_frame(paced, video, sheet.size, plan.scale)
    sheets = (
        small.filter("tpad", stop_mode="clone", stop=sheet.count)
        .filter("trim", end_frame=sheet.count)
        .filter("tile", f"{sheet.columns}x{sheet.rows}")
    )
    options = {"format": "image2", "update": 1, "c:v": "mjpeg", "q:v": _QUALITY, "frames:v": 1, "map_metadata": -1}
    return command([ffmpeg.output(for_jpeg(sheets), str(image), **options)])


def _longest_gap(path: Path, stream: int) -> Fraction:
    """Seconds between two key frames that lie furthest apart, or from the last to the end."""
    keys: list[Fraction] = []
    last = Fraction(0)
    with open_packets(path) as container:
        video = next(each for each in container.streams.video if each.index == stream)
        for packet in packets_of(container, video):
            if packet.pts is not None and packet.time_base is not None:
                last = packet.pts * packet.time_base
                if packet.is_keyframe:
                    keys.append(last)
    ends = [*keys, last] if keys else [Fraction(0), Fraction(1 << 30)]
    return max(after - before for before, after in pairwise(ends))
