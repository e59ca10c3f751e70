"""Reading CMX 3600 EDLs: cuts, dissolves, wipes, speeds, held frames, markers. Whatever a line holds, others are read."""

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import get_args

from shared.kompositions.interchange.assembling import Read, Sources
from shared.kompositions.interchange.lanes import Crossing, Edit, Lane, longer
from shared.kompositions.interchange.losses import wipe_kind
from shared.kompositions.interchange.otio_json import exact_rate
from shared.kompositions.interchange.timecode import Timecode, drops, frame_number
from shared.media.graph.transitions import TransitionType

_EVENT = re.compile(
    r"(\d{1,6})\s+(\S+)\s+(\S+)\s+(C|D|W\d{1,3}|KB?|KO)(?:\s+(\d{1,4}))?\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)", re.I
)
_SPEED = re.compile(r"M2\s+(\S+)\s+([-+]?\d+(?:\.\d*)?)\s", re.I)
_NOTE = re.compile(r"\*\s*(FROM CLIP NAME|TO CLIP NAME|SOURCE FILE|LOC|KOMPO [A-Z ]+?)\s*:\s*(.*)", re.I)
_KINDS = frozenset(get_args(TransitionType))
_PICTURES = re.compile(r"V\d*|B|AA?\d*/V|NONE", re.I)
_LEADING = 600
"""Most seconds between a full hour and the first event that count as a gap."""


@dataclass
class _Event:
    line: int
    number: str
    reel: str
    track: str
    kind: str
    frames: int
    times: tuple[int, int, int, int]
    """Source in and out, record in and out, in frames."""
    name: str = ""
    notes: dict[str, str] = field(default_factory=dict)
    speed: Fraction | None = None
    markers: list[str] = field(default_factory=list)


def read_edl(text: str, read: Read) -> None:
    """Fill `read` from an EDL. Frames of a rate that it does not say are those that its timecodes need."""
    lines = [line.strip() for line in re.split(r"\r\n|\r|\n", text.lstrip("\ufeff"))]
    read.rate = _rate(lines, read)
    events = _Reading(lines, read).events()
    sources = Sources(read)
    shown = [event for event in events if event.times[3] > event.times[2]]
    begin = _begin([event.times[2] for event in shown], Timecode(read.rate, _dropping(lines)))
    for track in dict.fromkeys(event.track for event in shown):
        of_track = sorted((event for event in events if event.track == track), key=lambda event: event.times[2])
        edits = _edits(of_track, begin, sources, read)
        read.lanes.append(Lane("video", track.lower(), tuple(edits)))


def _dropping(lines: list[str]) -> bool:
    """Whether its record timecodes drop frame numbers."""
    said = next((line for line in lines if line.upper().startswith("FCM")), None)
    if said is not None:
        return "NON" not in said.upper() and "DROP" in said.upper()
    return any(drops(word) for line in lines if line[:1].isdigit() for word in line.split()[-4:])


def _rate(lines: list[str], read: Read) -> Fraction:
    for line in lines:
        said = re.match(r"\* KOMPO FRAME RATE: (\d{1,6})(?:/(\d{1,4}))? SIZE: (\d{2,4})X(\d{2,4})$", line)
        if said and (rate := exact_rate(int(said[1]) / int(said[2] or 1) if int(said[2] or 1) else 0)):
            width, height = int(said[3]), int(said[4])
            read.size = (width, height) if width % 2 == height % 2 == 0 and min(width, height) >= 16 else None
            if rate <= 120:
                return rate
    words = [word for line in lines if line[:1].isdigit() for word in line.split()[-4:]]
    highest = max((number for word in words if (number := frame_number(word)) is not None), default=0)
    if _dropping(lines):
        rate = Fraction(60000, 1001) if highest >= 30 else Fraction(30000, 1001)
    else:
        rate = Fraction(next((rate for rate in (24, 25, 30, 50, 60, 120) if highest < rate), 30))
    detail = f"An EDL does not say its frame rate; by its timecodes it is {float(rate):.5g}."
    read.findings.warn(
        "", "rate_guessed", detail, "If it is another one, set outputs/0/fps; frames keep their numbers."
    )
    return rate


