"""Documents, queries, batches and transactions, as a page uses them."""

import pytest
from google.cloud import firestore

from tests.cloud import RunningCloud

from .conftest import OpenTab, Tab


def test_a_document_is_set_read_merged_updated_and_deleted(tab: Tab) -> None:
    states = tab.run(
        """async ({db, fs}) => {
            const ref = fs.doc(db, "things/one");
            const state = async () => (await fs.getDocFromServer(ref)).data() ?? null;
            const states = [await state()];
            await fs.setDoc(ref, {n: 1, nested: {a: 1, b: 2}});
            states.push(await state());
            await fs.setDoc(ref, {nested: {b: 3}}, {merge: true});
            states.push(await state());
            await fs.updateDoc(ref, {n: fs.deleteField(), "nested.a": 5});
            states.push(await state());
            await fs.deleteDoc(ref);
            return [...states, await state()];
        }"""
    )
    assert states == [
        None,
        {"n": 1, "nested": {"a": 1, "b": 2}},
        {"n": 1, "nested": {"a": 1, "b": 3}},
        {"nested": {"a": 5, "b": 3}},
        None,
    ]


def test_every_type_of_value_comes_back_as_it_went(tab: Tab) -> None:
    same = tab.run(
        """async ({db, fs}) => {
            const ref = fs.doc(db, "things/types");
            const values = {
                text: "späßig \\u{1F3AC}", empty: "", yes: true, no: false, nothing: null, zero: 0, large: 2 ** 53 - 1,
                fraction: 0.1, infinite: -Infinity, nan: NaN, list: [1, "two", {three: 3}], emptyList: [], map: {deep: {er: {}}},
                time: new fs.Timestamp(1700000000, 123456000), bytes: fs.Bytes.fromUint8Array(new Uint8Array([0, 255])),
                point: new fs.GeoPoint(-12.5, 130.25), ref: fs.doc(db, "other/thing"), vector: fs.vector([0.5, -1]),
                "odd key.with `signs`": 1,
            };
            await fs.setDoc(ref, values);
            const read = (await fs.getDocFromServer(ref)).data();
            const equal = (a, b) => a?.isEqual ? a.isEqual(b) : a?.path ? a.path === b.path :
                Object.is(a, b) || (a && typeof a === "object" && Object.keys(a).length === Object.keys(b).length
                    && Object.keys(a).every((key) => equal(a[key], b[key])));
            return Object.keys(values).filter((key) => !equal(values[key], read[key])).concat(
                Object.keys(read).filter((key) => !(key in values)));
        }"""
    )
    assert same == []


def test_what_the_server_computes_comes_back(tab: Tab) -> None:
    read = tab.run(
        """async ({db, fs}) => {
            const ref = fs.doc(db, "things/sentinels");
            await fs.setDoc(ref, {n: 1, list: [1, 2]});
            await fs.updateDoc(ref, {
                at: fs.serverTimestamp(), n: fs.increment(41), list: fs.arrayUnion(2, 3), gone: fs.deleteField()});
            const {at, n, list} = (await fs.getDocFromServer(ref)).data();
            return {n, list, seconds: Math.abs(at.toMillis() - Date.now()) / 1000};
        }"""
    )
    assert (read["n"], read["list"]) == (42, [1, 2, 3])
    assert read["seconds"] < 60


def test_queries_filter_sort_and_limit(tab: Tab) -> None:
    found = tab.run(
        """async ({db, fs}) => {
            const things = fs.collection(db, "things");
            const batch = fs.writeBatch(db);
            for (let n = 0; n < 6; n++)
                batch.set(fs.doc(things, `t${n}`), {n, parity: n % 2 ? "odd" : "even", tags: [`g${n % 3}`]});
            batch.set(fs.doc(db, "things/t0/things/inner"), {n: 10, parity: "even", tags: []});
            await batch.commit();
            const ids = async (...parts) => (await fs.getDocsFromServer(fs.query(things, ...parts))).docs.map((d) => d.id);
            const group = fs.query(fs.collectionGroup(db, "things"), fs.where("n", ">=", 5));
            return {
                even: await ids(fs.where("parity", "==", "even")),
                both: await ids(fs.where("parity", "==", "even"), fs.where("n", ">", 0), fs.orderBy("n", "desc")),
                either: await ids(fs.or(fs.where("n", "==", 1), fs.where("tags", "array-contains", "g0"))),
                last: await ids(fs.orderBy("n"), fs.limitToLast(2)),
                page: await ids(fs.orderBy("n"), fs.startAfter(1), fs.limit(2)),
                among: await ids(fs.where("n", "in", [1, 4, 9])),
                none: await ids(fs.where("n", ">", 100)),
                group: (await fs.getDocsFromServer(group)).docs.map((d) => d.ref.path),
            };
        }"""
    )
    assert found == {
        "even": ["t0", "t2", "t4"],
        "both": ["t4", "t2"],
        "either": ["t0", "t1", "t3"],
        "last": ["t4", "t5"],
        "page": ["t2", "t3"],
        "among": ["t1", "t4"],
        "none": [],
        "group": ["things/t5", "things/t0/things/inner"],
    }


