"""Trying: what a prompt would ask for, cost and choose. Nothing is kept, and nobody is asked who wants money for it."""

from collections.abc import Mapping
from typing import Any

from shared.clips.clip import Selection
from shared.clips.estimating import Estimate, estimate
from shared.clips.learning import weights_for
from shared.clips.llm.chunks import tokens_of
from shared.clips.ranking import check_ranker
from shared.clips.requesting import ClipOptions, clippable_asset
from shared.clips.selector import ClipSelector
from shared.core.documents import StoredModel
from shared.media import MediaInfo
from shared.prompts import ClipRequest, Prompt, fill
from shared.transcripts import get_transcript

_EMBEDDED = "embedded"


class Trial(StoredModel):
    """`tokens`: about how many the filled prompt has. `estimate`: of a run, None where no recording is named. `selection`: what
    would be chosen from the transcript, None where none is given; of a language model that ranks, what is measured stands in."""

    request: ClipRequest
    tokens: int
    estimate: Estimate | None
    selection: Selection | None


def try_prompt(
    user_id: str,
    prompt: Prompt,
    variables: Mapping[str, Any],
    *,
    asset_id: str | None = None,
    transcript_id: str | None = None,
    options: ClipOptions | None = None,
) -> Trial:
    """What comes of a prompt with these values, for a recording by its asset or its transcript. Nothing is stored.

    Raises InvalidInput as `fill` does, UnknownRanker, and NotFound and Conflict for an asset or a transcript that cannot be
    used."""
    request = fill(prompt, variables)
    wanted = options or ClipOptions()
    check_ranker(wanted.ranker)
    selection, duration, words = None, None, None
    if transcript_id is not None:
        transcript = get_transcript(user_id, transcript_id).transcript
        words = sum(1 for _ in transcript.words)
        duration = transcript.duration or max((word.end for word in transcript.words), default=0.0)
        weights = weights_for(user_id, request.category)
        selection = ClipSelector(_EMBEDDED).analyze_transcript(transcript, request, weights=weights)
    if asset_id is not None:
        asset = clippable_asset(user_id, asset_id, transcript_id)
        duration = MediaInfo.model_validate(asset.media).duration
    return Trial(
        request=request,
        tokens=tokens_of(request.text),
        estimate=estimate(request, wanted, duration, words) if duration is not None else None,
        selection=selection,
    )
