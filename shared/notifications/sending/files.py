"""Files that go with a message, read from Cloud Storage when it is sent."""

from collections.abc import Iterable

from shared.core.clients import storage_client
from shared.core.errors import Unavailable
from shared.notifications.errors import refused
from shared.notifications.message import Attachment

MAX_BYTES = 20 << 20
"""Of all files of a mail: what mail servers take, less a third for their encoding."""

_TIMEOUT = 10.0
"""Seconds for each call. It is not repeated: the delivery is, and its lease must not run out before it is sent."""


def read_files(files: Iterable[Attachment]) -> dict[Attachment, bytes]:
    """What the files hold. Raises NotSent if one is gone or they are too large together, Unavailable."""
    from google.api_core.exceptions import GoogleAPIError, NotFound
    from requests import RequestException

    read: dict[Attachment, bytes] = {}
    left = MAX_BYTES
    for file in dict.fromkeys(files):
        try:
            blob = storage_client().bucket(file.bucket).get_blob(file.path, timeout=_TIMEOUT, retry=None)
            if blob is None:
                raise refused(f"The file {file.name} is gone from Cloud Storage.")
            left -= int(blob.size or 0)
            if left < 0:
                raise refused(f"The files of this mail have more than {MAX_BYTES >> 20} MiB together.")
            read[file] = blob.download_as_bytes(timeout=_TIMEOUT, retry=None)
        except NotFound:
            raise refused(f"The file {file.name} is gone from Cloud Storage.") from None
        except (GoogleAPIError, RequestException) as error:
            raise Unavailable(f"Cloud Storage does not give the file {file.name}.") from error
    return read