def _begin(records: list[int], code: Timecode) -> int:
    """The frame of the record timecode that is time 0: the full hour before the first event if it is near."""
    first = min(records, default=0)
    hour = code.read(f"{code.write(first)[:2]}:00:00:00") or 0
    return hour if first - hour <= _LEADING * code.nominal else first


class _Reading:
    def __init__(self, lines: list[str], read: Read) -> None:
        self._lines, self._read, self._findings = lines, read, read.findings
        self._code = Timecode(read.rate, _dropping(lines))
        self._found: list[_Event] = []
        self._sound = False

    def events(self) -> list[_Event]:
        for index, line in enumerate(self._lines):
            if line[:1].isdigit():
                self._event(index, line)
            elif line.upper().startswith("TITLE:"):
                self._read.title = line[6:].strip()
            elif line.upper().startswith("M2"):
                self._speed(index, line)
            elif line.startswith("*"):
                self._note(line)
            elif line and not line.upper().startswith(("FCM", ">>>", "SPLIT")):
                self._findings.warn(
                    f"/{index}", "line_left_out", f"Line {index + 1} is not understood; it is left out."
                )
        return self._found

    def _event(self, index: int, line: str) -> None:
        found = _EVENT.fullmatch(line)
        if found is None:
            detail = f"Line {index + 1} begins like an event but is none; it is left out."
            self._findings.warn(f"/{index}", "event_garbled", detail, "An event ends with four timecodes.")
            return
        times = [self._code.read(found[group]) for group in (6, 7, 8, 9)]
        if not _PICTURES.fullmatch(found[3]):
            if not self._sound:
                self._sound = True
                detail = "Events of sound alone are left out; every segment has its own sound."
                self._findings.warn(f"/{index}", "sound_left_out", detail)
            return
        if (
            any(time is None for time in times)
            or (times[3] or 0) < (times[2] or 0)
            or (times[1] or 0) < (times[0] or 0)
        ):
            detail = f"Line {index + 1} has no good timecodes for {float(self._read.rate):.5g} frames a second; it is left out."
            self._findings.warn(f"/{index}", "bad_timecode", detail)
            return
        track = found[3].upper() if found[3].upper().startswith("V") else "V"
        source_in, source_out, record_in, record_out = (time or 0 for time in times)
        kind = found[4].upper()
        if kind.startswith("K"):
            self._findings.warn(f"/{index}", "key_left_out", f"Line {index + 1} is a key; it becomes a cut.")
            kind = "C"
        self._found.append(
            _Event(
                *(index, found[1], found[2], track, kind, int(found[5] or 0)),
                (source_in, source_out, record_in, record_out),
            )
        )

    def _speed(self, index: int, line: str) -> None:
        found = _SPEED.match(f"{line} ")
        if found is None or not self._found:
            self._findings.warn(
                f"/{index}", "speed_garbled", f"Line {index + 1} says no speed of an event; it is left out."
            )
            return
        number = self._found[-1].number
        events = [event for event in self._found[-2:] if event.number == number]
        event = next((event for event in reversed(events) if event.reel == found[1]), events[-1])
        event.speed = Fraction(found[2]) / self._read.rate

    def _note(self, line: str) -> None:
        if not self._found:
            return
        event = self._found[-1]
        if "FREEZE FRAME" in line.upper():
            event.speed = Fraction(0)
        found = _NOTE.match(line)
        if found is None:
            return
        what = found[1].upper()
        if what == "LOC":
            event.markers.append(found[2])
        else:
            event.notes[what] = found[2].strip()


