"""The resources of the API, one module each; this list is what the API offers."""

from functions.resources import assets, jobs, kompositions, me, status

RESOURCES = [status.api, me.api, kompositions.api, assets.api, jobs.api]
