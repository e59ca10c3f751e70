"""Tracks: those of each kind, and what is on them."""

from shared.kompositions.diff import parts
from shared.kompositions.diff.lists import compare_parts, rename_all
from shared.kompositions.diff.matching import Matches, content, listed, match
from shared.kompositions.diff.segments import compare_segments, compare_transitions, match_segments
from shared.kompositions.diff.telling import Telling
from shared.kompositions.model import AudioTrack, OverlayTrack, Tracks


def compare_tracks(telling: Telling, before: Tracks, after: Tracks) -> None:
    """Tell of all tracks, those that are seen first."""
    video = match(
        listed(before.video, "/tracks/video"), listed(after.video, "/tracks/video"), parts.by_id, parts.by_first
    )
    audio = match(
        listed(before.audio, "/tracks/audio"), listed(after.audio, "/tracks/audio"), parts.by_id, parts.by_first
    )
    overlay = match(
        listed(before.overlay, "/tracks/overlay"), listed(after.overlay, "/tracks/overlay"), parts.by_id, parts.by_first
    )
    caption = match(
        listed(before.caption, "/tracks/caption"), listed(after.caption, "/tracks/caption"), parts.by_id, parts.by_words
    )
    rename_all(telling, video, parts.VIDEO_TRACK)
    rename_all(telling, audio, parts.AUDIO_TRACK)
    rename_all(telling, overlay, parts.OVERLAY_TRACK)
    rename_all(telling, caption, parts.CAPTIONS)
    compare_parts(telling, video, parts.VIDEO_TRACK)
    kept = {old.index: new.index for old, new in video.pairs}
    segments = match_segments(telling, before.video, after.video)
    compare_segments(telling, segments, before.video, after.video, kept)
    compare_transitions(telling, before.video, after.video, kept)
    compare_parts(telling, audio, parts.AUDIO_TRACK)
    _compare_clips(telling, audio)
    compare_parts(telling, overlay, parts.OVERLAY_TRACK)
    _compare_items(telling, overlay)
    compare_parts(telling, caption, parts.CAPTIONS)


def _compare_clips(telling: Telling, tracks: Matches[AudioTrack]) -> None:
    for old, new in tracks.pairs:
        found = match(
            listed(old.part.clips, f"{old.pointer}/clips", renamed=telling.renames("source")),
            listed(new.part.clips, f"{new.pointer}/clips"),
            *(parts.by_id, content, parts.by_source, parts.by_range),
        )
        kind = parts.clip_kind(new.part.id)
        rename_all(telling, found, kind)
        compare_parts(telling, found, kind)


def _compare_items(telling: Telling, tracks: Matches[OverlayTrack]) -> None:
    for old, new in tracks.pairs:
        found = match(
            listed(old.part.items, f"{old.pointer}/items", renamed=telling.renames("source")),
            listed(new.part.items, f"{new.pointer}/items"),
            *(parts.by_id, content, parts.by_text, parts.by_range),
        )
        rename_all(telling, found, parts.ITEM)
        compare_parts(telling, found, parts.ITEM)
