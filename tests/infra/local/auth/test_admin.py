"""firebase-admin against the Auth server."""

import hashlib
import time
from collections.abc import Iterator

import firebase_admin
import pytest
from firebase_admin import auth, exceptions

from tests.cloud import RunningCloud, wait_for
from tests.infra.local.auth.rest import Rest


@pytest.fixture
def app(cloud: RunningCloud) -> Iterator[firebase_admin.App]:
    """A firebase-admin app for a project of this test's own."""
    project = f"auth-{time.time_ns()}"
    app = firebase_admin.initialize_app(options={"projectId": project}, name=project)
    yield app
    firebase_admin.delete_app(app)


@pytest.fixture
def rest(cloud: RunningCloud, app: firebase_admin.App) -> Rest:
    """The REST API as a signed-out client of the same project sees it."""
    return Rest(cloud.env["FIREBASE_AUTH_EMULATOR_HOST"], app.project_id)


def test_a_created_user_is_found_by_id_email_phone_and_provider(app: firebase_admin.App) -> None:
    link = auth.UserProvider("sub-1", provider_id="google.com", email="ada@example.com")
    created = auth.create_user(
        email="Ada@Example.com", phone_number="+15550001111", display_name="Ada", password="secret1", app=app
    )
    auth._get_client(app)._user_manager._make_request(
        "post", "/accounts:update", json={"localId": created.uid, "linkProviderUserInfo": link.to_dict()}
    )
    assert auth.get_user(created.uid, app=app).display_name == "Ada"
    assert auth.get_user_by_email("ada@example.com", app=app).uid == created.uid
    assert auth.get_user_by_phone_number("+15550001111", app=app).uid == created.uid
    identifiers = [auth.ProviderIdentifier("google.com", "sub-1"), auth.UidIdentifier("nobody")]
    result = auth.get_users(identifiers, app=app)
    assert [user.uid for user in result.users] == [created.uid]
    assert [missing.uid for missing in result.not_found] == ["nobody"]


def test_what_is_taken_cannot_be_taken_again(app: firebase_admin.App) -> None:
    auth.create_user(uid="one", email="one@example.com", phone_number="+15550001111", app=app)
    with pytest.raises(auth.UidAlreadyExistsError):
        auth.create_user(uid="one", app=app)
    with pytest.raises(auth.EmailAlreadyExistsError):
        auth.create_user(email="ONE@example.com", app=app)
    with pytest.raises(auth.PhoneNumberAlreadyExistsError):
        auth.create_user(phone_number="+15550001111", app=app)


def test_an_update_changes_what_it_names_and_can_take_away(app: firebase_admin.App) -> None:
    auth.create_user(uid="u", email="a@example.com", display_name="A", phone_number="+15550002222", app=app)
    auth.update_user(
        "u", email="b@example.com", email_verified=True, disabled=True, photo_url="http://x/y.png", app=app
    )
    user = auth.get_user("u", app=app)
    assert (user.email, user.email_verified, user.disabled, user.display_name) == ("b@example.com", True, True, "A")
    auth.update_user("u", display_name=auth.DELETE_ATTRIBUTE, phone_number=auth.DELETE_ATTRIBUTE, app=app)
    user = auth.get_user("u", app=app)
    assert (user.display_name, user.phone_number) == (None, None)


def test_a_deleted_user_is_gone(app: firebase_admin.App) -> None:
    auth.create_user(uid="u", email="a@example.com", app=app)
    auth.delete_user("u", app=app)
    with pytest.raises(auth.UserNotFoundError):
        auth.get_user("u", app=app)
    with pytest.raises(auth.UserNotFoundError):
        auth.delete_user("u", app=app)
    auth.create_user(email="a@example.com", app=app)


def test_users_are_listed_in_pages(app: firebase_admin.App) -> None:
    for number in range(7):
        auth.create_user(uid=f"u{number}", app=app)
    page = auth.list_users(max_results=3, app=app)
    assert len(page.users) == 3
    assert page.has_next_page
    assert [user.uid for user in page.iterate_all()] == [f"u{number}" for number in range(7)]


def test_many_users_are_imported_and_deleted_at_once(app: firebase_admin.App, rest: Rest) -> None:
    users = [
        auth.ImportUserRecord(f"i{number}", email=f"i{number}@example.com", password_hash=hashed, password_salt=b"salt")
        for number, hashed in enumerate([_sha256(b"salt", b"secret0"), _sha256(b"salt", b"secret1")])
    ]
    result = auth.import_users(users, hash_alg=auth.UserImportHash.sha256(rounds=1), app=app)
    assert (result.success_count, result.failure_count) == (2, 0)
    assert rest.post("accounts:signInWithPassword", email="i1@example.com", password="secret1")["localId"] == "i1"
    assert auth.delete_users(["i0", "i1", "none"], app=app).success_count == 3
    assert auth.list_users(app=app).users == []


def test_an_import_reports_the_users_that_it_cannot_keep(app: firebase_admin.App) -> None:
    auth.create_user(uid="there", email="there@example.com", app=app)
    users = [auth.ImportUserRecord("a", email="there@example.com"), auth.ImportUserRecord("b", email="b@example.com")]
    result = auth.import_users(users, app=app)
    assert (result.success_count, [error.index for error in result.errors]) == (1, [0])


