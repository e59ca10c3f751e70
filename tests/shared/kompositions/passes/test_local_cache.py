"""The cache in a folder: bounded, shared, never half-written."""

import os
from pathlib import Path

from shared.kompositions.passes import LocalCache, Place


def film(folder: Path, name: str, size: int) -> Path:
    path = folder / name
    path.write_bytes(os.urandom(size))
    return path


def test_what_is_kept_is_found_and_fetched_by_another(tmp_path: Path) -> None:
    path = film(tmp_path, "a.mp4", 100)
    LocalCache(tmp_path / "cache").keep(path, {"picture": Place(3, 9), "sound": Place()})
    content = path.read_bytes()
    path.unlink()
    other = LocalCache(tmp_path / "cache")
    found = other.find(["picture", "sound", "nothing"])
    assert {key: entry.place for key, entry in found.items()} == {"picture": Place(3, 9), "sound": Place()}
    fetched = other.fetch(found["picture"].file, tmp_path)
    assert fetched is not None
    assert fetched.read_bytes() == content


def test_the_films_used_longest_ago_make_room(tmp_path: Path) -> None:
    cache = LocalCache(tmp_path / "cache", most_bytes=250)
    for number, name in enumerate(("a", "b")):
        cache.keep(film(tmp_path, name, 100), {name: Place(0, 1)})
        os.utime(tmp_path / "cache" / "films" / cache.find([name])[name].file, (number, number))
    file = cache.find(["a"])["a"].file
    assert cache.fetch(file, tmp_path) is not None
    cache.keep(film(tmp_path, "c", 100), {"c": Place(0, 1)})
    assert set(cache.find(["a", "b", "c"])) == {"a", "c"}


def test_a_fetched_film_outlives_its_eviction(tmp_path: Path) -> None:
    cache = LocalCache(tmp_path / "cache", most_bytes=150)
    path = film(tmp_path, "a", 100)
    cache.keep(path, {"a": Place(0, 1)})
    fetched = cache.fetch(cache.find(["a"])["a"].file, tmp_path)
    cache.keep(film(tmp_path, "b", 100), {"b": Place(0, 1)})
    assert cache.find(["a"]) == {}
    assert fetched is not None
    assert fetched.read_bytes() == path.read_bytes()


def test_nonsense_in_the_folder_is_nothing_known(tmp_path: Path) -> None:
    cache = LocalCache(tmp_path / "cache")
    (tmp_path / "cache" / "parts" / "a.json").write_text("{")
    (tmp_path / "cache" / "parts" / "b.json").write_text("[]")
    (tmp_path / "cache" / "speeds.json").write_text("nonsense")
    assert cache.find(["a", "b"]) == {}
    assert cache.speeds() == {}
    cache.learn({"sound": 4.0})
    cache.learn({"sound": 8.0})
    assert cache.speeds() == {"sound": 6.0}
