"""Account: all that is a user's is erased: closed first, so that nothing comes any more, then emptied place by place.

Each step can be done again, and finds what is left. When nothing is, it is counted once more everywhere. For some days after it
the closed account is looked at daily: what was under way for that long, such as an upload, is erased when it arrives."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shared.accounts import close_account, closed_before, swept
from shared.accounts.signing_in import delete_sign_in, end_sign_in, find_sign_in
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.errors import Conflict, NotFound, Unavailable
from shared.events import hashes_of
from shared.events.erasure import ErasureAction
from shared.jobs import JobState, cancel_job, list_jobs
from shared.privacy.documents import delete_documents, forget_names, naming_documents, own_documents
from shared.privacy.files import delete_files, own_files
from shared.privacy.request import ErasureProgress, PrivacyRequest, reference, request_erasure
from shared.privacy.subject import ERASED, Subject

SETTLED = timedelta(seconds=90)
"""How long after its closing an account is left alone: requests that had been let in, and workers of its jobs, are over then."""
SWEEP = timedelta(days=1)
_OPEN = (JobState.QUEUED, JobState.RUNNING)
_AT_ONCE = 50

Note = Callable[..., PrivacyRequest]
"""Writes changes of a request down; the request with them."""


class StillOpen(Unavailable):
    """Something that was let in before the account was closed may still be at work."""


@dataclass(frozen=True)
class Kind:
    """A kind of what is erased: how it is found, and how what is found goes."""

    find: Callable[[Subject], Iterable[object]]
    remove: Callable[[Subject], None]

    def count(self, subject: Subject) -> int:
        """How much of it there is."""
        return sum(1 for _ in self.find(subject))


def _sign_in(subject: Subject) -> list[object]:
    found = find_sign_in(subject.user_id)
    return [] if found is None else [found]


KINDS: Mapping[str, Kind] = {
    "files": Kind(own_files, delete_files),
    "documents": Kind(own_documents, delete_documents),
    "mentions": Kind(naming_documents, forget_names),
    "signIn": Kind(_sign_in, lambda subject: delete_sign_in(subject.user_id)),
}
"""What an account consists of besides its events, in the order in which it goes."""


def request_account_erasure(request_id: str, requested_by: str, user_id: str) -> PrivacyRequest:
    """Ask for everything of a user to be erased. The account is closed at once: nothing of it can be read or written any more,
    and its jobs are cancelled. Asked again under the same id, it is the same request. Raises Unavailable."""
    request = request_erasure(request_id, ErasureAction.ERASE, requested_by, user_id=user_id, account=True)
    # Written down first: whoever is killed between leaves a request that closes the account when it is processed.
    if request.account is not None:
        _close(request.account)
    return request


def without_account(request: PrivacyRequest, note: Note) -> PrivacyRequest:
    """The request when nothing of its account is left but events. Raises StillOpen and Unavailable."""
    if request.account is None:
        return request
    user_id = request.account
    if request.closed is None:
        request = note(request, addresses=sorted(_addresses(user_id)), closed=_close(user_id))
    _cancel_jobs(user_id)
    if request.closed is not None and now() < request.closed + SETTLED:
        raise StillOpen("The account was closed just now. What is under way may end first.")
    for name, kind in KINDS.items():
        request = _without(request, name, kind, note)
    verify_account(request)
    return request


def verify_account(request: PrivacyRequest) -> None:
    """Raise Unavailable if anything of the request's account is left: what came in while it was erased."""
    if request.account is None:
        return
    for name, kind in KINDS.items():
        if left := kind.count(_subject(request)):
            raise Unavailable(f"{left} more came in among the {name} while they were erased.")


def unnamed(request: PrivacyRequest) -> str:
    """Who asked for the request, unless that is whose account it is."""
    return ERASED if request.requested_by == request.account else request.requested_by


def sweep_closed_accounts() -> None:
    """Erase what came late to accounts that were erased. Raises Unavailable; then it must be done again."""
    for user_id in closed_before(now() - SETTLED, _AT_ONCE):
        if not _is_under_way(user_id):
            subject = Subject(user_id)
            delete_files(subject)
            delete_documents(subject)
            swept(user_id, SWEEP)


def _without(request: PrivacyRequest, name: str, kind: Kind, note: Note) -> PrivacyRequest:
    subject = _subject(request)
    found, before = kind.count(subject), request.places.get(name, ErasureProgress())
    if found:
        # As with rows: what was not removed yet is found again, what was is not.
        total = before.found + found if before.removed else max(before.found, found)
        request = note(request, places={**request.places, name: ErasureProgress(found=total)})
        kind.remove(subject)
    gone = request.places.get(name, before).model_copy(update={"removed": True})
    return note(request, places={**request.places, name: gone})


def _close(user_id: str) -> Any:
    """Close the account and cancel its jobs; when it was closed."""
    closed = close_account(user_id)
    end_sign_in(user_id)
    _cancel_jobs(user_id)
    return closed


def _cancel_jobs(user_id: str) -> None:
    for state in _OPEN:
        page = list_jobs(user_id, _AT_ONCE, state=state)
        while page.items:
            for job in page.items:
                _cancel(user_id, job.id)
            page = list_jobs(user_id, _AT_ONCE, state=state)


def _cancel(user_id: str, job_id: str) -> None:
    try:
        cancel_job(user_id, job_id)
    except (Conflict, NotFound):
        return  # It has ended meanwhile.


def _subject(request: PrivacyRequest) -> Subject:
    return Subject(
        request.account or "",
        frozenset(request.addresses),
        tuple(request.subject.values()),
        frozenset({reference(request.id).path}),
    )


def subject_of(user_id: str) -> Subject:
    """A user as data of theirs can be found now. Raises Unavailable."""
    return Subject(user_id, frozenset(_addresses(user_id)), tuple(hashes_of(user_id).values()))


def _addresses(user_id: str) -> set[str]:
    """The user's addresses, as far as they are known."""
    profile = firestore_client().collection("users").document(user_id).get(["email"]).to_dict() or {}
    known = (profile.get("email"), (find_sign_in(user_id) or {}).get("email"))
    return {address.casefold() for address in known if address}


def _is_under_way(user_id: str) -> bool:
    from google.cloud.firestore import FieldFilter

    requests: Any = firestore_client().collection("privacy_requests")
    return bool(list(requests.where(filter=FieldFilter("account", "==", user_id)).limit(1).stream()))
