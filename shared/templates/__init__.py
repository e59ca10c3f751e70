"""Templates: kompositions with typed variables, made by users for themselves. (The system's own are shared.patterns.)"""

from shared.templates.filling import fill_template
from shared.templates.service import TemplateService
from shared.templates.template import Template, TemplateSummary
from shared.templates.variable import MAX_VARIABLES, Range, Variable, VariableType

__all__ = [
    "MAX_VARIABLES",
    "Range",
    "Template",
    "TemplateService",
    "TemplateSummary",
    "Variable",
    "VariableType",
    "fill_template",
]
