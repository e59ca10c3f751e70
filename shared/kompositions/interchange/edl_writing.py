"""A film with one video lane as a CMX 3600 EDL: cuts, dissolves, wipes, speeds, held frames.

The adapter of OpenTimelineIO writes neither wipes, nor the speed of a clip that a dissolve leads to, nor `FCM`; so this
is written here."""

import re
from collections.abc import Iterator

from shared.kompositions.interchange.lanes import Edit, Film
from shared.kompositions.interchange.losses import DISSOLVES, MAX_DISSOLVE, wipe_code
from shared.kompositions.interchange.timecode import Timecode

HOUR = 3600
_REEL = 8


def write_edl(film: Film) -> str:
    """The EDL. Its record timecode begins at 01:00:00:00; source timecodes count from the beginning of each file."""
    return "\r\n".join(_Writing(film).lines()) + "\r\n"


class _Writing:
    def __init__(self, film: Film) -> None:
        self._film, self._code = film, Timecode.of(film.rate)
        self._begin = self._code.nominal * HOUR
        if self._code.drop:
            self._begin = Timecode(film.rate, True).read("01:00:00:00") or 0
        self._reels = _reels(film)
        self._names = {name: _plain(media.name) for name, media in film.media.items()}

    def lines(self) -> Iterator[str]:
        film = self._film
        yield f"TITLE: {_plain(film.title)}"
        yield f"FCM: {'DROP FRAME' if self._code.drop else 'NON-DROP FRAME'}"
        edits = film.video[0].edits
        for place, edit in enumerate(edits):
            before = edits[place - 1] if place else None
            following = edits[place + 1] if place + 1 < len(edits) else None
            yield from self._event(place + 1, before, edit, following)

    def _event(self, number: int, before: Edit | None, edit: Edit, following: Edit | None) -> Iterator[str]:
        """An event ends where a transition out of it begins; what is seen under the transition is understood."""
        end = following.start if following and following.crossing else edit.end
        crossing = edit.crossing
        head = f"{number:03}  "
        if crossing and before:
            out = before.file_frame(self._film.rate, edit.start - before.start)
            yield f"{head}{self._reels[before.source]:<8} V     C        {self._times(out, out, edit.start, edit.start)}"
        kind = self._transition(edit)
        rate = self._film.rate
        first, last = edit.file_frame(rate), edit.file_frame(rate, end - edit.start)
        if edit.held:
            last = first + 1
        if edit.reverse:
            first, last = edit.file_frame(rate, edit.frames - (end - edit.start)), edit.file_frame(rate, edit.frames)
        yield f"{head}{self._reels[edit.source]:<8} V     {kind:<8} {self._times(first, last, edit.start, end)}"
        if number == 1:
            yield f"* KOMPO FRAME RATE: {self._film.rate} SIZE: {self._film.size[0]}X{self._film.size[1]}"
        yield from self._notes(before, edit, first)

    def _notes(self, before: Edit | None, edit: Edit, first: int) -> Iterator[str]:
        name = self._names[edit.source]
        reel = self._reels[edit.source]
        if not edit.as_filmed:
            fps = float(edit.speed * self._film.rate) * (-1 if edit.reverse else 1)
            yield f"M2   {reel:<8}       {fps:+08.3f}                {self._code.write(first)}"
        if edit.crossing and before:
            yield f"* FROM CLIP NAME:  {self._names[before.source]}"
            yield f"* TO CLIP NAME:  {name}"
            if edit.crossing.kind != "crossfade":
                yield f"* KOMPO TRANSITION: {edit.crossing.kind}"
        else:
            yield f"* FROM CLIP NAME:  {name}"
        if edit.retimed and edit.speed not in (0, 1):
            yield f"* KOMPO SPEED: {edit.speed}"

    def _transition(self, edit: Edit) -> str:
        if edit.crossing is None:
            return "C"
        frames = min(edit.crossing.frames, MAX_DISSOLVE)
        code = None if edit.crossing.kind in DISSOLVES else wipe_code(edit.crossing.kind)
        return f"D    {frames:03}" if code is None else f"W{code:03} {frames:03}"

    def _times(self, first: int, last: int, start: int, end: int) -> str:
        times = (first, last, self._begin + start, self._begin + end)
        return " ".join(self._code.write(frames) for frames in times)


def _reels(film: Film) -> dict[str, str]:
    """A name of at most eight letters and digits for each file, no two the same."""
    reels: dict[str, str] = {}
    for media in film.media.values():
        stem = re.sub(r"[^A-Z0-9]", "", media.name.rsplit(".", 1)[0].upper())[:_REEL] or "AX"
        reel, number = stem, 1
        while reel in reels.values() or reel in ("AX", "BL"):
            number += 1
            reel = f"{stem[: _REEL - len(str(number))]}{number}"
        reels[media.id] = reel
    return reels


def _plain(text: str) -> str:
    """One line of text."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
