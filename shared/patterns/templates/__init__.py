"""Templates of the system: made of patterns, named, versioned, decided on by operators and thresholds, taken up by users."""

from shared.patterns.templates.adopting import Adoption, adopt, adoption_of, count_again
from shared.patterns.templates.deciding import decide, decisions_about
from shared.patterns.templates.drafting import Draft, drafted
from shared.patterns.templates.listing import TemplateSort, list_templates
from shared.patterns.templates.running import chain_of, copy_template, run_template, why_not_runnable
from shared.patterns.templates.store import Renewed, get_template, get_version, known_templates, list_versions, renew
from shared.patterns.templates.template import (
    Content,
    Decision,
    Template,
    TemplateState,
    TemplateStep,
    Version,
    template_id,
)
from shared.patterns.templates.usage import Usage, usage_of

__all__ = [
    "Adoption",
    "Content",
    "Decision",
    "Draft",
    "Renewed",
    "Template",
    "TemplateSort",
    "TemplateState",
    "TemplateStep",
    "Usage",
    "Version",
    "adopt",
    "adoption_of",
    "chain_of",
    "copy_template",
    "count_again",
    "decide",
    "decisions_about",
    "drafted",
    "get_template",
    "get_version",
    "known_templates",
    "list_templates",
    "list_versions",
    "renew",
    "run_template",
    "template_id",
    "usage_of",
    "why_not_runnable",
]
