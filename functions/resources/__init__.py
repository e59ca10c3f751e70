"""The resources of the API, one module each; this list is what the API offers."""

from functions.resources import (
    alerts,
    assets,
    events,
    insights,
    jobs,
    kompositions,
    me,
    operations,
    performance,
    playback,
    projects,
    status,
    templates,
    transcodes,
)

RESOURCES = [
    status.api,
    me.api,
    *kompositions.RESOURCES,
    projects.api,
    templates.api,
    operations.api,
    operations.schemas,
    assets.api,
    transcodes.api,
    playback.api,
    jobs.api,
    performance.api,
    events.api,
    insights.api,
    alerts.api,
]
