"""The page about transcripts says everything: each format, each edit with its fields."""

from typing import get_args

import pytest

from infra.manifest import ROOT
from shared.transcripts import FORMATS
from shared.transcripts.editing import Edit

PAGE = (ROOT / "docs" / "transcripts.md").read_text()
EDITS = get_args(get_args(Edit)[0])


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_on_the_page(name: str) -> None:
    assert f"| `{name}` |" in PAGE


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_every_edit_is_on_the_page_with_its_fields(edit: type) -> None:
    fields = edit.model_json_schema()["properties"]  # type: ignore[attr-defined]
    op = fields.pop("op")["const"]
    [row] = [line for line in PAGE.splitlines() if line.startswith("|") and f"`{op}`" in line]
    assert all(f"`{name}`" in row for name in fields), fields
