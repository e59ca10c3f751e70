"""Files that mean harm: they end in a clear refusal, soon, and reach nothing but themselves."""

import ctypes
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.core.errors import KompoError
from shared.media import Limits, UnreadableMedia, probe, run_graph
from tests.shared.media.bombs import bombs
from tests.shared.media.clips import frames, plain
from tests.shared.media.hostile import playlists

BOMBS = (
    *("header.png", "zipped.png", "frame.jpg", "canvas.webp", "screen.gif", "strip.tif", "rows.bmp"),
    *("claim.wav", "sizes.mp4", "times.mp4", "chunks.mp4", "elements.mkv"),
)
LOOKING = Limits(seconds=10, memory=150 << 20)
RUNNING = Limits(seconds=10, memory=300 << 20, output=10 << 20)
PLAYLISTS = (
    *("hls", "hls of bytes", "ffconcat", "concat script", "sdp", "dash", "pls", "asx", "smil", "m3u", "html", "svg"),
    *("edit list", "subtitle index", "picture pattern"),
)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plain(tmp_path_factory.mktemp("hostile") / "clip.mp4", "red", 1)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return bombs(tmp_path_factory.mktemp("bombs"))


def convert(source: Path, output: Path, limits: Limits = RUNNING) -> None:
    arguments = ["-i", str(source), "-t", "1", "-vf", "scale=32:32", "-preset", "ultrafast", "-f", "mp4", str(output)]
    result = run_graph(arguments, duration=1, output=output, limits=limits)
    assert limits.memory is None or result.peak_memory < limits.memory * 1.5


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_goes_off_nowhere(packed: dict[str, bytes], tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(packed[name])
    started = time.monotonic()
    try:
        info = probe(path, limits=LOOKING)
        assert info.exact_duration < 60
    except UnreadableMedia as error:
        assert error.detail.endswith(".")
    assert time.monotonic() - started < 5
    try:
        convert(path, tmp_path / "out.mp4")
    except KompoError as error:
        assert error.detail.endswith(".") or "could not make the result: " in error.detail
        assert str(tmp_path) not in error.detail
        assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["header.png", "frame.jpg", "canvas.webp", "screen.gif", "strip.tif"])
def test_a_picture_that_is_too_large_is_told_with_its_size(packed: dict[str, bytes], tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(packed[name])
    with pytest.raises(UnreadableMedia, match=r"^The picture is \d+ x \d+ pixels, which is too large"):
        probe(path)


class Canary:
    """A good film that nobody may open, and a server on this machine that nobody may call."""

    def __init__(self, film: Path) -> None:
        self.film = film
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.setblocking(False)
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._events = self._libc.inotify_init1(os.O_NONBLOCK)
        assert self._libc.inotify_add_watch(self._events, bytes(film), 0x20 | 0x1) >= 0, "IN_OPEN | IN_ACCESS"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}/film.mp4"

    def is_silent(self) -> bool:
        """Nobody has touched the film or called the server since this was asked last."""
        try:
            os.read(self._events, 4096)
        except BlockingIOError:
            pass
        else:
            return False
        try:
            self.server.accept()[0].close()
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        os.close(self._events)
        self.server.close()


@pytest.fixture
def canary(clip: Path) -> Iterator[Canary]:
    made = Canary(clip)
    yield made
    made.close()


def test_the_canary_sings(canary: Canary) -> None:
    assert canary.is_silent()
    probe(canary.film)
    assert not canary.is_silent()
    assert canary.is_silent()
    socket.create_connection(canary.server.getsockname()).close()
    assert not canary.is_silent()


@pytest.mark.parametrize("kind", PLAYLISTS)
def test_a_file_that_names_other_files_opens_none(canary: Canary, tmp_path: Path, kind: str) -> None:
    targets = {"mp4": str(canary.film), "m3u8": f"file://{canary.film}", "png": canary.url}
    for suffix, target in targets.items():
        path = tmp_path / f"innocent.{suffix}"
        path.write_bytes(playlists(target)[kind])
        with pytest.raises(UnreadableMedia):
            probe(path)
        with pytest.raises(KompoError):
            convert(path, tmp_path / "out.mp4")
        assert canary.is_silent(), target


@pytest.mark.parametrize(
    "address", ["{url}", "concat:{film}|{film}", "subfile,,start,0,end,0,,:{film}", "crypto:{film}", "cache:{url}",
                "async:{url}", "data:video/mp4;base64,AAAA", "tcp://127.0.0.1:9", "tee:{film}", "fd:0", "ffconcat:{film}"]
)  # fmt: skip
def test_an_input_that_is_an_address_is_not_followed(canary: Canary, tmp_path: Path, address: str) -> None:
    source = address.format(url=canary.url, film=canary.film)
    output = tmp_path / "out.mp4"
    with pytest.raises(KompoError):
        run_graph(["-i", source, "-f", "mp4", str(output)], duration=1, output=output)
    assert canary.is_silent()


@pytest.mark.parametrize(
    "name",
    ["-evil.mp4", "a:b.mp4", "pipe:1.mp4", "concat:x.mp4", "a|b.mp4", "two\nlines.mp4", "it's \"so\".mp4", "ü 🎬 視頻.mp4",
     "%03d.mp4", "*.mp4", "[v].mp4", "$(touch x);`id`.mp4", "film.mp4?x=1#2", "\\n.mp4", "é" * 120 + ".mp4", " .mp4"],
)  # fmt: skip
def test_a_strange_name_is_only_a_name(clip: Path, tmp_path: Path, name: str) -> None:
    source, output = tmp_path / "in" / name, tmp_path / "out" / name
    for path in (source, output):
        path.parent.mkdir()
    source.write_bytes(clip.read_bytes())
    assert probe(source).duration == 1
    convert(source, output, Limits())
    assert len(frames(output)) == 30
    assert [path.name for path in output.parent.iterdir()] == [name]


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zeros.mp4").symlink_to("/dev/zero")
    (tmp_path / "loop.mp4").symlink_to(tmp_path / "loop.mp4")
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "kernel.mp4").symlink_to("/proc/self/mem")
    for path in tmp_path.iterdir():
        started = time.monotonic()
        with pytest.raises(UnreadableMedia):
            probe(path)
        assert time.monotonic() - started < 2, path.name
