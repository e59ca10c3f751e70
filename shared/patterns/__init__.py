"""Patterns: what users do again and again, and the templates made of it."""

from shared.patterns.analyzer import PatternAnalyzer
from shared.patterns.pattern import SequencePattern
from shared.patterns.template import Template, list_templates

__all__ = ["PatternAnalyzer", "SequencePattern", "Template", "list_templates"]
