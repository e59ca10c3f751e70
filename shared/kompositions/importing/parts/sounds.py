"""Sounds: music and speech under the whole or under single segments, and what happens to the segments' own sound."""

from shared.kompositions.importing.parts import names
from shared.kompositions.importing.parts.fields import Fields, Names
from shared.kompositions.importing.parts.mixes import read_settings
from shared.kompositions.importing.parts.sketch import Clip, Cut, Sketch
from shared.kompositions.importing.parts.times import take_time
from shared.kompositions.importing.parts.volumes import read_volume
from shared.kompositions.model import Unit

_FILE: Names = (
    *names.MUSIC,
    "file_id",
    "fileId",
    "file",
    "sourceFile",
    "source_file",
    "sourceId",
    "source_id",
    "source",
    "url",
)
_SILENCING: tuple[tuple[Names, bool], ...] = (
    (("removeOriginalAudio", "remove_original_audio"), True),
    (("musicOnly", "music_only"), True),
    (("keepOriginalAudio", "keep_original_audio", "useOriginalAudio", "preserve_original"), False),
)
"""What settings call it, and what they say when a segment's own sound is not to be heard. One is enough; the rest is kept."""
_STARTS: Names = ("start", "insertAtTime", "insert_at", *names.SECONDS_START)
_OVERLAYS: Names = ("speechOverlay", "speech_overlay")
_MUSIC_BLOCKS = (
    *("globalAudio", "global_audio", "audio", "audioSettings", "audio_settings", "backgroundMusic", "music"),
    *_OVERLAYS,
)


def read_sounds(root: Fields, sketch: Sketch) -> None:
    """Everything that a document says about sound at its top."""
    for key in _MUSIC_BLOCKS:
        value = root.value.get(key)
        if isinstance(value, str) and value:
            root.mark(key)
            sketch.clips.append(Clip(value, root.pointer(key)))
        elif isinstance(value, dict):
            block = Fields(value, root.pointer(key), root.notes)
            if key in _OVERLAYS and _is_off(block):
                continue
            if read_music(block, sketch):
                root.mark(key)
            else:
                root.adopt(key, block)
        elif isinstance(value, list):
            for part in root.parts((key,)):
                read_music(part, sketch)


def read_music(block: Fields, sketch: Sketch) -> bool:
    """Music, settings or both from an object. Whether it became a clip, which then has all that is left of it."""
    read_settings(block, sketch)
    music = block.part(names.MUSIC)
    parts = [block] if music is None else [music, block]
    name = parts[0].text(_FILE, "sourceId")
    if name is None:
        return False
    clip = Clip(name, parts[0].at, fields=parts[0])
    for fields in parts:
        _describe(clip, fields)
    sketch.clips.append(clip)
    return music is None


def read_cut_sound(cut: Cut, fields: Fields, sketch: Sketch) -> None:
    """What a segment says about its own sound, and about the music while it lasts."""
    cut.volume = read_volume(fields, names.VOLUME, "volume")
    muted = fields.flag(("muted", "mute"), "muted")
    cut.muted = muted
    for key in ("audioSettings", "audio_settings", "audioHandling", "audio_handling"):
        settings = fields.child((key,)) if key in fields.value else None
        if settings is not None:
            _settings(cut, settings)
    overlay = fields.child(_OVERLAYS)
    if overlay is not None:
        _overlay(cut, overlay, sketch)


def _settings(cut: Cut, settings: Fields) -> None:
    said = [(settings.flag(group, "muted"), silent, group) for group, silent in _SILENCING]
    deciding = next((group for flag, silent, group in said if flag is silent), None)
    if deciding is not None:
        cut.muted = True
        settings.leave(*(name for _, _, group in said if group is not deciding for name in group))
    elif any(flag is not None for flag, _, _ in said):
        cut.muted = False
    mixed = settings.flag(("mixWithMusic", "mix_with_music"))
    _volumes(cut, settings)
    if mixed is False:
        cut.music_volume = 0


def _volumes(cut: Cut, settings: Fields) -> None:
    speech = read_volume(settings, names.SPEECH_VOLUME, "volume")
    if speech is not None:
        cut.volume = speech
    music = read_volume(settings, names.MUSIC_VOLUME)
    if music is not None:
        cut.music_volume = music


def _overlay(cut: Cut, overlay: Fields, sketch: Sketch) -> None:
    if _is_off(overlay):
        return
    _volumes(cut, overlay)
    name = overlay.text(names.MUSIC)
    if name is None:
        return
    if any(clip.ref == name and clip.start is None for clip in sketch.clips):
        return
    at = overlay.pointer(overlay.key(names.MUSIC) or "")
    sketch.clips.append(Clip(name, at, start=cut.start, end=cut.end, volume=cut.music_volume))
    if not any(clip.start is None for clip in sketch.clips):
        cut.music_volume = None


def _is_off(overlay: Fields) -> bool:
    if overlay.flag(("enabled",)) is not False:
        return False
    overlay.leave("enabled")
    overlay.notes.warn(overlay.at, "overlay_disabled", "The speech overlay is switched off. It has no effect.")
    return True


def _describe(clip: Clip, fields: Fields) -> None:
    """Add to the clip what the fields say and it does not know yet."""
    if fields.value.get("type") in ("speech", "voice", "narration"):
        clip.role = "speech"
        fields.mark("type")
    if clip.volume is None:
        clip.volume = read_volume(fields, (*names.MUSIC_VOLUME, "volume"), "volume")
    clip.source_start = clip.source_start or take_time(fields, names.OFFSET, Unit.SECONDS, "sourceStart")
    clip.fade_in = clip.fade_in or take_time(fields, names.FADE_IN, Unit.SECONDS, "fadeIn")
    clip.fade_out = clip.fade_out or take_time(fields, names.FADE_OUT, Unit.SECONDS, "fadeOut")
    clip.start = clip.start or take_time(fields, names.BEAT_START, Unit.BEATS, "start")
    clip.start = clip.start or take_time(fields, _STARTS, Unit.SECONDS, "start")
    clip.end = clip.end or take_time(fields, names.BEAT_END, Unit.BEATS, "end")
    clip.end = clip.end or take_time(fields, ("end", *names.SECONDS_END), Unit.SECONDS, "end")
