"""onSnapshot in a browser."""

from tests.cloud import RunningCloud

from .conftest import Tab


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
