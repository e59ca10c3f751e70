"""The documents are true: their examples work, and what they are about is in them."""

import re
from pathlib import Path

import pytest

from infra.manifest import ROOT
from shared.kompositions import import_komposition
from shared.kompositions.cli import COMMANDS

PAGE = ROOT / "docs" / "kompositions.md"
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_komposition_with_nothing_to_remark(example: str) -> None:
    imported = import_komposition(example)
    assert imported.komposition is not None
    assert imported.findings == ()


def test_every_command_is_on_the_page() -> None:
    for command in COMMANDS:
        assert f"python -m shared.kompositions {command.__name__.rpartition('.')[2]} " in PAGE.read_text()


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.name
)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target
