"""The resources of the API, one module each; this list is what the API offers."""

from functions.resources import (
    alerts,
    assets,
    chains,
    events,
    insights,
    jobs,
    kompositions,
    me,
    operations,
    playback,
    projects,
    status,
    system_templates,
    templates,
    transcodes,
)

RESOURCES = [
    status.api,
    me.api,
    *kompositions.RESOURCES,
    projects.api,
    templates.api,
    system_templates.api,
    chains.api,
    operations.api,
    operations.schemas,
    assets.api,
    transcodes.api,
    playback.api,
    jobs.api,
    events.api,
    insights.api,
    alerts.api,
]
