"""`python -m demo.caption_sheet`: make docs/captions.jpg anew: every preset, what platforms leave free, and scripts."""

import io
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from PIL import Image

from demo.footage import make_footage
from shared.kompositions import Komposition, SourceMedia, compile_komposition
from shared.kompositions.caption_presets import caption_look, caption_presets, caption_track, speaker_colors
from shared.kompositions.model import CaptionLook, CaptionTrack, Cue, Platform, Transcript, Word
from shared.media import find_ffmpeg, probe

SIZE, COLUMNS, RATE, SECONDS = (216, 384), 7, 20, 3
DOCS = Path(__file__).parents[1] / "docs"
_SAID = "This is what people read when they watch without sound"
_SCRIPTS = {
    "ar": "هذا ما يقرأه الناس عندما يشاهدون Kompo بلا صوت",
    "he": "זה מה שאנשים קוראים כשהם צופים בלי קול",
    "ja": "音を出さずに見るとき、人はこれを読みます。",
    "zh": "人们在静音观看视频时，读的就是这些字幕。",
    "ko": "소리 없이 볼 때 사람들은 이것을 읽습니다",
    "emoji": "Watch 👀 without sound 🔇 and read 🔥 this 🚀",
}


@dataclass(frozen=True)
class _Cell:
    """A picture of the sheet: its name and what is said in it, looking so."""

    name: str
    track: CaptionTrack


def main() -> int:
    """Draw every cell and put them together."""
    cells = list(_cells())
    sheet = Image.new("RGB", (COLUMNS * SIZE[0], -(-len(cells) // COLUMNS) * SIZE[1]))
    with TemporaryDirectory() as folder:
        face = make_footage(Path(folder) / "footage").face
        media = SourceMedia(face, probe(face))
        for place, cell in enumerate(cells):
            left, top = place % COLUMNS * SIZE[0], place // COLUMNS * SIZE[1]
            sheet.paste(_drawn(cell, media, Path(folder)), (left, top))
    sheet.save(DOCS / "captions.jpg", quality=82, optimize=True)
    return 0


def _cells() -> Iterator[_Cell]:
    for name in caption_presets():
        yield _cell(name, caption_look(name), _SAID)
    for platform in get_args(Platform):
        yield _cell(f"platform {platform}", caption_look("boxed", platform=platform), _SAID)
    for language, said in _SCRIPTS.items():
        yield _cell(language, caption_look("karaoke"), said, None if language == "emoji" else language)
    colors = speaker_colors(["Ann", "Bob"])
    yield _cell("speakers", caption_look("clean", speaker_colors=colors), _SAID, speakers=list(colors))


def _cell(
    name: str, look: CaptionLook, said: str, language: str | None = None, speakers: list[str] | None = None
) -> _Cell:
    words = said.split()
    step = SECONDS / len(words)
    told = [
        Word(word=word, start=n * step, end=(n + 1) * step, speaker=speakers[n // 3 % 2] if speakers else None)
        for n, word in enumerate(words)
    ]
    cue = Cue(start=0, end=SECONDS, text=said, words=told)
    return _Cell(name, caption_track(look, transcript=Transcript(language=language, segments=[cue])))


def _drawn(cell: _Cell, media: SourceMedia, folder: Path) -> Image.Image:
    label = {"kind": "text", "id": "name", "text": cell.name, "size": 0.035, "y": 0.04, "background": "#000000a0"}
    segment = {"id": "one", "sourceId": "face", "start": {"seconds": 0}, "end": {"seconds": SECONDS}, "scale": "cover"}
    darker = {"type": "brightness", "params": {"amount": -0.25}}
    komposition = Komposition.model_validate(
        {
            "sources": [{"id": "face", "kind": "image"}],
            "tracks": {"video": [{"segments": [segment | {"effects": [darker]}]}], "overlay": [{"items": [label]}]},
            "outputs": [{"width": SIZE[0], "height": SIZE[1], "fps": RATE}],
        }
    )
    komposition.tracks.caption.append(cell.track)
    frame = round(0.4 * SECONDS * RATE)
    graph = compile_komposition(komposition, {"face": media}, folder, window=range(frame, frame + 1))
    return Image.open(io.BytesIO(_png(graph.picture)))


def _png(picture: object) -> bytes:
    import ffmpeg

    output = ffmpeg.output(picture, "pipe:1", f="image2pipe", vcodec="png", **{"frames:v": 1})
    command = [str(find_ffmpeg().path), "-nostdin", "-loglevel", "error", *ffmpeg.get_args(output)]
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout


if __name__ == "__main__":
    sys.exit(main())
