"""The YAML files that come with Kompo say the same by libyaml as by PyYAML, and name nothing that would be run."""

from pathlib import Path

import pytest
import yaml

from infra.manifest import ROOT
from shared.core.declared import read_declared

FILES = sorted((ROOT / "shared").rglob("*.yaml"))


def test_every_file_of_ours_says_what_it_says_to_pyyaml() -> None:
    assert len(FILES) > 20
    for path in FILES:
        assert read_declared(path) == yaml.safe_load(path.read_text(encoding="utf-8")), path


def test_objects_are_not_made(tmp_path: Path) -> None:
    path = tmp_path / "evil.yaml"
    path.write_text("!!python/object/apply:os.getcwd []")
    with pytest.raises(yaml.YAMLError, match="could not determine a constructor"):
        read_declared(path)
