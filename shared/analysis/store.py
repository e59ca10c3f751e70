"""What was found out about an asset, kept: the documents `users/{uid}/assets/{id}/features/{kind}`. What they tell of is
large: it is in the media bucket, as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from google.cloud import firestore
from google.cloud.firestore import CollectionReference

from shared.analysis.media_analysis import MediaAnalysis
from shared.assets import Asset, StoredObject, get_asset
from shared.core.clients import firestore_client, storage_client
from shared.core.clock import now
from shared.core.documents import StoredModel
from shared.core.errors import NotFound
from shared.core.settings import settings

RELEASE = 1
"""Of the ways of measuring: what an older one has found out is found out again."""
KINDS: Final[Mapping[str, frozenset[str]]] = {
    "scenes": frozenset({"scenes"}),
    "sound": frozenset({"silences", "loudness", "energy", "pitch", "reactions"}),
    "faces": frozenset({"faces"}),
}
"""The documents, and which fields of a `MediaAnalysis` each tells of."""
_COUNTED = ("scenes", "silences", "reactions", "faces")


class Feature(StoredModel):
    """What is known of one kind, of one version of an asset. `counts`: how much there is of what can be counted."""

    id: str
    user_id: str
    asset_id: str
    version: int
    release: int
    duration: float
    counts: dict[str, int]
    stored: StoredObject
    created: datetime


def counts_of(analysis: MediaAnalysis) -> dict[str, int]:
    """How many scenes, silences, reactions and faces there are."""
    return {name: len(getattr(analysis, name)) for name in _COUNTED}


def keep_analysis(asset: Asset, analysis: MediaAnalysis, *, faces: bool) -> list[Feature]:
    """Put what was found out into the bucket; the documents that tell of it, still to be written. Done twice, the second counts.

    `faces`: whether they were looked for; if not, what an earlier analysis found of them stays."""
    bucket = storage_client().bucket(settings().bucket("media"))
    kept = []
    for kind, fields in KINDS.items():
        if kind == "faces" and not faces:
            continue
        blob = bucket.blob(f"users/{asset.user_id}/assets/{asset.id}/features/v{asset.version}/{kind}.json")
        told = analysis.model_dump_json(by_alias=True, include={"duration", *fields})
        blob.upload_from_string(told, content_type="application/json", checksum="crc32c")
        counts = {name: count for name, count in counts_of(analysis).items() if name in fields}
        kept.append(
            Feature(
                id=kind,
                user_id=asset.user_id,
                asset_id=asset.id,
                version=asset.version,
                release=RELEASE,
                duration=analysis.duration,
                counts=counts,
                stored=StoredObject(bucket=bucket.name, name=blob.name, generation=int(blob.generation)),
                created=now(),
            )
        )
    return kept


def write_features(transaction: firestore.Transaction, features: Sequence[Feature]) -> None:
    """Write the documents; they replace those of an earlier analysis."""
    for feature in features:
        reference = _features_of(feature.user_id, feature.asset_id).document(feature.id)
        transaction.set(reference, feature.model_dump(by_alias=True))


def known_analysis(asset: Asset, *, faces: bool = True) -> MediaAnalysis | None:
    """What was found out about this version of the asset by this release; None unless all is known, but for `faces` if not
    asked."""
    found = [Feature.model_validate(each.to_dict()) for each in _features_of(asset.user_id, asset.id).stream()]
    current = [each for each in found if each.version == asset.version and each.release == RELEASE]
    if not {each.id for each in current} >= set(KINDS) - (set() if faces else {"faces"}):
        return None
    analysis = MediaAnalysis(duration=current[0].duration)
    for feature in current:
        part = MediaAnalysis.model_validate_json(_read(feature.stored))
        analysis = analysis.model_copy(update={field: getattr(part, field) for field in KINDS[feature.id]})
    return analysis


def get_analysis(user_id: str, asset_id: str) -> MediaAnalysis:
    """What was found out about an asset of the user. Raises NotFound when there is no such asset, or it was not analysed."""
    found = known_analysis(get_asset(user_id, asset_id), faces=False)
    if found is None:
        raise NotFound(f"Asset {asset_id} was not analysed yet. Ask for it with POST /v1/assets/{asset_id}/analyze.")
    return found


def _read(stored: StoredObject) -> bytes:
    blob = storage_client().bucket(stored.bucket).blob(stored.name, generation=stored.generation)
    content: bytes = blob.download_as_bytes(checksum="crc32c")
    return content


def _features_of(user_id: str, asset_id: str) -> CollectionReference:
    found: CollectionReference = firestore_client().collection("users", user_id, "assets", asset_id, "features")
    return found
