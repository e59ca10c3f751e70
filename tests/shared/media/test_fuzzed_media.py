"""Real files with bytes flipped, cut, repeated and made extreme: each is described or refused, soon, and that is all."""

import time
from itertools import islice
from pathlib import Path

import pytest

from shared.core.errors import KompoError
from shared.media import Limits, MediaInfo, UnreadableMedia, probe, run_graph
from tests.shared.media.hostile import KINDS, mutations, samples

SEED = 20_260_101
TIMES = 8
SECONDS, OUTPUT = 10, 4 << 20
LIMITS = Limits(SECONDS, 256 << 20, OUTPUT)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return samples(tmp_path_factory.mktemp("samples"))


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_wrong_with_a_file_it_is_described_or_refused(
    whole: dict[str, bytes], tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"film.{kind}"
    path.write_bytes(whole[kind])
    assert isinstance(probe(path, limits=LIMITS), MediaInfo)
    for number, content in enumerate(islice(mutations(whole[kind], SEED), TIMES)):
        path.write_bytes(content)
        started = time.monotonic()
        try:
            assert isinstance(probe(path, limits=LIMITS), MediaInfo)
        except UnreadableMedia as error:
            assert error.detail.endswith("."), number
        assert time.monotonic() - started < SECONDS + 1.5, number
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("kind", ["mp4", "mkv", "ts", "mxf", "png", "gif", "ogg", "flac"])
def test_whatever_is_wrong_with_an_input_a_run_ends_within_its_limits(
    whole: dict[str, bytes], tmp_path: Path, kind: str
) -> None:
    path, output = tmp_path / f"film.{kind}", tmp_path / "out.mkv"
    for number, content in enumerate(islice(mutations(whole[kind], SEED), 2)):
        path.write_bytes(content)
        arguments = ["-i", str(path), "-t", "2", "-c:v", "mpeg4", "-f", "matroska", str(output)]
        try:
            result = run_graph(arguments, duration=2, output=output, limits=LIMITS)
            assert result.size <= OUTPUT, number
            output.unlink()
        except KompoError as error:
            assert str(tmp_path) not in error.detail, number
        assert [path.name for path in tmp_path.iterdir()] == [path.name], number
