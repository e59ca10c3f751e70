"""Sign-in as the Firebase JS SDK does it, over REST; what survives a restart; browsers; OAuth tokens."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from firebase_admin import _token_gen
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from infra.local.auth.jwts import decode_unverified, encode_unsigned
from tests.cloud import RunningCloud, local_cloud
from tests.infra.local.auth.rest import Rest


@pytest.fixture
def rest(cloud: RunningCloud) -> Rest:
    """A signed-out client of a project of this test's own."""
    return Rest(cloud.env["FIREBASE_AUTH_EMULATOR_HOST"], f"rest-{time.time_ns()}")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """An Auth server that these tests may kill."""
    with local_cloud("auth", data=tmp_path_factory.mktemp("auth")) as running:
        yield running


def _claims(token: str) -> dict[str, Any]:
    return decode_unverified(token)[1]


def test_sign_up_sign_in_and_look_up(rest: Rest) -> None:
    signed_up = rest.post("accounts:signUp", email="Ada@Example.com", password="secret1")
    assert signed_up["expiresIn"] == "3600"
    signed_in = rest.post("accounts:signInWithPassword", email="ada@example.com", password="secret1")
    assert signed_in["localId"] == signed_up["localId"]
    (user,) = rest.post("accounts:lookup", idToken=signed_in["idToken"])["users"]
    assert (user["email"], user["emailVerified"]) == ("ada@example.com", False)
    assert [info["providerId"] for info in user["providerUserInfo"]] == ["password"]
    assert "passwordHash" not in user
    header, claims = decode_unverified(signed_in["idToken"])
    assert header["alg"] == "none"
    assert (claims["iss"], claims["aud"]) == (f"https://securetoken.google.com/{rest.project}", rest.project)
    assert claims["sub"] == claims["user_id"] == signed_up["localId"]


@pytest.mark.parametrize(
    ("operation", "body", "message"),
    [
        ("accounts:signUp", {"email": "taken@example.com", "password": "secret1"}, "EMAIL_EXISTS"),
        ("accounts:signUp", {"email": "nonsense", "password": "secret1"}, "INVALID_EMAIL"),
        ("accounts:signUp", {"email": "a@example.com"}, "MISSING_PASSWORD"),
        (
            "accounts:signUp",
            {"email": "a@example.com", "password": "short"},
            "WEAK_PASSWORD : Password should be at least 6 characters",
        ),
        ("accounts:signInWithPassword", {"email": "no@example.com", "password": "secret1"}, "EMAIL_NOT_FOUND"),
        ("accounts:signInWithPassword", {"email": "taken@example.com", "password": "wrong1"}, "INVALID_PASSWORD"),
        ("accounts:lookup", {"idToken": "nonsense"}, "INVALID_ID_TOKEN"),
        ("accounts:resetPassword", {"oobCode": "nonsense"}, "INVALID_OOB_CODE"),
        ("accounts:sendOobCode", {"requestType": "PASSWORD_RESET", "email": "no@example.com"}, "EMAIL_NOT_FOUND"),
        ("accounts:sendOobCode", {"email": "no@example.com"}, "MISSING_REQ_TYPE"),
    ],
)
def test_refusals_carry_the_codes_that_the_sdk_knows(
    rest: Rest, operation: str, body: dict[str, str], message: str
) -> None:
    rest.post("accounts:signUp", email="taken@example.com", password="secret1")
    assert rest.error(operation, **body) == message


def test_a_token_that_is_expired_or_of_another_project_is_refused(rest: Rest) -> None:
    token = rest.post("accounts:signUp")["idToken"]
    expired = encode_unsigned(_claims(token) | {"exp": int(time.time()) - 1})
    assert rest.error("accounts:lookup", idToken=expired) == "TOKEN_EXPIRED"
    elsewhere = encode_unsigned(_claims(token) | {"aud": "other"})
    assert rest.error("accounts:update", idToken=elsewhere, displayName="x") == "INVALID_ID_TOKEN"
    nobody = encode_unsigned(_claims(token) | {"sub": "nobody"})
    assert rest.error("accounts:delete", idToken=nobody) == "USER_NOT_FOUND"
    assert rest.refresh("nonsense")["error"]["message"] == "INVALID_REFRESH_TOKEN"


