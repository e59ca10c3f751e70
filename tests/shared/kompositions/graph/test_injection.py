"""Nothing that a document says becomes an option, a path or a filter."""

from pathlib import Path
from typing import Any

import pytest

from shared.kompositions import SourceMedia, compile_komposition, parse_komposition
from shared.media import run_graph
from tests.shared.kompositions.documents import Document, document, music, segment, transition

NASTY = [
    "';[out]nullsink;movie=/etc/passwd'",
    "a:b,c;d[e]f\\g%h\ni'j\"k",
    "-y",
    "-filter_complex",
    "../../etc/passwd",
    "file:/etc/passwd",
    "$(touch x)`touch y`",
    "%03d%n{n}",
    "ж🎬" * 10,
]


def named(body: Document, name: str) -> Document:
    """A document with every id, title, text and name replaced."""
    track = body["tracks"]["video"][0]
    track["id"] = name + "t"
    first, second = track["segments"]
    first["id"], second["id"] = name, name + "2"
    track["transitions"] = [transition("crossfade", name, name + "2", 0.2)]
    body["effects"] = [{"id": name, "type": "leica_look", "inputs": [{"kind": "segment", "id": name}]}]
    body["tracks"]["audio"][0]["id"] = name
    body["tracks"]["audio"][0]["ducking"] = {"under": [name + "t"]}
    body["sources"] += [{"id": name, "assetId": name, "kind": "video", "url": name, "checksum": name}]
    first["sourceId"] = name
    body["layouts"] = [{"kind": "split", "tracks": [name + "t"], "end": {"frames": 2}}]
    return {**body, "title": name, "description": name, "extra": {name: name}}


@pytest.mark.parametrize("name", NASTY)
def test_what_things_are_called_does_not_reach_ffmpeg(
    sources: dict[str, SourceMedia], tmp_path: Path, name: str
) -> None:
    def arguments(name: str) -> list[str]:
        body = document(segment("a", "video", 0, 0.2), segment("b", "video", 0.2, 0.5), audio=(music(),))
        komposition = parse_komposition(named(body, name))
        graph = compile_komposition(komposition, {**sources, name: sources["video"]}, tmp_path)
        return graph.arguments([tmp_path / "film.mp4"])

    assert arguments(name) == arguments("harmless")


def test_a_file_of_any_name_is_only_a_file(sources: dict[str, SourceMedia], tmp_path: Path) -> None:
    for number, name in enumerate(NASTY):
        path = tmp_path / f"{name.replace('/', '_')[:60]}.mp4"
        path.write_bytes(sources["video"].path.read_bytes())
        still = tmp_path / f"{name.replace('/', '_')[:60]}.png"
        still.write_bytes(sources["still"].path.read_bytes())
        media: dict[str, Any] = {
            **sources,
            "video": SourceMedia(path, sources["video"].info),
            "still": SourceMedia(still, sources["still"].info),
        }
        body = document(segment("a", "video", 0, 0.1), segment("b", "still", 0.1, 0.2))
        graph = compile_komposition(parse_komposition(body), media, tmp_path)
        output = tmp_path / f"{number}.mp4"
        assert run_graph(graph.arguments([output]), duration=graph.duration, output=output, timeout=60).frames == 6
