"""docs/selection.md is true: all that there is is on it."""

import re

from infra.manifest import ROOT
from shared.clips import FEATURES
from shared.clips.ranking import RANKERS
from shared.core.settings import EngineSettings

PAGE = (ROOT / "docs" / "selection.md").read_text()


def test_every_feature_is_on_the_page_and_no_other() -> None:
    table = PAGE.split("| feature |")[1].split("\n\n")[0]
    assert {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])} == set(
        FEATURES
    )


def test_every_ranker_and_its_settings_are_on_the_page() -> None:
    assert all(f"| `{name}` |" in PAGE for name in RANKERS)
    settings = [
        name
        for name in EngineSettings.model_fields
        if name.startswith(("openai_url", "openai_model", "openai_api", "anthropic_", "clip_ranker"))
        or name in ("llm_seconds", "llm_input_tokens", "llm_cache")
    ]
    assert len(settings) >= 10
    assert [name for name in settings if f"KOMPO_{name.upper()}" not in PAGE] == []