def test_an_anonymous_user_keeps_its_id_when_it_gets_a_password(rest: Rest) -> None:
    anonymous = rest.post("accounts:signUp")
    assert _claims(anonymous["idToken"])["firebase"]["sign_in_provider"] == "anonymous"
    upgraded = rest.post("accounts:signUp", idToken=anonymous["idToken"], email="a@example.com", password="secret1")
    assert upgraded["localId"] == anonymous["localId"]
    assert _claims(upgraded["idToken"])["email"] == "a@example.com"
    signed_in = rest.post("accounts:signInWithPassword", email="a@example.com", password="secret1")
    assert signed_in["localId"] == anonymous["localId"]


def test_google_sign_in_makes_an_account_once(rest: Rest) -> None:
    body = rest.google("g1", email="g@example.com", name="Grace", picture="http://x/p.png")
    first = rest.post("accounts:signInWithIdp", postBody=body, requestUri="http://localhost", returnIdpCredential=True)
    assert first["isNewUser"]
    assert (first["displayName"], first["providerId"]) == ("Grace", "google.com")
    again = rest.post("accounts:signInWithIdp", postBody=body, requestUri="http://localhost")
    assert again["localId"] == first["localId"]
    assert "isNewUser" not in again
    claims = _claims(again["idToken"])
    assert claims["firebase"] == {
        "identities": {"google.com": ["g1"], "email": ["g@example.com"]},
        "sign_in_provider": "google.com",
    }
    assert (claims["name"], claims["picture"], claims["email_verified"]) == ("Grace", "http://x/p.png", True)
    jwt = encode_unsigned({"sub": "g1", "email": "g@example.com"})
    by_jwt = rest.post("accounts:signInWithIdp", postBody=f"id_token={jwt}&providerId=google.com")
    assert by_jwt["localId"] == first["localId"]


def test_google_sign_in_links_to_the_account_with_the_address(rest: Rest) -> None:
    account = rest.post("accounts:signUp", email="l@example.com", password="secret1")
    linked = rest.post("accounts:signInWithIdp", postBody=rest.google("g2", email="l@example.com"))
    assert linked["localId"] == account["localId"]
    # The address had never been verified: whoever set the password may not be its owner.
    assert rest.error("accounts:signInWithPassword", email="l@example.com", password="secret1") == "INVALID_PASSWORD"
    other = rest.post("accounts:signUp")
    taken = {"idToken": other["idToken"], "postBody": rest.google("g2", email="l@example.com")}
    assert rest.error("accounts:signInWithIdp", **taken) == "FEDERATED_USER_ID_ALREADY_LINKED"


def test_a_provider_that_cannot_vouch_for_an_address_needs_confirmation(rest: Rest) -> None:
    rest.post("accounts:signUp", email="c@example.com", password="secret1")
    body = f"providerId=github.com&access_token={json.dumps({'sub': '7', 'email': 'c@example.com'})}"
    answer = rest.post("accounts:signInWithIdp", postBody=body)
    assert answer["needConfirmation"]
    assert "idToken" not in answer


def test_users_change_themselves_but_not_what_is_the_servers(rest: Rest) -> None:
    user = rest.post("accounts:signUp", email="u@example.com", password="secret1")
    changed = rest.post(
        "accounts:update",
        idToken=user["idToken"],
        displayName="U",
        photoUrl="http://x/u.png",
        customAttributes='{"role": "admin"}',
        emailVerified=True,
        localId="someone",
    )
    assert (changed["displayName"], changed["emailVerified"]) == ("U", False)
    assert "role" not in _claims(changed["idToken"])
    moved = rest.post("accounts:update", idToken=user["idToken"], email="v@example.com", password="secret2")
    assert moved["email"] == "v@example.com"
    rest.post("accounts:signInWithPassword", email="v@example.com", password="secret2")
    sneaky = rest.post("accounts:signUp", idToken=rest.post("accounts:signUp")["idToken"], email="w@example.com",
                       password="secret1", customAttributes='{"role": "admin"}')  # fmt: skip
    assert "role" not in _claims(sneaky["idToken"])


