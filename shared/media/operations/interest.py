"""Interest: the part of a film's picture where most is to be seen, for a crop that keeps it.

What has edges and what moves draws the eye. Some frames, made tiny by FFmpeg, say where that is in the film as a whole."""

from fractions import Fraction
from itertools import accumulate

from shared.media.graph import command
from shared.media.graph.inputs import Inputs
from shared.media.graph.scaling import Anchor, Size
from shared.media.graph.streams import Stream, combine, ratio
from shared.media.operations.clips import whole_clip
from shared.media.operations.run import Run

GRID = (64, 36)
"""Cells across and down in which interest is counted."""
FRAMES = 60
"""Most frames that are looked at."""
_SHARE = 0.1
"""Of the whole work, as progress tells it."""
_CENTRED = 0.15
"""What the middle is worth over the edges where nothing speaks for either."""


def find_interest(run: Run, size: Size) -> Anchor:
    """Where to put a frame of this shape over the first input's picture, so that most of what is to be seen is in it."""
    clip = whole_clip(run.sources[0])
    cells = _cells(_measured(run))
    shown = clip.info.display_size
    wide, high = Fraction(size[0], size[1]), Fraction(shown[0], shown[1])
    across = _best([sum(row[x] for row in cells) for x in range(GRID[0])], min(Fraction(1), wide / high))
    down = _best([sum(row) for row in cells], min(Fraction(1), high / wide))
    return across, down


def _measured(run: Run) -> bytes:
    """Frames of one byte a cell: how much there is to see in it."""
    import ffmpeg

    clip = whole_clip(run.sources[0])
    every = min(clip.seconds, max(Fraction(1, 2), clip.seconds / FRAMES))
    stream = clip.picture(Inputs(clip.rate)).filter("fps", fps=ratio(1 / every), start_time=0, round="down")
    path = run.folder / "interest.gray"
    interest = _drawn(stream.filter("format", "gray"))
    made = ffmpeg.output(interest, str(path), format="rawvideo", pix_fmt="gray", **{"frames:v": FRAMES})
    run.execute(command([made]), clip.seconds, path, _SHARE)
    return path.read_bytes()


def _drawn(stream: Stream) -> Stream:
    """Edges and what has changed since the frame before, made small."""
    small = stream.filter("scale", GRID[0] * 4, GRID[1] * 4, flags="area")
    pair = small.split()
    moved = pair[1].filter("tblend", all_mode="difference")
    both = combine([pair[0].filter("sobel"), moved], "blend", all_mode="addition", shortest=0)
    return both.filter("scale", *GRID, flags="area")


def _cells(data: bytes) -> list[list[int]]:
    """What all frames together say of each cell."""
    width, height = GRID
    sums = [0] * (width * height)
    for start in range(0, len(data), width * height):
        for place, value in enumerate(data[start : start + width * height]):
            sums[place] += value
    return [sums[row * width : (row + 1) * width] for row in range(height)]


def _best(line: list[int], share: Fraction) -> Fraction:
    """Where in `line` the window of `share` of it holds most: 0 at its beginning, 1 at its end, 1/2 where nothing speaks."""
    length = len(line)
    window = max(1, round(length * share))
    room = length - window
    total = sum(line)
    if room == 0 or total == 0:
        return Fraction(1, 2)
    sums = [0, *accumulate(line)]

    def worth(start: int) -> float:
        return (sums[start + window] - sums[start]) / total - _CENTRED * abs(2 * start / room - 1)

    return Fraction(max(range(room + 1), key=worth), room)
