"""onSnapshot in a browser."""

import signal
from collections.abc import Iterator

import pytest
from google.cloud import firestore

from tests.cloud import RunningCloud

from .conftest import OpenTab, Tab


@pytest.fixture
def server_client(project: str, cloud: RunningCloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[firestore.Client]:
    """A server's client of the same database."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", cloud.env["FIRESTORE_EMULATOR_HOST"])
    client = firestore.Client(project=project)
    yield client
    client.close()


def test_a_listener_sees_its_document_come_change_and_go(listening_tab: Tab) -> None:
    events = listening_tab.run(
        """async ({db, fs, watch, until}) => {
            const ref = fs.doc(db, "things/one");
            const events = watch(ref);
            const last = (data) => until(
                () => JSON.stringify(events.at(-1)) === JSON.stringify({data, pending: false, cached: false}),
                `it is ${JSON.stringify(data)}, not ${JSON.stringify(events)}`);
            await last(null);
            await fs.setDoc(ref, {n: 1});
            await last({n: 1});
            await fs.updateDoc(ref, {n: 2});
            await last({n: 2});
            await fs.deleteDoc(ref);
            await last(null);
            return events;
        }"""
    )
    assert {"data": {"n": 1}, "pending": True, "cached": False} in events


def test_a_listener_sees_documents_enter_change_in_and_leave_its_query(listening_tab: Tab) -> None:
    changes = listening_tab.run(
        """async ({db, fs, watch, until}) => {
            const things = fs.collection(db, "things");
            await fs.setDoc(fs.doc(things, "early"), {n: 1});
            const events = watch(fs.query(things, fs.where("n", ">", 0), fs.orderBy("n")));
            const seen = (change) => until(() => events.flatMap((event) => event.changes).includes(change), change);
            await seen("added early");
            await fs.setDoc(fs.doc(things, "late"), {n: 2});
            await fs.setDoc(fs.doc(things, "outside"), {n: -1});
            await seen("added late");
            await fs.updateDoc(fs.doc(things, "late"), {n: 3});
            await seen("modified late");
            await fs.updateDoc(fs.doc(things, "early"), {n: 0});
            await seen("removed early");
            await fs.deleteDoc(fs.doc(things, "late"));
            await seen("removed late");
            return events.flatMap((event) => event.changes);
        }"""
    )
    assert changes == ["added early", "added late", "modified late", "removed early", "removed late"]


def test_a_limited_query_is_refilled_when_a_document_leaves(tab: Tab) -> None:
    ids = tab.run(
        """async ({db, fs, watch, until}) => {
            const things = fs.collection(db, "things");
            for (const n of [1, 2, 3]) await fs.setDoc(fs.doc(things, `t${n}`), {n});
            const events = watch(fs.query(things, fs.orderBy("n"), fs.limit(2)));
            await until(() => events.at(-1)?.ids.length === 2, "two are there");
            await fs.deleteDoc(fs.doc(things, "t1"));
            await until(() => events.at(-1).ids.join() === "t2,t3", "the third has moved up");
            return events.at(-1).ids;
        }"""
    )
    assert ids == ["t2", "t3"]


def test_changes_by_others_arrive(listening_tab: Tab, server_client: firestore.Client) -> None:
    listening_tab.run(
        """async ({db, fs, watch, until}) => {
            window.events = watch(fs.collection(db, "things"));
            await until(() => events.some((event) => !event.cached), "the stream is up");
        }"""
    )
    server_client.document("things/new").set({"n": 1})
    listening_tab.run("({until}) => until(() => events.at(-1).ids.includes('new'), 'it is seen')")


def test_listeners_share_one_stream(tab: Tab) -> None:
    opened: list[str] = []
    tab.page.on("request", lambda request: opened.append(request.url) if _opens(request.url) else None)
    heard = tab.run(
        """async ({db, fs, watch, until}) => {
            const refs = [...Array(20).keys()].map((n) => fs.doc(db, `things/t${n}`));
            const watched = refs.map(watch);
            const query = watch(fs.collection(db, "things"));
            await until(() => [...watched, query].every((events) => events.length), "all have heard");
            const batch = fs.writeBatch(db);
            for (const ref of refs) batch.set(ref, {n: 1});
            await batch.commit();
            await until(() => watched.every((events) => events.at(-1).data?.n === 1), "all documents are seen");
            watched[0].stop();
            await fs.setDoc(refs[0], {n: 2});
            await fs.setDoc(refs[1], {n: 2});
            await until(() => watched[1].at(-1).data?.n === 2, "the second has changed");
            return watched[0].at(-1).data.n;
        }"""
    )
    assert heard == 1
    assert len(opened) == 1


@pytest.mark.parametrize("polling", [False, True])
def test_the_sdk_trusts_the_stream_unless_it_is_told_to_poll(open_tab: OpenTab, project: str, polling: bool) -> None:
    tab = open_tab(project=project, token="owner", longPolling=polling)
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url) if "RID=rpc" in request.url else None)
    tab.run(
        """async ({db, fs, watch, until}) => {
            const events = watch(fs.doc(db, "things/one"));
            for (const n of [1, 2, 3]) {
                await fs.setDoc(fs.doc(db, "things/one"), {n});
                await until(() => events.at(-1)?.data?.n === n && !events.at(-1).pending, `it is ${n}`);
            }
        }"""
    )
    assert asked
    assert all(f"CI={int(polling)}" in url for url in asked)


def _opens(url: str) -> bool:
    return "/Listen/channel" in url and "SID=" not in url


def test_signs_outside_of_the_basic_plane_do_not_break_the_framing(listening_tab: Tab) -> None:
    text = "\U0001f3ac \U0001f468\u200d\U0001f469\u200d\U0001f467 ä \u2028 \U0010ffff" * 50
    assert (
        listening_tab.run(
            """async ({db, fs, watch, until}, {text}) => {
                const ref = fs.doc(db, "things/signs");
                const events = watch(ref);
                await until(() => events.length, "the stream is up");
                await fs.setDoc(ref, {text});
                await fs.setDoc(fs.doc(db, "things/next"), {text: "after"});
                const next = watch(fs.doc(db, "things/next"));
                await until(() => next.at(-1)?.data?.text === "after" && events.at(-1).data?.text, "both are seen");
                return (await fs.getDocFromServer(ref)).data().text;
            }""",
            text=text,
        )
        == text
    )


def test_a_result_larger_than_what_may_wait_unacknowledged_arrives_whole(
    listening_tab: Tab, server_client: firestore.Client
) -> None:
    batch = server_client.batch()
    for number in range(100):
        batch.set(server_client.document(f"things/t{number:03}"), {"n": number, "text": "x" * 90_000})
    batch.commit()
    count = listening_tab.run(
        """async ({db, fs, watch, until}) => {
            const events = watch(fs.collection(db, "things"));
            await until(() => events.at(-1)?.cached === false, "it is complete");
            return events.at(-1).ids.length;
        }"""
    )
    assert count == 100


def test_a_page_that_is_loaded_again_resumes_from_what_its_disk_has(
    open_tab: OpenTab, project: str, server_client: firestore.Client
) -> None:
    for name in ("kept", "changed", "removed"):
        server_client.document(f"things/{name}").set({"n": 1})
    tab = open_tab(project=project, token="owner", persistent=True)
    watch = """async ({db, fs, watch, until}, {ids}) => {
        const events = watch(fs.collection(db, "things"));
        const last = () => events.at(-1);
        await until(() => last()?.cached === false && last().ids.join() === ids, `they are ${ids}`);
        return events[0];
    }"""
    tab.run(watch, ids="changed,kept,removed")
    address = tab.page.url
    tab.page.goto("about:blank")  # So that the page cannot hear of the changes while it is still open.
    server_client.document("things/changed").update({"n": 2})
    server_client.document("things/removed").delete()
    tab.page.goto(address)
    tab.start()
    first = tab.run(watch, ids="changed,kept")
    assert (first["ids"], first["cached"]) == (["changed", "kept", "removed"], True)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_listeners_and_writers_go_on_after_the_server_was_restarted(
    tab: Tab, cloud: RunningCloud, server_client: firestore.Client, number: signal.Signals
) -> None:
    tab.run(
        """async ({db, fs, watch, until}) => {
            await fs.setDoc(fs.doc(db, "things/before"), {n: 1});
            await fs.setDoc(fs.doc(db, "things/removed"), {n: 1});
            window.events = watch(fs.collection(db, "things"));
            await until(() => events.at(-1)?.cached === false, "the stream is up");
        }"""
    )
    cloud.kill("firestore", number)
    server_client.document("things/while-away").set({"n": 1})
    server_client.document("things/removed").delete()
    # When nobody says good-bye the SDK waits 5 to 15 seconds before it tries again, unless it has something to ask.
    tab.run(
        """async ({db, fs, watch, until}) => {
            const another = watch(fs.doc(db, "things/after"));
            await fs.setDoc(fs.doc(db, "things/after"), {n: 1});
            const caughtUp = () => events.at(-1).ids.join() === "after,before,while-away";
            await until(() => caughtUp() && !events.at(-1).pending && !events.at(-1).cached, "it has caught up");
            await until(() => another.at(-1)?.data?.n === 1, "the new one is there too");
        }"""
    )
