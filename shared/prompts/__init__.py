"""Prompts: which clips somebody wants, in their own words: presets, variables, versions."""

from shared.prompts.filling import fill
from shared.prompts.presets import DEFAULT, as_request, preset, presets, typed_in
from shared.prompts.prompt import CATEGORY, COUNT, DURATION, MAX_TEMPLATE, MAX_VARIABLES, STANDARD, Prompt
from shared.prompts.request import LONGEST, MOST_CLIPS, SHORTEST, ClipRequest
from shared.prompts.service import (
    create_prompt,
    delete_prompt,
    get_prompt,
    list_prompt_versions,
    list_prompts,
    save_prompt,
)
from shared.prompts.stored import StoredPrompt
from shared.prompts.variable import MAX_TEXT, Limits, PromptVariable, PromptVariableType

__all__ = [
    "CATEGORY",
    "COUNT",
    "DEFAULT",
    "DURATION",
    "LONGEST",
    "MAX_TEMPLATE",
    "MAX_TEXT",
    "MAX_VARIABLES",
    "MOST_CLIPS",
    "SHORTEST",
    "STANDARD",
    "ClipRequest",
    "Limits",
    "Prompt",
    "PromptVariable",
    "PromptVariableType",
    "StoredPrompt",
    "as_request",
    "create_prompt",
    "delete_prompt",
    "fill",
    "get_prompt",
    "list_prompt_versions",
    "list_prompts",
    "preset",
    "presets",
    "save_prompt",
    "typed_in",
]
