"""Who gets in: signed URLs, good, forged and expired; browsers; the CORS rules of buckets."""

import datetime
import time
from typing import Any
from urllib.parse import quote

import pytest
import requests
from google.cloud import storage
from google.oauth2 import service_account

from tests.cloud import RunningCloud, wait_for

PAGE = {"Origin": "https://app.example"}
NAME = "clips/sunset & sea é.mp4"


@pytest.fixture(scope="module")
def bucket(cloud: RunningCloud) -> storage.Bucket:
    """The media bucket, with one object in it."""
    bucket = storage.Client(project=cloud.project).bucket(f"{cloud.project}-media")
    bucket.blob(NAME).upload_from_string(b"0123456789", content_type="video/mp4")
    return bucket


class Signer:
    """Signs URLs with the local service account's key."""

    def __init__(self, cloud: RunningCloud, bucket: storage.Bucket) -> None:
        self._bucket = bucket
        self._host = cloud.env["STORAGE_EMULATOR_HOST"]
        key = cloud.env["GOOGLE_APPLICATION_CREDENTIALS"]
        self._credentials = service_account.Credentials.from_service_account_file(key)

    def url(self, name: str = NAME, seconds: int = 60, **options: Any) -> str:
        """A signed URL as the suite makes it."""
        expiration = datetime.timedelta(seconds=seconds)
        signed: str = self._bucket.blob(name).generate_signed_url(
            version="v4",
            expiration=expiration,
            credentials=self._credentials,
            api_access_endpoint=self._host,
            **options,
        )
        return signed


@pytest.fixture(scope="module")
def signer(cloud: RunningCloud, bucket: storage.Bucket) -> Signer:
    """Signs URLs of the bucket."""
    return Signer(cloud, bucket)


def test_a_signed_url_downloads_whole_and_in_part(signer: Signer) -> None:
    url = signer.url()
    whole = requests.get(url, timeout=10)
    assert (whole.content, whole.headers["Content-Type"]) == (b"0123456789", "video/mp4")
    part = requests.get(url, headers={"Range": "bytes=2-4"}, timeout=10)
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    beyond = requests.get(url, headers={"Range": "bytes=10-"}, timeout=10)
    assert (beyond.status_code, _code(beyond)) == (416, "InvalidRange")


def test_a_signed_url_names_the_file_and_its_type(signer: Signer) -> None:
    url = signer.url(response_disposition='attachment; filename="x.mp4"', response_type="application/x-any")
    response = requests.get(url, timeout=10)
    assert response.headers["Content-Disposition"] == 'attachment; filename="x.mp4"'
    assert response.headers["Content-Type"] == "application/x-any"


def test_head_put_and_delete_are_signed_for_themselves(signer: Signer, bucket: storage.Bucket) -> None:
    put = signer.url("put", method="PUT", content_type="text/plain")
    assert requests.put(put, data=b"x", headers={"Content-Type": "text/html"}, timeout=10).status_code == 403
    assert requests.put(put, data=b"x", headers={"Content-Type": "text/plain"}, timeout=10).status_code == 200
    assert bucket.get_blob("put").content_type == "text/plain"
    head = requests.head(signer.url("put", method="HEAD"), timeout=10)
    assert (head.status_code, head.headers["Content-Length"]) == (200, "1")
    assert requests.delete(signer.url("put", method="DELETE"), timeout=10).status_code == 204
    assert requests.get(signer.url("put"), timeout=10).status_code == 404


def test_a_signed_url_starts_a_resumable_upload(signer: Signer, bucket: storage.Bucket) -> None:
    started = requests.post(
        signer.url("resumed", method="RESUMABLE", content_type="video/mp4"),
        headers={"x-goog-resumable": "start", "Content-Type": "video/mp4", **PAGE},
        timeout=10,
    )
    assert started.status_code == 201
    assert requests.put(started.headers["Location"], data=b"bytes", headers=PAGE, timeout=10).ok
    assert bucket.get_blob("resumed").content_type == "video/mp4"