def test_the_server_counts_and_adds_up(tab: Tab) -> None:
    assert tab.run(
        """async ({db, fs}) => {
            const things = fs.collection(db, "things");
            for (const n of [1, 2, 6]) await fs.addDoc(things, {n});
            return (await fs.getAggregateFromServer(things, {
                count: fs.count(), sum: fs.sum("n"), average: fs.average("n")})).data();
        }"""
    ) == {"count": 3, "sum": 9, "average": 3}


def test_a_batch_is_all_or_nothing(tab: Tab) -> None:
    assert tab.run(
        """async ({db, fs}) => {
            const batch = fs.writeBatch(db);
            batch.set(fs.doc(db, "things/new"), {n: 1});
            batch.update(fs.doc(db, "things/missing"), {n: 1});
            const code = await batch.commit().catch((error) => error.code);
            return [code, (await fs.getDocFromServer(fs.doc(db, "things/new"))).exists()];
        }"""
    ) == ["not-found", False]


def test_transactions_that_collide_all_count(tab: Tab) -> None:
    assert (
        tab.run(
            """async ({db, fs}) => {
            const ref = fs.doc(db, "things/counter");
            await fs.setDoc(ref, {n: 0});
            const add = () => fs.runTransaction(db, async (transaction) => {
                const {n} = (await transaction.get(ref)).data();
                transaction.update(ref, {n: n + 1});
            });
            await Promise.all([add(), add(), add()]);
            return (await fs.getDocFromServer(ref)).data().n;
        }"""
        )
        == 3
    )


def test_a_transaction_writes_by_what_it_has_read_elsewhere(tab: Tab) -> None:
    assert tab.run(
        """async ({db, fs}) => {
            const price = fs.doc(db, "things/price"), missing = fs.doc(db, "things/missing"), bill = fs.doc(db, "things/bill");
            await fs.setDoc(price, {n: 5});
            let runs = 0;
            await fs.runTransaction(db, async (transaction) => {
                const {n} = (await transaction.get(price)).data();
                const discount = (await transaction.get(missing)).exists();
                if (!runs++) await fs.updateDoc(price, {n: 7});
                transaction.set(bill, {n, discount});
            });
            return [runs, (await fs.getDocFromServer(bill)).data(), (await fs.getDocFromServer(missing)).exists()];
        }"""
    ) == [2, {"n": 7, "discount": False}, False]


def test_a_transaction_that_fails_writes_nothing(tab: Tab) -> None:
    assert tab.run(
        """async ({db, fs}) => {
            const ref = fs.doc(db, "things/one");
            const message = await fs.runTransaction(db, async (transaction) => {
                await transaction.get(ref);
                transaction.set(ref, {n: 1});
                throw new Error("changed my mind");
            }).catch((error) => error.message);
            return [message, (await fs.getDocFromServer(ref)).exists()];
        }"""
    ) == ["changed my mind", False]


def test_the_lite_sdk_which_only_speaks_rest_works_too(tab: Tab) -> None:
    assert tab.run(
        """async ({liteDb, lite}) => {
            const things = lite.collection(liteDb, "things");
            await lite.setDoc(lite.doc(things, "one"), {n: 1});
            await lite.updateDoc(lite.doc(things, "one"), {n: lite.increment(1)});
            const missing = await lite.updateDoc(lite.doc(things, "missing"), {n: 1}).catch((error) => error.code);
            const found = await lite.getDocs(lite.query(things, lite.where("n", "==", 2)));
            return [found.docs.map((each) => each.id), (await lite.getCount(things)).data().count, missing];
        }"""
    ) == [["one"], 1, "not-found"]


def test_page_and_server_see_the_same_documents(
    open_tab: OpenTab, project: str, cloud: RunningCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", cloud.env["FIRESTORE_EMULATOR_HOST"])
    document = firestore.Client(project=project).document("things/shared")
    document.set({"from": "server"})
    tab = open_tab(project=project, token="owner")
    read = tab.run(
        """async ({db, fs}) => {
            const ref = fs.doc(db, "things/shared");
            const before = (await fs.getDoc(ref)).data();
            await fs.setDoc(ref, {from: "page"});
            return before;
        }"""
    )
    assert read == {"from": "server"}
    assert document.get().to_dict() == {"from": "page"}
