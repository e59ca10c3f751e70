"""Everything of a user is gone, and what is others' stays: whoever is killed on the way, and whatever comes late."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from firebase_admin import auth

from shared.accounts import get_account
from shared.accounts.signing_in import find_sign_in
from shared.assets import create_upload
from shared.assets.register import register_upload
from shared.core.clients import firebase_app, firestore_client, storage_client
from shared.core.errors import Unauthenticated
from shared.core.ids import new_id
from shared.core.principal import Principal
from shared.core.settings import settings
from shared.events import hash_user
from shared.jobs import JobKind, JobState, Priority, create_job
from shared.privacy import PrivacyRequest, PrivacyRequestState, find_receipt, get_request, process_requests
from shared.privacy import account as accounts
from shared.privacy.account import SETTLED, request_account_erasure, subject_of
from shared.privacy.archiving import write_archive
from shared.privacy.documents import naming_documents, own_documents
from shared.privacy.files import own_files
from shared.privacy.request import reference
from tests.shared.privacy.test_erasing import kill_at
from tests.shared.told import operation, tell

pytestmark = pytest.mark.usefixtures("cloud")


def put(path: str, **fields: Any) -> None:
    firestore_client().document(path).set(fields)


def read(path: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = firestore_client().document(path).get().to_dict()
    return found


def put_file(bucket: str, name: str) -> None:
    storage_client().bucket(settings().bucket(bucket)).blob(name).upload_from_string(b"bytes")


def someone() -> str:
    """A user who can sign in and has called once."""
    uid = new_id()
    auth.create_user(uid=uid, email=f"{uid.lower()}@example.com", app=firebase_app())
    get_account(Principal(uid, f"{uid.lower()}@example.com"))
    return uid


def with_everything(uid: str, other: str) -> None:
    """What a user of the whole suite has: 9 documents beneath the account, 4 files, 3 mentions with others."""
    put(f"users/{uid}/kompositions/k", title="My film")
    put(f"users/{uid}/kompositions/k/versions/1", title="My film")
    put(f"users/{uid}/assets/gone/features/speech", kind="its asset is not there any more")
    put(f"users/{uid}/learning/clips", json="{}")
    put(f"users/{uid}/collection_of_tomorrow/x", new=True)
    put(f"idempotency_keys/{uid}", userId=uid, body=b"{}")
    put(f"operation_histories/{hash_user(uid)}", sessions=["trim"])
    for bucket, name in (
        ("media", "assets/a/v1/f.mp4"),
        ("documents", "kompositions/k/c.gz"),
        ("exports", "insights/j/f.csv"),
    ):
        put_file(bucket, f"users/{uid}/{name}")
    put_file("renders", f"tmp/users/{uid}/jobs/j/part.mkv")
    sharing = {"visibility": "shared", "sharedWith": [uid, "third"]}
    put(f"users/{other}/kompositions/s", title="Theirs", sharing=sharing, forkedFrom=None)
    put(
        f"users/{other}/kompositions/f",
        title="Made of it",
        sharing={"visibility": "private"},
        forkedFrom={"userId": uid},
    )
    put(f"alert_contacts/{uid}", id=uid, name="x", ways=[{"channel": "mail", "address": f"{uid}@example.com"}])


def carried_on(request: PrivacyRequest) -> PrivacyRequest:
    """The request after it was due once, long after the account was closed."""
    if get_request(request.id).state is PrivacyRequestState.DONE:
        return get_request(request.id)
    past = datetime.now(UTC) - timedelta(seconds=1)
    changes: dict[str, Any] = {"nextAttempt": past}
    if get_request(request.id).closed:
        changes["closed"] = past - SETTLED
    reference(request.id).update(changes)
    process_requests()
    return get_request(request.id)


def finished(request: PrivacyRequest) -> PrivacyRequest:
    return carried_on(carried_on(request))


def erased(request_id: str, uid: str) -> PrivacyRequest:
    return finished(request_account_erasure(request_id, uid, uid))


@pytest.fixture
def ann() -> str:
    """The id of a user who has something everywhere."""
    return someone()


@pytest.fixture
def bob() -> str:
    """Another one."""
    return someone()


def test_everything_of_a_user_is_gone_and_what_is_others_stays(ann: str, bob: str, hour: datetime) -> None:
    with_everything(ann, bob)
    tell(ann, operation(hour))
    put_file("media", f"users/{ann}x/assets/a/v1/f.mp4")
    request = finished(request_account_erasure(new_id(), ann, ann))
    assert request.state is PrivacyRequestState.DONE, request.reason
    subject = subject_of(ann)
    assert (list(own_documents(subject)), list(own_files(subject)), list(naming_documents(subject))) == ([], [], [])
    assert find_sign_in(ann) is None
    assert read(f"users/{bob}") is not None
    shared = read(f"users/{bob}/kompositions/s") or {}
    assert (shared["title"], shared["sharing"]["sharedWith"]) == ("Theirs", ["third"])
    assert (read(f"users/{bob}/kompositions/f") or {})["forkedFrom"] == {"userId": "erased"}
    assert storage_client().bucket(settings().bucket("media")).blob(f"users/{ann}x/assets/a/v1/f.mp4").exists()


def test_the_receipt_counts_what_went_and_names_nobody(ann: str, bob: str, hour: datetime) -> None:
    with_everything(ann, bob)
    tell(ann, operation(hour), operation(hour))
    request = finished(request_account_erasure(new_id(), ann, ann))
    receipt = find_receipt(request.id)
    assert receipt is not None
    assert {name: place.removed for name, place in receipt.places.items()} == {
        "files": 4,
        "documents": 8,
        "mentions": 3,
        "signIn": 1,
    }
    assert {place.left for place in receipt.places.values()} == {0}
    assert receipt.tables["events"].removed == 2
    for kept in (f"erasure_ledger/{request.id}", f"privacy_requests/{request.id}"):
        assert ann.casefold() not in str(read(kept)).casefold()


def test_a_closed_account_can_do_nothing_at_once_and_its_jobs_are_cancelled(ann: str) -> None:
    job = create_job(ann, JobKind.RENDER, {}, Priority.HIGH, new_id())
    request = request_account_erasure(new_id(), ann, ann)
    with pytest.raises(Unauthenticated, match="closed"):
        get_account(Principal(ann))
    assert (read(f"users/{ann}") or {})["status"] == "closed"
    assert (job.reference.get().to_dict() or {})["state"] == JobState.CANCELLED
    assert (find_sign_in(ann) or {})["disabled"]
    waits = carried_on(request)
    assert (waits.state, read(f"users/{ann}") is not None) == (PrivacyRequestState.WAITING, True)


def test_a_token_that_outlives_the_account_does_not_bring_it_back(ann: str) -> None:
    finished(request_account_erasure(new_id(), ann, ann))
    with pytest.raises(Unauthenticated):
        get_account(Principal(ann))
    assert read(f"users/{ann}") is None


def test_what_was_under_way_when_the_account_was_erased_goes_when_it_arrives(ann: str) -> None:
    asset = create_upload(ann, "late", "late.mp4", "video/mp4", 5, None).asset
    finished(request_account_erasure(new_id(), ann, ann))
    put_file("media", asset.object_name)
    put(f"users/{ann}/learning/clips", json="{}")
    blob = storage_client().bucket(settings().bucket("media")).get_blob(asset.object_name)
    register_upload(blob.bucket.name, blob.name, blob.generation, 5, "video/mp4")
    assert not blob.exists()
    firestore_client().document(f"closed_accounts/{ann}").update({"nextSweep": datetime.now(UTC) - 2 * SETTLED})
    process_requests()
    assert list(own_documents(subject_of(ann))) == []


def test_the_closing_is_forgotten_when_nothing_can_come_any_more(ann: str) -> None:
    finished(request_account_erasure(new_id(), ann, ann))
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    firestore_client().document(f"closed_accounts/{ann}").update({"nextSweep": long_ago, "until": long_ago})
    process_requests()
    assert read(f"closed_accounts/{ann}") is None


def test_what_came_in_while_it_was_erased_is_erased_before_it_is_done(
    ann: str, bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_everything(ann, bob)
    request = carried_on(request_account_erasure(new_id(), ann, ann))
    sign_in = accounts.KINDS["signIn"]

    def late(subject: Any) -> None:
        sign_in.remove(subject)
        put(f"users/{ann}/jobs/late", state="cancelled")

    with monkeypatch.context() as patched:
        patched.setitem(accounts.KINDS, "signIn", accounts.Kind(sign_in.find, late))  # type: ignore[arg-type]
        waits = carried_on(request)
    assert (waits.state, find_receipt(request.id)) == (PrivacyRequestState.WAITING, None)
    assert "1 more came in among the documents" in str(waits.reason)
    assert carried_on(request).state is PrivacyRequestState.DONE
    receipt = find_receipt(request.id)
    assert receipt is not None
    assert receipt.places["documents"].removed == 9


@pytest.mark.parametrize("line", [40, 700, 1900, 3000])
def test_a_kill_anywhere_in_erasing_an_account_leaves_nothing_and_counts_nothing_twice(line: int) -> None:
    """At these lines it is being closed, its documents are being deleted, it is forgotten, it is counted again."""
    ann, name = someone(), new_id()
    with_everything(ann, new_id())
    assert kill_at(line, partial(erased, name, ann))
    if read(f"privacy_requests/{name}") is None:
        request_account_erasure(name, ann, ann)
    request = finished(get_request(name))
    receipt = find_receipt(name)
    assert (request.state, request.reason) == (PrivacyRequestState.DONE, None)
    assert receipt is not None
    assert (receipt.places["signIn"].removed, receipt.places["mentions"].removed) == (1, 3)
    subject = subject_of(ann)
    assert (list(own_documents(subject)), list(own_files(subject)), list(naming_documents(subject))) == ([], [], [])


def test_an_archive_holds_all_that_is_the_users_and_nothing_of_others(ann: str, bob: str, hour: datetime) -> None:
    with_everything(ann, bob)
    tell(ann, operation(hour, "trim"))
    file, told = BytesIO(), []
    count = write_archive(subject_of(ann), file, lambda: told.append(1))
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        entries = {name: archive.read(name).decode() for name in archive.namelist()}
    lines = {
        name: [json.loads(line) for line in text.splitlines()]
        for name, text in entries.items()
        if name.endswith(".jsonl")
    }
    assert count == len(told) == sum(map(len, lines.values()))
    assert json.loads(entries["index.json"])["lines"] == {name: len(found) for name, found in lines.items()}
    assert [each["operation_type"] for each in lines["events.jsonl"]] == ["trim"]
    assert {each["path"] for each in lines["kompositions.jsonl"]} >= {f"users/{ann}/kompositions/k/versions/1"}
    assert lines["collection_of_tomorrow.jsonl"][0]["document"] == {"new": True}
    assert lines["account.jsonl"][0]["email"] == f"{ann.lower()}@example.com"
    assert len(lines["files.jsonl"]) == 4
    assert all(each["url"].startswith("http") for each in lines["files.jsonl"])
    assert {"path": f"users/{bob}/kompositions/s"} in lines["mentions.jsonl"]
    [contact] = [each for each in lines["mentions.jsonl"] if each["path"] == f"alert_contacts/{ann}"]
    assert contact["document"]["ways"] == [{"channel": "mail", "address": f"{ann}@example.com"}], (
        "it is about her: whole"
    )
    assert "Theirs" not in "".join(entries.values())
