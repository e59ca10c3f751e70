"""The process that looks into files: what a file may do to it, and what remains of that."""

import io
import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.media import Limits, MediaInfo, MediaOverLimit, UnreadableMedia, probe
from shared.media.probing.prober import Prober, prober
from tests.shared.media.clips import make, plain


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plain(tmp_path_factory.mktemp("probing") / "clip.mp4", "red", 1)


class Watched(io.BytesIO):
    """A film that does something to the process that looks into it, when that asks for its bytes."""

    def __init__(self, film: Path, act: Callable[[int], None]) -> None:
        super().__init__(film.read_bytes())
        self._act: Callable[[int], None] | None = act

    def read(self, size: int | None = -1) -> bytes:
        act, self._act = self._act, None
        if act is not None:
            act(looking())
        return super().read(size)


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def prober_child() -> int:
    """The process that this one keeps for looking into files."""
    return next(pid for pid in children(os.getpid()) if b"probing.child" in Path(f"/proc/{pid}/cmdline").read_bytes())


def looking() -> int:
    """The process that looks into a file now; of several the one that does so longest."""
    return children(prober_child())[0]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def all_end(pids: list[int]) -> bool:
    """Whether all of them are gone within 5 s."""
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(alive(pid) for pid in pids)


def test_who_looks_into_a_file_can_open_nothing_write_nothing_and_knows_nothing(clip: Path) -> None:
    seen: dict[str, str] = {}

    def look(pid: int) -> None:
        for line in Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]:
            seen[line[:26].strip()] = line[26:].split()[0]
        seen["environment"] = Path(f"/proc/{pid}/environ").read_text()

    os.environ["KOMPO_SECRET_OF_THE_TEST"] = "hush"
    probe(Watched(clip, look), limits=Limits(seconds=7, memory=100 << 20))
    assert (seen["Max open files"], seen["Max file size"], seen["Max core file size"]) == ("0", "0", "0")
    assert seen["Max cpu time"] == "7"
    assert 100 << 20 < int(seen["Max address space"]) < 2 << 30
    assert "hush" not in seen["environment"]


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGILL, signal.SIGFPE])
def test_a_file_that_brings_the_decoder_down_is_refused_and_the_next_is_not(clip: Path, number: int) -> None:
    with pytest.raises(UnreadableMedia, match="brings decoders down"):
        probe(Watched(clip, lambda pid: os.kill(pid, number)))
    assert probe(clip).kind == "video"


def test_a_decoder_that_hangs_is_given_up(clip: Path) -> None:
    stopped: list[int] = []

    def hang(pid: int) -> None:
        stopped.extend((pid, prober_child()))
        os.kill(pid, signal.SIGSTOP)

    started = time.monotonic()
    with pytest.raises(MediaOverLimit, match=r"in 1 seconds\."):
        probe(Watched(clip, hang), limits=Limits(seconds=1))
    assert time.monotonic() - started < 3
    assert all_end(stopped)
    assert probe(clip).kind == "video"


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of 27 MB."""
    path = tmp_path_factory.mktemp("wide") / "wide.png"
    return make(path, "-f", "lavfi", "-i", "color=red:s=3000x3000", "-pix_fmt", "rgb24", "-frames:v", "1")


def test_a_picture_that_takes_too_much_memory_is_refused(wide: Path) -> None:
    with pytest.raises(MediaOverLimit, match="20 MiB of memory"):
        probe(wide, limits=Limits(memory=20 << 20))
    assert probe(wide, limits=Limits(memory=200 << 20)).is_still


def test_the_memory_that_it_takes_is_not_ours(wide: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert probe(wide).is_still
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10 << 10


def test_a_child_that_was_ended_from_outside_is_started_again(clip: Path) -> None:
    first = probe(clip)
    os.kill(prober_child(), signal.SIGKILL)
    assert probe(clip) == first
    assert (
        probe(Watched(clip, lambda pid: [os.kill(victim, signal.SIGKILL) for victim in (prober_child(), pid)])) == first
    )


def test_a_file_that_cannot_be_read_on_is_the_reader_s_error(clip: Path) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise error

    for error in (
        ConnectionResetError("the bucket has gone"),
        TimeoutError("the bucket is slow"),
        ValueError("closed"),
    ):
        with pytest.raises(type(error)):
            probe(Torn(clip.read_bytes()))
    assert probe(clip).kind == "video"


def test_threads_share_the_child(clip: Path) -> None:
    found: list[MediaInfo] = []
    threads = [threading.Thread(target=lambda: found.append(probe(clip))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [probe(clip)] * 6


def test_files_are_looked_into_at_once_and_one_that_brings_its_decoder_down_does_so_alone(clip: Path) -> None:
    prober().dismiss()
    two, begun, counted, fallen = Prober(2), threading.Event(), threading.Event(), threading.Event()
    sockets: list[int] = []

    def fall(pid: int) -> None:
        begun.set()
        assert counted.wait(20)
        os.kill(pid, signal.SIGSEGV)

    def go_on(_first: int) -> None:
        for pid in children(prober_child())[:2]:
            ends = Path(f"/proc/{pid}/fd").iterdir()
            sockets.append(sum(str(end.readlink()).startswith("socket:") for end in ends))
        counted.set()
        assert fallen.wait(20)

    def look(act: Callable[[int], None]) -> str:
        return str(two.look_into(Watched(clip, act), clip.stat().st_size, Limits(seconds=30))["container"])

    with ThreadPoolExecutor(2) as pool:
        broken = pool.submit(look, fall)
        assert begun.wait(20)
        whole = pool.submit(look, go_on)
        with pytest.raises(UnreadableMedia, match="brings decoders down"):
            broken.result()
        fallen.set()
        assert whole.result() == probe(clip).container
    two.dismiss()
    assert sockets == [2, 2], "one to the child, one to who asks: none to the other file"


def test_the_children_end_with_a_parent_that_is_killed(clip: Path) -> None:
    script = f"""
        import io, os, sys, time
        from pathlib import Path
        from shared.media import probe
        from tests.shared.media.test_probing import Watched, prober_child
        def hang(pid):
            print(prober_child(), pid, flush=True)
            time.sleep(60)
        probe(Watched(Path({str(clip)!r}), hang))
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    assert all(alive(pid) for pid in pids)
    parent.kill()
    parent.wait(10)
    parent.stdout.close()
    assert all_end(pids)