@pytest.mark.parametrize("operation", ["accounts:batchDelete", "accounts:batchCreate", "accounts:query"])
def test_server_operations_need_a_servers_credentials(rest: Rest, operation: str) -> None:
    user = rest.post("accounts:signUp")
    for authorization in ({}, {"Authorization": f"Bearer {user['idToken']}"}):
        response = rest.call(operation, {}, **authorization)
        assert response.status_code == 403
    assert rest.call("accounts:lookup", {"localId": [user["localId"]]}).status_code == 403
    assert rest.call("accounts:delete", {"localId": user["localId"]}).status_code == 403


def test_an_email_link_signs_in_once(rest: Rest) -> None:
    rest.post("accounts:sendOobCode", requestType="EMAIL_SIGNIN", email="e@example.com", continueUrl="http://app/")
    (code,) = rest.codes()
    assert (code["email"], code["requestType"]) == ("e@example.com", "EMAIL_SIGNIN")
    answer = rest.post("accounts:signInWithEmailLink", email="e@example.com", oobCode=rest.code_of(code["oobLink"]))
    assert answer["isNewUser"]
    assert _claims(answer["idToken"])["email_verified"]
    again = rest.error("accounts:signInWithEmailLink", email="e@example.com", oobCode=code["oobCode"])
    assert again == "INVALID_OOB_CODE"
    methods = rest.post("accounts:createAuthUri", identifier="e@example.com", continueUri="http://app/")
    assert (methods["registered"], methods["signinMethods"]) == (True, ["emailLink"])


def test_opening_the_link_verifies_the_address(rest: Rest) -> None:
    user = rest.post("accounts:signUp", email="v@example.com", password="secret1")
    rest.post("accounts:sendOobCode", requestType="VERIFY_EMAIL", idToken=user["idToken"])
    (code,) = rest.codes()
    rest.post("accounts:update", oobCode=code["oobCode"])
    assert rest.post("accounts:lookup", idToken=user["idToken"])["users"][0]["emailVerified"]
    assert rest.codes() == []


def test_sign_up_can_be_closed_and_addresses_kept_private(rest: Rest) -> None:
    url = f"{rest.base}/emulator/v1/projects/{rest.project}/config"
    change = {
        "client": {"permissions": {"disabledUserSignup": True}},
        "emailPrivacyConfig": {"enableImprovedEmailPrivacy": True},
    }
    assert requests.patch(url, json=change, timeout=10).ok
    assert rest.error("accounts:signUp", email="a@example.com", password="secret1") == "ADMIN_ONLY_OPERATION"
    wrong = rest.error("accounts:signInWithPassword", email="a@example.com", password="secret1")
    assert wrong == "INVALID_LOGIN_CREDENTIALS"
    assert requests.get(url, timeout=10).json()["client"]["permissions"]["disabledUserSignup"]


def test_a_project_can_be_emptied(rest: Rest) -> None:
    rest.post("accounts:signUp", email="a@example.com", password="secret1")
    assert requests.delete(f"{rest.base}/emulator/v1/projects/{rest.project}/accounts", timeout=10).ok
    assert rest.error("accounts:signInWithPassword", email="a@example.com", password="secret1") == "EMAIL_NOT_FOUND"


def test_any_page_may_call(rest: Rest) -> None:
    url = f"{rest.base}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=any"
    asked = "content-type,x-client-version,x-firebase-gmpid,authorization"
    headers = {"Origin": "http://app.example", "Access-Control-Request-Method": "POST"}
    preflight = requests.options(url, headers=headers | {"Access-Control-Request-Headers": asked}, timeout=10)
    assert preflight.ok
    assert preflight.headers["Access-Control-Allow-Headers"] == asked
    answer = requests.post(url, json={}, headers={"Origin": "http://app.example"}, timeout=10)
    assert answer.headers["Access-Control-Allow-Origin"] == "http://app.example"
    refused = requests.post(url, json={"email": "x"}, headers={"Origin": "http://app.example"}, timeout=10)
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (400, "http://app.example")


