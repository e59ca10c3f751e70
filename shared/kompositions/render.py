"""Asking for a render: what the komposition needs is checked while the user is still there to hear of it."""

from enum import StrEnum

from shared.assets import Asset, get_assets, why_unready
from shared.core.errors import FieldError
from shared.jobs import Job, JobKind, Priority, create_job, priority_of
from shared.kompositions.errors import InvalidKomposition
from shared.kompositions.model import Komposition
from shared.kompositions.store import KompositionDocument
from shared.kompositions.transcribed import transcript_versions
from shared.media import MediaInfo


class RenderMode(StrEnum):
    """What a render job makes: the film, or something fast to look at."""

    FINAL = "final"
    PROXY = "proxy"
    FRAME = "frame"
    SHEET = "sheet"


def request_render(
    document: KompositionDocument, job_id: str, mode: RenderMode = RenderMode.FINAL, at: float | None = None
) -> Job:
    """Queue the render of this version. The same job id again returns the same job. `at`: the moment of a frame, in seconds.

    Its transcripts are taken in the versions that they have now. Raises InvalidKomposition naming each source whose asset is
    missing, unfinished or unusable, and each transcript that is missing."""
    komposition = document.parse()
    assets = source_assets(document.user_id, komposition)
    transcripts = transcript_versions(document.user_id, komposition)
    inputs = {"kompositionId": document.id, "kompositionVersion": document.metadata.version, "mode": mode.value}
    if transcripts:
        inputs["transcripts"] = transcripts
    if mode is RenderMode.FRAME:
        inputs["at"] = at or 0.0
    size = sum(asset.size or 0 for asset in assets.values())
    # Somebody waits for a preview.
    priority = priority_of(size) if mode is RenderMode.FINAL else Priority.HIGH
    return create_job(document.user_id, JobKind.RENDER, inputs, priority, job_id)


def source_assets(user_id: str, komposition: Komposition) -> dict[str, Asset]:
    """The asset of each source, by source id. Raises InvalidKomposition."""
    named = {source.id: source.asset_id for source in komposition.sources}
    found = get_assets(user_id, [asset_id for asset_id in named.values() if asset_id])
    problems = []
    for index, source in enumerate(komposition.sources):
        problem = _problem(source.asset_id, found.get(source.asset_id or ""))
        if problem is not None:
            code, detail = problem
            problems.append(FieldError(f"/komposition/sources/{index}", detail, code))
    if problems:
        raise InvalidKomposition(f"{len(problems)} source(s) cannot be used. {problems[0].detail}", errors=problems)
    return {source_id: found[asset_id] for source_id, asset_id in named.items() if asset_id}


def known_media(user_id: str, komposition: Komposition) -> dict[str, MediaInfo]:
    """What is known of the files of those sources that are there and readable, by source id."""
    named = {source.id: source.asset_id for source in komposition.sources if source.asset_id}
    found = get_assets(user_id, list(named.values()))
    media = {source_id: found[asset_id].media for source_id, asset_id in named.items() if asset_id in found}
    return {source_id: MediaInfo.model_validate(info) for source_id, info in media.items() if info is not None}


def _problem(asset_id: str | None, asset: Asset | None) -> tuple[str, str] | None:
    if asset_id is None:
        return "source-not-uploaded", "This source is no asset of yours yet. Upload the file and name it by assetId."
    unready = why_unready(asset_id, asset)
    return (f"source-{unready[0]}", unready[1]) if unready is not None else None
