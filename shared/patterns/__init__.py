"""Patterns: what users do again and again, the templates made of it, and what they are likely to do next."""

from shared.patterns.analyzer import PatternAnalyzer
from shared.patterns.classification import Classification, Evidence
from shared.patterns.pattern import SequencePattern
from shared.patterns.saving import Saving
from shared.patterns.templates import (
    Adoption,
    Content,
    Decision,
    Template,
    TemplateSort,
    TemplateState,
    TemplateStep,
    Version,
    adopt,
    chain_of,
    copy_template,
    decide,
    decisions_about,
    get_template,
    get_version,
    list_templates,
    list_versions,
    run_template,
    why_not_runnable,
)
from shared.patterns.trend import Trend, TrendDirection
from shared.patterns.typical import TypicalParameter
from shared.patterns.watching import Example, Move, PatternMove, Support, WatchedOperation, open_session, watch_patterns

__all__ = [
    "Adoption",
    "Classification",
    "Content",
    "Decision",
    "Evidence",
    "Example",
    "Move",
    "PatternAnalyzer",
    "PatternMove",
    "Saving",
    "SequencePattern",
    "Support",
    "Template",
    "TemplateSort",
    "TemplateState",
    "TemplateStep",
    "Trend",
    "TrendDirection",
    "TypicalParameter",
    "Version",
    "WatchedOperation",
    "adopt",
    "chain_of",
    "copy_template",
    "decide",
    "decisions_about",
    "get_template",
    "get_version",
    "list_templates",
    "list_versions",
    "open_session",
    "run_template",
    "watch_patterns",
    "why_not_runnable",
]
