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
    projects,
    recommendations,
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
    events.api,
    recommendations.api,
    insights.api,
    alerts.api,
]
