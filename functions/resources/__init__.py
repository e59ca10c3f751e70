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
    playback,
    privacy,
    projects,
    schemas,
    status,
    templates,
    transcodes,
    usage,
)

RESOURCES = [
    status.api,
    me.api,
    *kompositions.RESOURCES,
    projects.api,
    templates.api,
    operations.api,
    schemas.api,
    assets.api,
    transcodes.api,
    playback.api,
    jobs.api,
    events.api,
    usage.api,
    insights.api,
    alerts.api,
    privacy.api,
]