def test_no_page_passes_for_a_server_or_reads_the_codes(rest: Rest) -> None:
    page = {"Origin": "http://evil.example"}
    user = rest.post("accounts:signUp", email="victim@example.com", password="secret1")
    owner = rest.call("accounts:delete", {"localId": user["localId"]}, Authorization="Bearer owner", **page)
    assert owner.status_code == 403
    project = f"{rest.base}/emulator/v1/projects/{rest.project}"
    assert requests.get(f"{project}/oobCodes", headers=page, timeout=10).status_code == 403
    assert requests.delete(f"{project}/accounts", headers=page, timeout=10).status_code == 403
    assert requests.get(f"{project}/oobCodes", headers={"Sec-Fetch-Site": "none"}, timeout=10).ok


@pytest.mark.parametrize("path", ["v1/projects", "v2/recaptchaConfig", "v1/recaptchaParams", "v2/passwordPolicy"])
def test_what_the_sdk_asks_before_signing_in_is_answered(rest: Rest, path: str) -> None:
    assert requests.get(f"{rest.base}/identitytoolkit.googleapis.com/{path}?key=any", timeout=10).ok


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"email": 1}', b"\xff\xfe", b'"x"'])
def test_a_body_that_makes_no_sense_is_a_bad_request(rest: Rest, body: bytes) -> None:
    url = f"{rest.base}/identitytoolkit.googleapis.com/v1/projects/{rest.project}/accounts:signUp"
    response = requests.post(url, data=body, timeout=10)
    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith("INVALID_ARGUMENT")


def test_what_was_acknowledged_survives_kill_9(own: RunningCloud) -> None:
    rest = Rest(own.env["FIREBASE_AUTH_EMULATOR_HOST"], "kept")
    for number in range(3):
        user = rest.post("accounts:signUp", email=f"k{number}@example.com", password="secret1")
        own.kill("auth")
        assert rest.refresh(user["refreshToken"])["user_id"] == user["localId"]
        rest.post("accounts:signInWithPassword", email=f"k{number}@example.com", password="secret1")


def test_a_service_account_renews_its_access_token(cloud: RunningCloud) -> None:
    path = cloud.env["GOOGLE_APPLICATION_CREDENTIALS"]
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
    credentials = service_account.Credentials.from_service_account_file(path, scopes=scopes)
    credentials.refresh(Request())
    assert credentials.token.startswith("ya29.")
    assert credentials.valid


def test_an_assertion_of_another_key_gets_no_token(cloud: RunningCloud, tmp_path: Path) -> None:
    from infra.local.auth.service_account import ensure_service_account

    host = cloud.env["FIREBASE_AUTH_EMULATOR_HOST"]
    ensure_service_account(tmp_path / "key.json", "other", f"http://{host}/token")
    credentials = service_account.Credentials.from_service_account_file(str(tmp_path / "key.json"), scopes=["any"])
    with pytest.raises(_token_gen.google.auth.exceptions.RefreshError, match="invalid_grant"):
        credentials.refresh(Request())


def test_a_custom_token_signed_by_the_service_account_signs_in_and_a_forged_one_does_not(
    rest: Rest, cloud: RunningCloud, tmp_path: Path
) -> None:
    from infra.local.auth.service_account import ensure_service_account

    ensure_service_account(tmp_path / "key.json", "other", "http://x/token")
    own_key, other_key = Path(cloud.env["GOOGLE_APPLICATION_CREDENTIALS"]), tmp_path / "key.json"
    assert rest.post("accounts:signInWithCustomToken", token=_custom_token(own_key))["isNewUser"]
    refused = rest.error("accounts:signInWithCustomToken", token=_custom_token(other_key))
    assert refused.startswith("INVALID_CUSTOM_TOKEN")


def _custom_token(key: Path) -> str:
    signer = service_account.Credentials.from_service_account_file(str(key))
    now = int(time.time())
    claims = {
        "iss": signer.service_account_email,
        "sub": signer.service_account_email,
        "aud": _token_gen.FIREBASE_AUDIENCE,
        "uid": "machine",
        "iat": now,
        "exp": now + 3600,
    }
    token: bytes = _token_gen.jwt.encode(signer.signer, claims)
    return token.decode()
