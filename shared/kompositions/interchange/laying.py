"""Laying a komposition out as lanes: slots in frames, loops as repetitions, frozen ends as frames that are held."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from shared.kompositions.interchange.lanes import Crossing, Edit, Film, Lane, Media
from shared.kompositions.model import AudioClip, AudioTrack, Komposition, Segment, Source, VideoTrack
from shared.kompositions.timing import Slot, Timeline, plan_timeline
from shared.media import MediaInfo

MAX_TURNS = 1000
"""Most repetitions of a loop that are written out."""
_LOOKS = {"id", "source_id", "start", "end", "source_start", "source_duration", "fit", "reverse"}


def lay_out(komposition: Komposition, media: Mapping[str, MediaInfo]) -> Film:
    """The whole film. `media` is what is known of the sources' files, by source id."""
    timeline = plan_timeline(komposition)
    known = {source.id: _media(source, media.get(source.id)) for source in komposition.sources}
    laying = _Laying(
        timeline, known, {source.id: timeline.clock.length(source.offset) for source in komposition.sources}
    )
    lanes: list[Lane] = []
    for number, (track, slots) in enumerate(zip(komposition.tracks.video, timeline.tracks, strict=True)):
        lanes.append(laying.video(track, slots, f"/tracks/video/{number}"))
    sounds = [laying.sound_of(lane) for lane in lanes]
    for number, audio in enumerate(komposition.tracks.audio):
        sounds += laying.audio(audio, f"/tracks/audio/{number}")
    used = {edit.source for lane in lanes + sounds for edit in lane.edits}
    output = komposition.output
    return Film(
        komposition.title or "Komposition",
        timeline.rate,
        (output.width, output.height),
        timeline.film_frames,
        tuple(lane for lane in lanes + sounds if lane.edits),
        {name: found for name, found in known.items() if name in used},
    )


def _media(source: Source, info: MediaInfo | None) -> Media:
    duration = info.exact_duration if info and info.exact_duration > 0 else None
    shown = info.video.display_size if info and info.video else None
    sound = source.kind != "image" and (info is None or info.audio is not None)
    return Media(source.id, source.kind, file_name(source), duration, sound, shown)


def file_name(source: Source) -> str:
    """The name of a source's file, never its path."""
    path = unquote(urlsplit(source.url.replace("\\", "/")).path) if source.url and "[" not in source.url else ""
    return PurePosixPath(path).name or source.asset_id or source.id