def _edits(events: list[_Event], begin: int, sources: Sources, read: Read) -> list[Edit]:
    found: list[Edit] = []
    for event in events:
        _, _, record_in, record_out = event.times
        if record_in == record_out:
            continue
        black = event.reel.upper() in ("BL", "BLK", "BLACK")
        edit = None if black else _edit(event, begin, sources, read)
        before = found[-1] if found else None
        if before is not None and record_in - begin < before.end:
            detail = f"Line {event.line + 1} begins before the event before it ends; it is left out."
            read.findings.warn(f"/{event.line}", "events_overlap", detail, "Put it on another track.")
            continue
        if event.kind != "C":
            crossing = _crossing(event, edit, before, read)
            if crossing is not None and before is not None and edit is not None:
                found[-1] = longer(before, crossing.frames, read.rate, at_end=True)
                edit = replace(edit, crossing=crossing)
        if edit is not None:
            found.append(edit)
    return [_not_before_file(edit, read) for edit in found]


def _crossing(event: _Event, edit: Edit | None, before: Edit | None, read: Read) -> Crossing | None:
    """The transition at the beginning of an event."""
    where = f"/{event.line}"
    if edit is None or before is None or before.end != edit.start:
        detail = f"Line {event.line + 1} fades from or to black; it becomes a cut."
        read.findings.warn(where, "fade_left_out", detail, "Use a fadeblack transition or an effect.")
        return None
    frames = min(event.frames, edit.frames)
    if frames < 1:
        return None
    kind = event.notes.get("KOMPO TRANSITION", "")
    if kind in _KINDS:
        return Crossing(kind, frames, where)
    if event.kind == "D":
        return Crossing("crossfade", frames, where)
    wipe = wipe_kind(int(event.kind[1:]))
    if wipe is None:
        read.findings.warn(
            where, "wipe_unknown", f"Line {event.line + 1} has wipe {event.kind[1:]}; it becomes a wiperight."
        )
    return Crossing(wipe or "wiperight", frames, where)


def _edit(event: _Event, begin: int, sources: Sources, read: Read) -> Edit:
    source_in, _, record_in, record_out = event.times
    note = "TO CLIP NAME" if event.kind != "C" and "TO CLIP NAME" in event.notes else "FROM CLIP NAME"
    name = event.notes.get("SOURCE FILE") or event.notes.get(note) or event.reel
    speed, reverse = _speed_of(event, read)
    looks: dict[str, object] = {"extra": {"markers": list(event.markers)}} if event.markers else {}
    return Edit(
        name=event.number,
        source=sources.named(name, "video"),
        start=record_in - begin,
        end=record_out - begin,
        source_in=Fraction(source_in) / read.rate,
        speed=speed,
        reverse=reverse,
        pointer=f"/{event.line}",
        looks=looks,
    )


def _speed_of(event: _Event, read: Read) -> tuple[Fraction, bool]:
    source, record = event.times[1] - event.times[0], event.times[3] - event.times[2]
    if event.speed == 0:
        return Fraction(0), False
    if event.speed is not None:
        said = abs(event.speed)
        exact = event.notes.get("KOMPO SPEED", "")
        if re.fullmatch(r"\d{1,20}(/[1-9]\d{0,20})?", exact) and abs(Fraction(exact) - said) < Fraction(1, 100):
            said = Fraction(exact)
        elif source and abs(said * record - source) <= 1:
            said = Fraction(source, record)
        return min(max(said, Fraction(1, 1000)), Fraction(1000)), event.speed < 0
    if source != record:
        detail = f"Line {event.line + 1} uses {source} frames of its source in {record}"
        if not source:
            read.findings.warn(f"/{event.line}", "length_differs", f"{detail}; the frame is held.")
            return Fraction(0), False
        read.findings.warn(f"/{event.line}", "length_differs", f"{detail}; its speed is changed to fit.")
    return Fraction(source, record), False


def _not_before_file(edit: Edit, read: Read) -> Edit:
    if edit.source_in >= 0:
        return edit
    read.findings.warn(edit.pointer, "before_file", "It would begin before its file; it begins with the file.")
    return replace(edit, source_in=Fraction(0))
