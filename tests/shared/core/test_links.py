"""Links: whoever has one fetches the object, for as long as it says, and saves it under the name that it had."""

from datetime import timedelta

import pytest
import requests
from werkzeug.http import parse_options_header

from shared.core.clients import storage_client
from shared.core.ids import new_id
from shared.core.links import link_to
from shared.core.settings import settings
from tests.cloud import RunningCloud


@pytest.mark.parametrize("filename", ["talk.mp4", 'été "rough cut" \\ 50%.mp4', "会議 🎬.mov", "a; filename=b.exe"])
def test_a_browser_saves_the_object_under_its_name(suite: RunningCloud, filename: str) -> None:
    blob = storage_client().bucket(settings().bucket("exports")).blob(f"tests/{new_id()}")
    blob.upload_from_string(b"0123456789", content_type="video/mp4")
    answer = requests.get(link_to(blob, filename=filename), timeout=30)
    assert (answer.status_code, answer.content) == (200, b"0123456789")
    shown, options = parse_options_header(answer.headers["Content-Disposition"])
    assert (shown, options["filename"]) == ("attachment", filename)


def test_a_link_ends_and_is_of_one_generation(suite: RunningCloud) -> None:
    blob = storage_client().bucket(settings().bucket("exports")).blob(f"tests/{new_id()}")
    blob.upload_from_string(b"first")
    first = link_to(blob, generation=blob.generation)
    over = link_to(blob, timedelta(seconds=-1))
    blob.upload_from_string(b"second")
    assert requests.get(first, timeout=30).status_code == 404
    assert requests.get(link_to(blob), timeout=30).content == b"second"
    assert requests.get(over, timeout=30).status_code == 400
