"""What was found out about an asset is kept with it, in the local cloud."""

import pytest

from shared.analysis import (
    Curve,
    FaceTrack,
    MediaAnalysis,
    Span,
    get_analysis,
    keep_analysis,
    known_analysis,
    write_features,
)
from shared.analysis.store import RELEASE
from shared.assets import Asset, AssetState, delete_asset
from shared.core.clients import firestore_client, storage_client
from shared.core.clock import now
from shared.core.errors import NotFound
from shared.core.ids import new_id
from shared.media.faces import FaceBox
from tests.cloud import RunningCloud

FACE = FaceTrack(id=0, start=0, end=1, boxes=(FaceBox(0.5, 0.1, 0.1, 0.2, 0.2, 0.9),))
ANALYSIS = MediaAnalysis(
    duration=2,
    scenes=(Span(start=0, end=2),),
    silences=(Span(start=0, end=0.5),),
    loudness=Curve(step=0.1, values=(None, -14.0)),
    faces=(FACE,),
)


@pytest.fixture
def asset(cloud: RunningCloud) -> Asset:
    """An asset that is ready."""
    moment = now()
    made = Asset(
        id=new_id(),
        user_id=new_id(),
        state=AssetState.READY,
        filename="talk.mp4",
        content_type="video/mp4",
        created=moment,
        modified=moment,
    )
    made.reference.set(made.document())
    return made


def keep(asset: Asset, analysis: MediaAnalysis, *, faces: bool = True) -> None:
    features = keep_analysis(asset, analysis, faces=faces)
    transaction = firestore_client().transaction()
    transaction._begin()
    write_features(transaction, features)
    transaction._commit()


def test_what_was_found_out_is_known_again(asset: Asset) -> None:
    keep(asset, ANALYSIS)
    assert known_analysis(asset) == get_analysis(asset.user_id, asset.id) == ANALYSIS
    scenes = asset.reference.collection("features").document("scenes").get().to_dict() or {}
    assert (scenes["counts"], scenes["release"]) == ({"scenes": 1}, RELEASE)


def test_of_another_version_nothing_is_known(asset: Asset) -> None:
    keep(asset, ANALYSIS)
    assert known_analysis(asset.model_copy(update={"version": 2})) is None
    with pytest.raises(NotFound, match="not analysed"):
        get_analysis(asset.user_id, Asset.model_validate(_second(asset)).id)


def test_faces_that_were_not_looked_for_are_as_they_were_known(asset: Asset) -> None:
    keep(asset, ANALYSIS, faces=False)
    assert known_analysis(asset) is None
    assert get_analysis(asset.user_id, asset.id) == ANALYSIS.model_copy(update={"faces": ()})
    keep(asset, ANALYSIS)
    keep(asset, ANALYSIS.model_copy(update={"faces": (), "scenes": ()}), faces=False)
    assert known_analysis(asset) == ANALYSIS.model_copy(update={"scenes": ()})


def test_what_is_known_goes_with_the_asset(asset: Asset) -> None:
    keep(asset, ANALYSIS)
    delete_asset(asset.user_id, asset.id)
    assert list(asset.reference.collection("features").list_documents()) == []
    bucket = storage_client().bucket(f"{storage_client().project}-media")
    assert list(bucket.list_blobs(prefix=f"users/{asset.user_id}/")) == []


def _second(asset: Asset) -> dict[str, object]:
    other = asset.model_copy(update={"id": new_id()})
    other.reference.set(other.document())
    return other.document()
