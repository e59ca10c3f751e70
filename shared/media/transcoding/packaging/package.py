"""The package: one file, or a folder of fragments with playlists."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from shared.media.ffmpeg import Ffmpeg
from shared.media.graph.encoding import FORMATS
from shared.media.runner import run_graph
from shared.media.transcoding.packaging.dash import MANIFEST, manifest
from shared.media.transcoding.packaging.hls import MASTER, master_playlist, media_playlist
from shared.media.transcoding.packaging.tracks import picture_track, sound_track
from shared.media.transcoding.plan import TranscodePlan

SOUND = "sound"
_FRAGMENTS = "+frag_keyframe+cmaf+dash+delay_moov+global_sidx+skip_trailer"
_SOUND_FRAGMENT = 2_000_000
"""Microseconds: so near do segments of sound end to those of the picture."""


def package(
    plan: TranscodePlan,
    pictures: Mapping[str, Path],
    sound: Path | None,
    folder: Path,
    *,
    on_progress: Callable[[float], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> tuple[Path, ...]:
    """Write into `folder` what is played: one file, or a file of fragments for every rendition and for the sound, with
    playlists. The first of the answer is the one to open.

    `pictures` are whole, by the names of the renditions; `sound` is what `encode_sound` gave. Nothing is encoded again.
    Raises what `run_graph` raises."""
    one = plan.package == "file"
    made = _file_path(plan, folder) if one else _fragment_paths(plan, sound, folder)
    run_graph(
        list(_file_command(plan, pictures, sound, *made) if one else _fragments(plan, pictures, sound, made)),
        duration=plan.seconds,
        output=made,
        on_progress=on_progress and (lambda progress: on_progress(progress.fraction)),
        should_cancel=should_cancel,
        timeout=timeout,
        ffmpeg=ffmpeg,
    )
    return made if one else _with_playlists(plan, made, sound is not None, folder)


def _file_path(plan: TranscodePlan, folder: Path) -> tuple[Path]:
    return (folder / f"{plan.renditions[0].name}.{plan.container}",)


def _file_command(plan: TranscodePlan, pictures: Mapping[str, Path], sound: Path | None, output: Path) -> Iterator[str]:
    yield from _inputs(pictures[plan.renditions[0].name], sound)
    yield from ("-map", "0:v", *(("-map", "1:a") if sound else ()), "-c", "copy", *_tag(plan))
    if plan.container in ("mp4", "mov"):
        yield from ("-movflags", "+faststart")
    yield from ("-map_metadata", "-1", "-f", FORMATS.get(plan.container, plan.container), str(output))


def _fragment_paths(plan: TranscodePlan, sound: Path | None, folder: Path) -> tuple[Path, ...]:
    names = [each.name for each in plan.renditions] + ([SOUND] if sound is not None else [])
    return tuple(folder / f"{name}.mp4" for name in names)


def _fragments(
    plan: TranscodePlan, pictures: Mapping[str, Path], sound: Path | None, outputs: tuple[Path, ...]
) -> Iterator[str]:
    yield from _inputs(*(pictures[each.name] for each in plan.renditions), sound)
    # A segment is complete when so much of it is there and another group of pictures begins.
    least = int((plan.segment_frames - plan.gop_frames / 2) / plan.frame_rate * 1_000_000)
    for place, path in enumerate(outputs):
        heard = place == len(plan.renditions)
        kind = ("-map", f"{place}:a") if heard else ("-map", f"{place}:v", *_tag(plan))
        lasting = ("-frag_duration", str(_SOUND_FRAGMENT)) if heard else ("-min_frag_duration", str(least))
        yield from (
            *kind,
            "-c",
            "copy",
            "-map_metadata",
            "-1",
            *lasting,
            "-movflags",
            _FRAGMENTS,
            "-f",
            "mp4",
            str(path),
        )


def _inputs(*paths: Path | None) -> Iterator[str]:
    for path in paths:
        if path is not None:
            yield from ("-i", str(path.absolute()))


def _tag(plan: TranscodePlan) -> tuple[str, ...]:
    return ("-tag:v", "hvc1") if plan.renditions[0].codec == "h265" and plan.container in ("mp4", "mov") else ()


def _with_playlists(plan: TranscodePlan, made: tuple[Path, ...], heard: bool, folder: Path) -> tuple[Path, ...]:
    pictures = [picture_track(path, each) for path, each in zip(made, plan.renditions, strict=False)]
    sound = sound_track(made[-1], pictures[0]) if heard else None
    transfer = plan.info.video.color_transfer if plan.hdr and plan.info.video else None
    texts = {
        MASTER: master_playlist(pictures, sound, plan.frame_rate, transfer),
        MANIFEST: manifest(pictures, sound, plan.frame_rate, transfer),
        **{f"{track.name}.m3u8": media_playlist(track) for track in (*pictures, *([sound] if sound else []))},
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return (*(folder / name for name in texts), *made)