def test_a_forged_url_is_refused(signer: Signer, cloud: RunningCloud) -> None:
    url = signer.url()
    for forged in (
        url.replace("sunset", "other"),
        url.replace("X-Goog-Expires=60", "X-Goog-Expires=6000"),
        url[:-4] + "0000",
        url + "&response-content-type=text/html",
    ):
        response = requests.get(forged, timeout=10)
        assert (response.status_code, _code(response)) == (403, "SignatureDoesNotMatch"), forged
    assert requests.delete(url, timeout=10).status_code == 403


def test_an_expired_url_is_refused(signer: Signer) -> None:
    url = signer.url(seconds=1)

    def is_expired() -> bool:
        response = requests.get(url, timeout=10)
        return response.status_code == 400 and _code(response) == "ExpiredToken"

    wait_for(is_expired, "the URL expires")


def test_without_a_signature_or_a_token_nobody_gets_in(cloud: RunningCloud, bucket: storage.Bucket) -> None:
    url = f"{cloud.env['STORAGE_EMULATOR_HOST']}/{bucket.name}/{quote(NAME)}"
    anonymous = requests.get(url, timeout=10)
    assert (anonymous.status_code, _code(anonymous)) == (403, "AccessDenied")
    assert requests.put(url, data=b"x", timeout=10).status_code == 403
    token = {"Authorization": "Bearer token"}
    assert requests.get(url, headers=token, timeout=10).content == b"0123456789"
    assert requests.get(url, headers=PAGE | token, timeout=10).status_code == 403


@pytest.mark.parametrize("sign", [PAGE, {"Sec-Fetch-Site": "cross-site"}])
def test_a_browser_is_kept_from_the_json_api_whatever_token_it_makes_up(
    cloud: RunningCloud, bucket: storage.Bucket, sign: dict[str, str]
) -> None:
    host = cloud.env["STORAGE_EMULATOR_HOST"]
    paths = (
        f"/storage/v1/b/{bucket.name}/o",
        f"/storage/v1/b/{bucket.name}/o/{quote(NAME, safe='')}?alt=media",
        f"/download/storage/v1/b/{bucket.name}/o/{quote(NAME, safe='')}?alt=media",
    )
    for path in paths:
        assert requests.get(host + path, headers=sign, timeout=10).status_code == 401
        assert requests.get(host + path, headers=sign | {"Authorization": "Bearer t"}, timeout=10).status_code == 401
        assert requests.get(host + path, timeout=10).ok
    started = requests.post(
        f"{host}/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable", headers=sign, timeout=10
    )
    assert started.status_code == 401


def test_a_page_cannot_pass_for_a_client_library(cloud: RunningCloud, bucket: storage.Bucket) -> None:
    asked = {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "x-goog-api-client,authorization",
    }
    url = f"{cloud.env['STORAGE_EMULATOR_HOST']}/storage/v1/b/{bucket.name}/o"
    answer = requests.options(url, headers=PAGE | asked, timeout=10)
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization"


def test_the_cors_rules_of_a_bucket_are_applied(cloud: RunningCloud, bucket: storage.Bucket, signer: Signer) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "range,x-goog-meta-a,x-other"}
    preflight = requests.options(signer.url(), headers=PAGE | asked, timeout=10)
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert preflight.headers["Access-Control-Allow-Headers"] == "range, x-goog-meta-a"
    assert requests.get(signer.url(), headers=PAGE, timeout=10).headers["Access-Control-Allow-Origin"] == "*"
    own = storage.Client(project=cloud.project).create_bucket(f"cors-{time.time_ns()}")
    url = f"{cloud.env['STORAGE_EMULATOR_HOST']}/{own.name}/x"
    assert "Access-Control-Allow-Origin" not in requests.options(url, headers=PAGE | asked, timeout=10).headers
    own.cors = [{"origin": ["https://app.example"], "method": ["GET"], "maxAgeSeconds": 60}]
    own.patch()
    allowed = requests.options(url, headers=PAGE | asked, timeout=10)
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert allowed.headers["Access-Control-Max-Age"] == "60"
    other = {"Origin": "https://evil.example"}
    assert "Access-Control-Allow-Origin" not in requests.options(url, headers=other | asked, timeout=10).headers


def _code(response: requests.Response) -> str:
    return response.text.partition("<Code>")[2].partition("</Code>")[0]
