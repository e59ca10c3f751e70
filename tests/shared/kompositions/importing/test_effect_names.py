"""The table of other names leads to effects, parameters and transitions that there are."""

from pathlib import Path
from typing import get_args

import pytest
import yaml

from shared.kompositions.importing.parts import effect_names as names
from shared.kompositions.model.video import TransitionType
from shared.media.effects import effect_errors
from shared.media.effects import effect_names as registered

TABLE = yaml.safe_load(Path(names.__file__).with_suffix(".yaml").read_text())


@pytest.mark.parametrize("alias", TABLE["effects"])
def test_a_name_leads_to_an_effect_with_parameters_that_it_takes(alias: str) -> None:
    entry = TABLE["effects"][alias]
    assert entry["effect"] in registered()
    assert effect_errors(entry["effect"], entry.get("params", {}), None) == []


@pytest.mark.parametrize("effect", TABLE["params"])
def test_a_parameters_name_leads_to_one_that_the_effect_takes(effect: str) -> None:
    for known in set(TABLE["params"][effect].values()):
        codes = {error.code for error in effect_errors(effect, {known: object()}, None)}
        assert "extra_forbidden" not in codes, known


def test_transitions_are_those_of_the_schema() -> None:
    assert set(TABLE["transitions"].values()) <= set(get_args(TransitionType))


@pytest.mark.parametrize("name", get_args(TransitionType))
def test_a_transition_is_known_by_its_own_name_however_it_is_spelt(name: str) -> None:
    for spelt in (name, name.upper(), f"{name}_transition", name.replace("_", "-")):
        assert names.transition_called(spelt) == name


def test_a_name_of_the_registry_goes_before_the_table() -> None:
    for name in registered():
        assert names.effect_called(name) == (name, {})
