"""Templates: how operators want messages of a kind to read. A small language, which can do nothing but read and write text."""

from shared.notifications.templating.errors import BadTemplate
from shared.notifications.templating.kinds import KINDS, sample_of
from shared.notifications.templating.language import MAX_SOURCE
from shared.notifications.templating.rendering import render, render_parts
from shared.notifications.templating.store import delete_template, get_template, list_templates, save_template
from shared.notifications.templating.template import KIND_PATTERN, MessageTemplate, Parts

__all__ = [
    "KINDS",
    "KIND_PATTERN",
    "MAX_SOURCE",
    "BadTemplate",
    "MessageTemplate",
    "Parts",
    "delete_template",
    "get_template",
    "list_templates",
    "render",
    "render_parts",
    "sample_of",
    "save_template",
]
