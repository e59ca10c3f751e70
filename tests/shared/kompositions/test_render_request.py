"""Asking for a render: the job says which version and what to make of it, and no source may be missing."""

import pytest

from shared.core.ids import new_id
from shared.jobs import Priority
from shared.kompositions import InvalidKomposition, KompositionService, RenderMode, known_media, request_render
from tests.cloud import RunningCloud
from tests.shared.kompositions.store.contents import content, keep_asset

service = KompositionService()


@pytest.fixture
def user(cloud: RunningCloud) -> str:
    """A user with a ready asset `x` of 200 MB."""
    uid = new_id()
    keep_asset(uid)
    return uid


@pytest.mark.parametrize(
    ("mode", "at", "priority", "inputs"),
    [
        (RenderMode.FINAL, None, Priority.LOW, {"mode": "final"}),
        (RenderMode.PROXY, None, Priority.HIGH, {"mode": "proxy"}),
        (RenderMode.SHEET, None, Priority.HIGH, {"mode": "sheet"}),
        (RenderMode.FRAME, 1.5, Priority.HIGH, {"mode": "frame", "at": 1.5}),
    ],
)
def test_a_job_says_what_to_make_and_a_preview_goes_first(
    user: str, mode: RenderMode, at: float | None, priority: Priority, inputs: dict[str, object]
) -> None:
    service.save_komposition(user, content(), komposition_id="k")
    document = service.save_komposition(user, content(2), komposition_id="k")
    job = request_render(document, new_id(), mode, at)
    assert job.inputs == {"kompositionId": "k", "kompositionVersion": 2, **inputs}
    assert job.priority is priority
    assert request_render(document, job.id, mode, at) == job, "the same id again is the same job"


def test_a_source_that_is_not_there_is_named(user: str) -> None:
    sources = [{"id": "a", "kind": "video", "assetId": "nothing"}]
    document = service.save_komposition(user, content(sources=sources))
    with pytest.raises(InvalidKomposition) as refused:
        request_render(document, new_id())
    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/komposition/sources/0", "source-missing")
    ]


def test_media_that_was_not_probed_is_not_known(user: str) -> None:
    assert known_media(user, service.save_komposition(user, content()).parse()) == {}