class _Laying:
    def __init__(self, timeline: Timeline, media: Mapping[str, Media], offsets: Mapping[str, Fraction]) -> None:
        self.rate, self.clock, self.frames = timeline.rate, timeline.clock, timeline.film_frames
        self._media, self._offsets = media, offsets

    def video(self, track: VideoTrack, slots: tuple[Slot, ...], pointer: str) -> Lane:
        edits: list[Edit] = []
        places = {transition.to_segment: place for place, transition in enumerate(track.transitions)}
        for place, slot in enumerate(slots):
            segment = track.segments[slot.index]
            crossing = None
            if slot.transition is not None:
                where = f"{pointer}/transitions/{places[segment.id]}"
                crossing = Crossing(slot.transition.type, slot.overlap, where)
            whole = Edit(
                *(segment.id, segment.source_id, slot.start_frame, slot.end_frame, self._source_in(segment)),
                reverse=segment.reverse,
                crossing=crossing,
                pointer=f"{pointer}/segments/{slot.index}",
                looks=segment.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=_LOOKS),
            )
            following = slots[place + 1].overlap if place + 1 < len(slots) else 0
            edits += self._filled(whole, segment, following)
        looks = track.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, exclude={"id", "segments", "transitions"}
        )
        return Lane("video", track.id, tuple(edits), pointer=pointer, looks=looks)

    def sound_of(self, lane: Lane) -> Lane:
        """The sound of the segments themselves, where there is any."""
        if lane.looks.get("muted"):
            return replace(lane, kind="audio", edits=())
        heard: list[Edit] = []
        for edit in lane.edits:
            if self._media[edit.source].has_sound and not edit.held and not edit.looks.get("muted"):
                after = bool(heard) and edit.crossing and heard[-1].end == edit.start + edit.crossing.frames
                heard.append(edit if after or edit.crossing is None else replace(edit, crossing=None))
        return Lane("audio", lane.name, tuple(heard), own_sound=True, pointer=lane.pointer)

    def audio(self, track: AudioTrack, pointer: str) -> list[Lane]:
        """Clips that sound at the same time lie on lanes of their own."""
        lanes: list[list[Edit]] = []
        for index, clip in enumerate(track.clips):
            for edit in self._clip(clip, f"{pointer}/clips/{index}"):
                lane = next((lane for lane in lanes if lane[-1].end <= edit.start), None)
                if lane is None:
                    lanes.append(lane := [])
                lane.append(edit)
        return [Lane("audio", track.id, tuple(edits), pointer=pointer) for edits in lanes]

    def _clip(self, clip: AudioClip, pointer: str) -> list[Edit]:
        start = self.clock.frame_of(clip.start)
        window = self._window(clip)
        end = self.frames if clip.end is None else min(self.clock.frame_of(clip.end), self.frames)
        if clip.end is None and clip.fit == "trim" and window is not None:
            end = min(end, start + ceil(window * self.rate))
        if end <= start:
            return []
        looks = clip.model_dump(
            mode="json", by_alias=True, include={"volume", "muted", "fade_in", "fade_out"}, exclude_defaults=True
        )
        whole = Edit(clip.id, clip.source_id, start, end, self._source_in(clip), pointer=pointer, looks=looks)
        return self._filled(whole, clip, 0)

    def _source_in(self, part: Segment | AudioClip) -> Fraction:
        return self._offsets[part.source_id] + self.clock.length(part.source_start)

    def _window(self, part: Segment | AudioClip) -> Fraction | None:
        """Seconds of the file to use, if anyone knows."""
        if part.source_duration is not None:
            return self.clock.length(part.source_duration)
        duration = self._media[part.source_id].duration
        left = duration - self._source_in(part) if duration is not None else None
        return left if left is not None and left > 0 else None

    def _filled(self, whole: Edit, part: Segment | AudioClip, following: int) -> list[Edit]:
        """The edits that fill a slot: one, or one a turn, or one that plays and one that is held."""
        if self._media[whole.source].kind == "image":
            return [replace(whole, speed=Fraction(0), reverse=False)]
        fit = part.effective_fit if isinstance(part, Segment) else part.fit
        window = self._window(part)
        if window is None or fit == "trim":
            return [whole]
        if fit == "stretch":
            return [replace(whole, speed=window / (whole.frames / self.rate))]
        pieces = self._looped(whole, window) if fit == "loop" else self._frozen(whole, window)
        crossed = whole.crossing.frames if whole.crossing else 0
        if pieces[0].frames < crossed or pieces[-1].frames < following or len(pieces) > MAX_TURNS:
            return [whole]
        return pieces

    def _looped(self, whole: Edit, window: Fraction) -> list[Edit]:
        turns = min(ceil(whole.frames / self.rate / window), MAX_TURNS + 1)
        ends = [min(whole.frames, round(window * self.rate * (turn + 1))) for turn in range(turns)]
        ends[-1] = whole.frames
        bounds = [(begin, end) for begin, end in zip([0, *ends], ends, strict=False) if end > begin]
        turns_back = [
            window - Fraction(end - begin) / self.rate if whole.reverse else Fraction(0) for begin, end in bounds
        ]
        return [
            replace(_piece(whole, begin, end), source_in=whole.source_in + max(back, Fraction(0)))
            for (begin, end), back in zip(bounds, turns_back, strict=True)
        ]

    def _frozen(self, whole: Edit, window: Fraction) -> list[Edit]:
        played = min(max(round(window * self.rate), 1), whole.frames)
        if played == whole.frames:
            return [whole]
        last = whole.source_in if whole.reverse else whole.source_in + Fraction(played - 1) / self.rate
        held = replace(_piece(whole, played, whole.frames), source_in=last, speed=Fraction(0), reverse=False)
        return [_piece(whole, 0, played), held] if played > 1 else [replace(whole, speed=Fraction(0), reverse=False)]


def _piece(whole: Edit, begin: int, end: int) -> Edit:
    """Frames of an edit as an edit that begins where it does in the source."""
    crossing = whole.crossing if begin == 0 else None
    return replace(whole, start=whole.start + begin, end=whole.start + end, crossing=crossing)