def test_custom_claims_reach_the_id_token(app: firebase_admin.App, rest: Rest) -> None:
    signed_up = rest.post("accounts:signUp", email="c@example.com", password="secret1")
    auth.set_custom_user_claims(signed_up["localId"], {"role": "admin", "plan": "premium"}, app=app)
    assert auth.get_user(signed_up["localId"], app=app).custom_claims == {"role": "admin", "plan": "premium"}
    renewed = rest.refresh(signed_up["refreshToken"])
    claims = auth.verify_id_token(renewed["id_token"], app=app)
    assert (claims["role"], claims["plan"], claims["uid"]) == ("admin", "premium", signed_up["localId"])
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["firebase"] == {
        "identities": {"email": ["c@example.com"]},
        "sign_in_provider": "password",
    }


def test_a_revoked_token_is_refused_and_cannot_be_renewed(app: firebase_admin.App, rest: Rest) -> None:
    signed_up = rest.post("accounts:signUp", email="r@example.com", password="secret1")
    token, uid = signed_up["idToken"], signed_up["localId"]
    assert auth.verify_id_token(token, app=app, check_revoked=True)["uid"] == uid
    issued = auth.verify_id_token(token, app=app)["iat"]
    # Tokens carry whole seconds: only a revocation in a later second than the token's can be told from one before it.
    wait_for(lambda: time.time() >= issued + 1, "the next second")
    auth.revoke_refresh_tokens(uid, app=app)
    with pytest.raises(auth.RevokedIdTokenError):
        auth.verify_id_token(token, app=app, check_revoked=True)
    assert rest.refresh(signed_up["refreshToken"])["error"]["message"] == "TOKEN_EXPIRED"
    assert rest.error("accounts:lookup", idToken=token) == "TOKEN_EXPIRED"


def test_a_disabled_user_is_refused_everywhere(app: firebase_admin.App, rest: Rest) -> None:
    signed_up = rest.post("accounts:signUp", email="d@example.com", password="secret1")
    auth.update_user(signed_up["localId"], disabled=True, app=app)
    with pytest.raises(auth.UserDisabledError):
        auth.verify_id_token(signed_up["idToken"], app=app, check_revoked=True)
    assert rest.error("accounts:signInWithPassword", email="d@example.com", password="secret1") == "USER_DISABLED"
    assert rest.error("accounts:lookup", idToken=signed_up["idToken"]) == "USER_DISABLED"
    assert rest.refresh(signed_up["refreshToken"])["error"]["message"] == "USER_DISABLED"


def test_a_custom_token_signs_in_with_its_claims(app: firebase_admin.App, rest: Rest) -> None:
    token = auth.create_custom_token("machine", {"role": "operator"}, app=app).decode()
    first = rest.post("accounts:signInWithCustomToken", token=token)
    assert first["isNewUser"]
    assert not rest.post("accounts:signInWithCustomToken", token=token)["isNewUser"]
    for id_token in (first["idToken"], rest.refresh(first["refreshToken"])["id_token"]):
        claims = auth.verify_id_token(id_token, app=app)
        assert (claims["uid"], claims["role"]) == ("machine", "operator")
        assert claims["firebase"]["sign_in_provider"] == "custom"


def test_a_session_cookie_stands_for_its_user(app: firebase_admin.App, rest: Rest) -> None:
    signed_up = rest.post("accounts:signUp", email="s@example.com", password="secret1")
    cookie = auth.create_session_cookie(signed_up["idToken"], expires_in=600, app=app)
    claims = auth.verify_session_cookie(cookie, check_revoked=True, app=app)
    assert claims["uid"] == signed_up["localId"]
    assert claims["exp"] - claims["iat"] == 600
    with pytest.raises((auth.InvalidIdTokenError, exceptions.InvalidArgumentError)):
        auth.create_session_cookie("nonsense", expires_in=600, app=app)


def test_a_link_resets_the_password(app: firebase_admin.App, rest: Rest) -> None:
    rest.post("accounts:signUp", email="p@example.com", password="secret1")
    link = auth.generate_password_reset_link("p@example.com", app=app)
    code = rest.code_of(link)
    assert rest.post("accounts:resetPassword", oobCode=code)["requestType"] == "PASSWORD_RESET"
    rest.post("accounts:resetPassword", oobCode=code, newPassword="secret2")
    assert rest.error("accounts:resetPassword", oobCode=code, newPassword="secret3") == "INVALID_OOB_CODE"
    assert rest.error("accounts:signInWithPassword", email="p@example.com", password="secret1") == "INVALID_PASSWORD"
    rest.post("accounts:signInWithPassword", email="p@example.com", password="secret2")
    with pytest.raises(auth.EmailNotFoundError):
        auth.generate_password_reset_link("nobody@example.com", app=app)


def test_links_verify_an_address_and_sign_in(app: firebase_admin.App, rest: Rest) -> None:
    auth.create_user(uid="u", email="v@example.com", app=app)
    rest.post("accounts:update", oobCode=rest.code_of(auth.generate_email_verification_link("v@example.com", app=app)))
    assert auth.get_user("u", app=app).email_verified
    settings = auth.ActionCodeSettings(url="http://localhost/done", handle_code_in_app=True)
    link = auth.generate_sign_in_with_email_link("v@example.com", settings, app=app)
    assert "continueUrl=http" in link
    signed_in = rest.post("accounts:signInWithEmailLink", email="v@example.com", oobCode=rest.code_of(link))
    assert signed_in["localId"] == "u"


def test_claims_that_are_reserved_are_refused(app: firebase_admin.App) -> None:
    auth.create_user(uid="u", app=app)
    with pytest.raises(exceptions.InvalidArgumentError):
        auth._get_client(app)._user_manager._make_request(
            "post", "/accounts:update", json={"localId": "u", "customAttributes": '{"sub": "someone"}'}
        )


def _sha256(salt: bytes, password: bytes) -> bytes:
    return hashlib.sha256(salt + password).digest()
