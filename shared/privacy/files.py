"""Files: the objects of a user in Cloud Storage, in every bucket."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from shared.core.clients import storage_client
from shared.core.settings import settings
from shared.privacy.places import places
from shared.privacy.subject import Subject

if TYPE_CHECKING:
    from google.cloud.storage import Blob

_AT_ONCE = 8


def own_files(subject: Subject) -> "Iterator[Blob]":
    """The objects that are the user's."""
    for bucket, prefix in places().folders(subject.user_id):
        yield from storage_client().list_blobs(settings().bucket(bucket), prefix=prefix)


def delete_files(subject: Subject) -> None:
    """Delete them. What another has deleted meanwhile is no error."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="erase") as threads:
        list(threads.map(_delete, own_files(subject)))


def _delete(blob: "Blob") -> None:
    from google.api_core.exceptions import NotFound

    with suppress(NotFound):
        blob.delete()
