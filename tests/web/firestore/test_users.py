"""Signed-in and signed-out users: the Auth SDK, and what the rules say to whom."""

import base64
import json
import time
from collections.abc import Iterator

import firebase_admin
import pytest
import requests
from firebase_admin import auth
from playwright.sync_api import Route

from tests.cloud import RunningCloud

from .conftest import OpenTab, Tab

RULES = """
rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    match /users/{uid}/{document=**} { allow read, write: if request.auth.uid == uid; }
    match /public/{id} { allow read: if true; }
    match /shared/{id} { allow get: if resource.data.open; allow write: if true; }
  }
}
"""


@pytest.fixture(scope="module")
def rules(cloud: RunningCloud) -> None:
    """The default project has these rules."""
    answer = requests.put(
        f"http://{cloud.env['FIRESTORE_EMULATOR_HOST']}/emulator/v1/projects/{cloud.project}:securityRules",
        json={"rules": {"files": [{"name": "firestore.rules", "content": RULES}]}},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text


@pytest.fixture
def user_tab(open_tab: OpenTab, cloud: RunningCloud, rules: None) -> Tab:
    """A tab in which nobody is signed in."""
    return open_tab(project=cloud.project)


SIGN_UP = "const {user} = await auth.createUserWithEmailAndPassword(account, `${crypto.randomUUID()}@example.com`, 'secret-1');"


def test_users_sign_up_out_and_in(user_tab: Tab) -> None:
    assert user_tab.run(
        """async ({account, auth}) => {
            const email = `${crypto.randomUUID()}@example.com`;
            const first = (await auth.createUserWithEmailAndPassword(account, email, "secret-1")).user.uid;
            await auth.signOut(account);
            const wrong = await auth.signInWithEmailAndPassword(account, email, "guess").catch((error) => error.code);
            const second = (await auth.signInWithEmailAndPassword(account, email, "secret-1")).user;
            return [first === second.uid, second.email === email, wrong];
        }"""
    ) == [True, True, "auth/wrong-password"]


def test_whoever_follows_the_token_hears_of_every_change(user_tab: Tab) -> None:
    assert user_tab.run(
        f"""async ({{account, auth, until}}) => {{
            const heard = [];
            auth.onIdTokenChanged(account, (user) => heard.push(user?.uid ?? null));
            await until(() => heard.length === 1, "nobody is signed in");
            {SIGN_UP}
            await until(() => heard.length === 2, "the sign-up is heard");
            const before = user.accessToken;
            await user.getIdToken(true);
            await auth.updateProfile(user, {{displayName: "Ada"}});
            await auth.signOut(account);
            await until(() => heard.at(-1) === null, "the sign-out is heard");
            return [heard[0], heard[1] === user.uid, heard.length >= 3, account.currentUser];
        }}"""
    ) == [None, True, True, None]


@pytest.fixture
def admin(cloud: RunningCloud) -> Iterator[firebase_admin.App]:
    """The server's SDK."""
    with cloud.applied():
        app = firebase_admin.initialize_app(name="browser-tests", options={"projectId": cloud.project})
        yield app
        firebase_admin.delete_app(app)


def test_a_custom_token_signs_in_with_its_claims(user_tab: Tab, admin: firebase_admin.App) -> None:
    token = auth.create_custom_token("custom-1", {"role": "operator"}, app=admin).decode()
    result = user_tab.run(
        """async ({account, auth}, {token}) => {
            const {user} = await auth.signInWithCustomToken(account, token);
            return {uid: user.uid, role: (await user.getIdTokenResult()).claims.role, token: await user.getIdToken()};
        }""",
        token=token,
    )
    assert (result["uid"], result["role"]) == ("custom-1", "operator")
    assert auth.verify_id_token(result["token"], app=admin)["uid"] == "custom-1"


def test_users_reach_their_own_documents_and_no_others(user_tab: Tab) -> None:
    result = user_tab.run(
        f"""async ({{account, auth, db, fs, watch, until}}) => {{
            {SIGN_UP}
            const mine = fs.doc(db, `users/${{user.uid}}/notes/one`), others = fs.doc(db, "users/other/notes/one");
            const events = watch(mine);
            await fs.setDoc(mine, {{n: 1}});
            await until(() => events.at(-1)?.data?.n === 1 && !events.at(-1).pending, "it is confirmed");
            const code = (promise) => promise.then(() => "ok", (error) => error.code);
            return {{
                read: await code(fs.getDocFromServer(others)),
                write: await code(fs.setDoc(others, {{n: 1}})),
                list: await code(fs.getDocsFromServer(fs.collection(db, "users"))),
                transaction: await code(fs.runTransaction(db, (transaction) => transaction.get(others))),
                own: await code(fs.getDocsFromServer(fs.collection(db, `users/${{user.uid}}/notes`))),
            }};
        }}"""
    )
    denied = "permission-denied"
    assert result == {"read": denied, "write": denied, "list": denied, "transaction": denied, "own": "ok"}


def test_a_listener_is_told_that_it_is_denied_and_others_of_its_stream_go_on(user_tab: Tab) -> None:
    assert user_tab.run(
        f"""async ({{account, auth, db, fs, watch, until}}) => {{
            {SIGN_UP}
            const mine = fs.doc(db, `users/${{user.uid}}/notes/one`);
            const allowed = watch(mine), denied = watch(fs.doc(db, "secret/one")), query = watch(fs.collection(db, "secret"));
            await until(() => denied.length && query.length && allowed.length, "all have heard");
            await fs.setDoc(mine, {{n: 1}});
            await until(() => allowed.at(-1).data?.n === 1, "the allowed one goes on");
            return [denied, query].map((events) => [...events]);
        }}"""
    ) == [[{"error": "permission-denied"}], [{"error": "permission-denied"}]]


def test_a_listener_is_told_when_what_it_watches_is_no_longer_shared(user_tab: Tab, open_tab: OpenTab) -> None:
    user_tab.run(
        """async ({db, fs, watch, until}) => {
            await fs.setDoc(fs.doc(db, "shared/one"), {open: true, n: 1});
            window.events = watch(fs.doc(db, "shared/one"));
            await until(() => events.at(-1)?.data?.n === 1 && !events.at(-1).cached, "it is there");
        }"""
    )
    owner = open_tab(**{**user_tab.settings, "token": "owner"})
    owner.run("({db, fs}) => fs.setDoc(fs.doc(db, 'shared/one'), {open: false, n: 2})")
    heard = user_tab.run(
        "async ({until}) => { await until(() => events.at(-1).error, 'it is denied'); return [...events]; }"
    )
    assert heard[-1] == {"error": "permission-denied"}
    assert not any((event.get("data") or {}).get("n") == 2 for event in heard)


def expiring(token: str, seconds: int) -> str:
    """An ID token that ends so soon. It is not signed, so anybody can make one."""
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["exp"] = int(time.time()) + seconds
    return f"{header}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}.{signature}"


def test_a_listener_goes_on_with_a_fresh_token_when_its_own_expires(user_tab: Tab, open_tab: OpenTab) -> None:
    def shorten(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        route.fulfill(response=answer, json={**body, "idToken": expiring(body["idToken"], 2)})

    user_tab.page.route("**/accounts:signUp**", shorten)
    with user_tab.page.expect_response(lambda answer: "/v1/token" in answer.url):  # the page asks for a fresh one
        uid = user_tab.run(
            f"""async ({{account, auth, db, fs, watch, until}}) => {{
                {SIGN_UP}
                window.events = watch(fs.doc(db, `users/${{user.uid}}/notes/one`));
                await until(() => events.at(-1)?.data === null && !events.at(-1).cached, "the stream is up");
                return user.uid;
            }}"""
        )
    owner = open_tab(**{**user_tab.settings, "token": "owner"})
    owner.run("({db, fs}, {path}) => fs.setDoc(fs.doc(db, path), {n: 1})", path=f"users/{uid}/notes/one")
    heard = user_tab.run(
        "async ({until}) => { await until(() => events.at(-1).data?.n === 1, 'it is seen'); return [...events]; }"
    )
    assert not any("error" in event for event in heard)


def test_who_is_not_signed_in_is_no_administrator(user_tab: Tab) -> None:
    assert user_tab.run(
        """async ({db, fs}) => {
            const code = (promise) => promise.then(() => "ok", (error) => error.code);
            return [
                await code(fs.getDocFromServer(fs.doc(db, "public/one"))),
                await code(fs.getDocFromServer(fs.doc(db, "secret/one"))),
                await code(fs.setDoc(fs.doc(db, "public/one"), {n: 1})),
            ];
        }"""
    ) == ["ok", "permission-denied", "permission-denied"]


def test_listeners_follow_a_user_who_signs_in(user_tab: Tab) -> None:
    assert user_tab.run(
        f"""async ({{account, auth, db, fs, watch, until}}) => {{
            const before = watch(fs.doc(db, "users/nobody/notes/one"));
            await until(() => before.length, "the answer is there");
            {SIGN_UP}
            const after = watch(fs.doc(db, `users/${{user.uid}}/notes/one`));
            await until(() => after.length, "the answer is there");
            return [before[0].error, after.at(-1).data];
        }}"""
    ) == ["permission-denied", None]
