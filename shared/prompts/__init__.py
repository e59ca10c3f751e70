"""Prompts: which clips somebody wants, in their own words: presets, variables, versions."""

from shared.prompts.filling import fill
from shared.prompts.presets import DEFAULT, as_request, preset, presets, typed_in
from shared.prompts.prompt import STANDARD, Prompt
from shared.prompts.request import LONGEST, MOST_CLIPS, SHORTEST, ClipRequest
from shared.prompts.variable import Limits, PromptVariable, PromptVariableType

__all__ = [
    "DEFAULT",
    "LONGEST",
    "MOST_CLIPS",
    "SHORTEST",
    "STANDARD",
    "ClipRequest",
    "Limits",
    "Prompt",
    "PromptVariable",
    "PromptVariableType",
    "as_request",
    "fill",
    "preset",
    "presets",
    "typed_in",
]
