"""WebChannel on the wire: what must hold when connections break, which a test cannot make a browser do at will."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from tests.cloud import RunningCloud


@dataclass
class Client:
    """One session, every request of which the test sends itself."""

    url: str
    database: str
    method: str = "Listen"
    http: requests.Session = field(default_factory=requests.Session)
    authorization: str = "Bearer owner"
    sid: str = ""
    sent: int = 0

    def post(self, messages: list[Any], at: int | None = None, **query: Any) -> requests.Response:
        """Send messages with the numbers from `at` on (the next ones by default)."""
        first = self.sent if at is None else at
        self.sent = max(self.sent, first + len(messages))
        form = {f"req{index}___data__": json.dumps(message) for index, message in enumerate(messages)}
        form |= {"count": str(len(messages)), "ofs": str(first), "headers": f"Authorization:{self.authorization}\r\n"}
        session = {"SID": self.sid} if self.sid else {"CVER": "22", "X-HTTP-Session-Id": "gsessionid"}
        return self.http.post(
            f"{self.url}/google.firestore.v1.Firestore/{self.method}/channel",
            params={"VER": "8", "database": self.database, "RID": "1", "t": "1"} | session | query,
            data=form,
            timeout=10,
        )

    def open(self, *messages: Any) -> None:
        """The handshake."""
        answer = self.post(list(messages))
        assert answer.status_code == 200, answer.text
        ((number, (letter, self.sid, _, version, *_)),) = unframe(answer.content)[0]
        assert (number, letter, version) == (0, "c", 8)
        assert answer.headers["X-HTTP-Session-Id"]

    def back(self, after: int, *, streaming: bool = False) -> requests.Response:
        """Open a back channel."""
        params = {"VER": "8", "SID": self.sid, "RID": "rpc", "AID": after, "CI": "0" if streaming else "1"}
        return self.http.get(
            f"{self.url}/google.firestore.v1.Firestore/{self.method}/channel",
            params=params | {"TYPE": "xmlhttp", "database": self.database},
            stream=streaming,
            timeout=15,
        )

    def arrays(self, after: int) -> list[tuple[int, Any]]:
        """One long poll."""
        answer = self.back(after)
        assert answer.status_code == 200, answer.text
        return [(number, payload) for chunk in unframe(answer.content) for number, payload in chunk]

    def until(self, wanted: str, after: int = 0) -> list[tuple[int, Any]]:
        """Poll until an array has the text `wanted`."""
        heard: list[tuple[int, Any]] = []
        while not any(wanted in json.dumps(payload) for _, payload in heard):
            heard += self.arrays(heard[-1][0] if heard else after)
        return heard


def unframe(body: bytes) -> list[Any]:
    """The chunks of an answer, whose lengths are in UTF-16 code units."""
    units = body.decode().encode("utf-16-le")
    chunks = []
    while units:
        digits, _, rest = units.decode("utf-16-le").partition("\n")
        size = 2 * int(digits)
        units = rest.encode("utf-16-le")
        chunks.append(json.loads(units[:size].decode("utf-16-le")))
        units = units[size:]
    return chunks


@pytest.fixture
def listener(cloud: RunningCloud, project: str) -> Iterator[Client]:
    """A session that listens, not open yet."""
    with requests.Session() as http:
        yield Client(
            f"http://{cloud.env['FIRESTORE_EMULATOR_HOST']}", f"projects/{project}/databases/(default)", http=http
        )


@pytest.fixture
def writer(listener: Client) -> Client:
    """A session that writes, not open yet."""
    listener.method = "Write"
    return listener


def watch(client: Client, name: str, target: int = 1) -> dict[str, Any]:
    documents = [f"{client.database}/documents/{name}"]
    return {"database": client.database, "addTarget": {"documents": {"documents": documents}, "targetId": target}}


def set_document(client: Client, name: str, number: int) -> None:
    answer = requests.patch(
        f"{client.url}/v1/{client.database}/documents/{name}",
        json={"fields": {"n": {"integerValue": str(number)}}},
        headers={"Authorization": "Bearer owner"},
        timeout=10,
    )
    assert answer.status_code == 200


def test_what_was_lost_with_a_back_channel_is_sent_again(listener: Client) -> None:
    listener.open(watch(listener, "things/one"))
    first = listener.arrays(0)
    while "CURRENT" not in json.dumps(first):  # Nothing is acknowledged meanwhile: each poll begins at the beginning.
        again = listener.arrays(0)
        assert again[: len(first)] == first
        first = again
    again = listener.arrays(0)
    assert again[: len(first)] == first
    last = again[-1][0]
    set_document(listener, "things/one", 5)
    after = listener.until("documentChange", last)
    assert after[0][0] == last + 1


def test_what_was_acknowledged_is_not_sent_again(listener: Client) -> None:
    listener.open(watch(listener, "things/one"))
    last = listener.until("CURRENT")[-1][0]
    set_document(listener, "things/one", 1)
    listener.until("documentChange", last)
    numbers = [number for number, _ in listener.arrays(last)]
    assert min(numbers) == last + 1


def test_messages_that_arrive_twice_count_once(listener: Client) -> None:
    listener.open(watch(listener, "things/one"))
    add = watch(listener, "things/two", 2)
    for _ in range(2):
        assert listener.post([add], at=1).status_code == 200
    listener.post([watch(listener, "things/three", 3)])
    heard = listener.until('"targetIds": [3]')
    added = [payload for _, payload in heard if payload[0].get("targetChange", {}).get("targetChangeType") == "ADD"]
    assert [payload[0]["targetChange"]["targetIds"] for payload in added] == [[1], [2], [3]]
    assert not any("error" in json.dumps(payload) for _, payload in heard)


def test_messages_that_overtake_others_wait_for_them(writer: Client) -> None:
    writer.open({"database": writer.database})
    ((_, (hello,)),) = [each for each in writer.until("streamToken") if each[1] != ["noop"]]
    token = hello["streamToken"]
    assert token
    writes = [{"update": {"name": f"{writer.database}/documents/things/one", "fields": {}}}]
    assert writer.post([{"streamToken": "AAAAAAAAAAI=", "writes": writes}], at=2).status_code == 200
    assert writer.post([{"streamToken": token, "writes": writes}], at=1).status_code == 200
    heard = writer.until("AAAAAAAAAAM=")
    assert sum("commitTime" in json.dumps(payload) for _, payload in heard) == 2


def test_the_answer_to_a_post_tells_of_the_back_channel(listener: Client) -> None:
    listener.open(watch(listener, "things/one"))
    last = listener.until("CURRENT")[-1][0]
    present, number, size = unframe(listener.post([watch(listener, "things/two", 2)], AID=last).content)[0]
    assert present == 0
    assert number >= last
    assert size >= 0
    back = listener.back(last, streaming=True)
    present, *_ = unframe(listener.post([watch(listener, "things/three", 3)], AID=last).content)[0]
    assert present == 1
    back.close()


def chunks(back: requests.Response) -> Iterator[bytes]:
    return back.iter_content(65536)


def test_a_streaming_back_channel_speaks_at_once_and_goes_on(listener: Client) -> None:
    listener.open()
    set_document(listener, "things/one", 1)
    with listener.back(0, streaming=True) as back:
        heard = chunks(back)
        assert b"noop" in next(heard)
        listener.post([watch(listener, "things/one")])
        assert any(b"documentChange" in chunk for chunk in heard)
        set_document(listener, "things/one", 2)
        assert any(b'"integerValue":"2"' in chunk for chunk in heard)


def test_a_new_back_channel_takes_the_place_of_the_old(listener: Client) -> None:
    listener.open()
    with listener.back(0, streaming=True) as old:
        heard = chunks(old)
        next(heard)
        with listener.back(1, streaming=True) as new:
            listener.post([watch(listener, "things/one")])
            assert any(b"CURRENT" in chunk for chunk in chunks(new))
        assert b"CURRENT" not in b"".join(heard)


def test_a_terminated_session_is_unknown(listener: Client) -> None:
    listener.open(watch(listener, "things/one"))
    assert listener.post([], TYPE="terminate").status_code == 200
    answer = listener.back(0)
    assert (answer.status_code, "Unknown SID" in answer.text) == (400, True)


def test_a_session_is_unknown_after_a_restart_and_the_next_one_resumes(listener: Client, cloud: RunningCloud) -> None:
    set_document(listener, "things/one", 1)
    listener.open(watch(listener, "things/one"))
    current = json.dumps(listener.until("CURRENT"))
    token = json.loads(
        current[current.index('"resumeToken": ') + len('"resumeToken": ') :].partition(",")[0].rstrip("}]")
    )
    cloud.kill("firestore")
    answer = listener.back(0)
    assert (answer.status_code, "Unknown SID" in answer.text) == (400, True)
    set_document(listener, "things/one", 2)
    listener.sid, listener.sent = "", 0
    resumed = watch(listener, "things/one")
    resumed["addTarget"]["resumeToken"] = token
    listener.open(resumed)
    heard = json.dumps(listener.until("CURRENT"))
    assert '"integerValue": "2"' in heard
    assert "RESET" not in heard


@pytest.mark.parametrize(
    "message", [{"addTarget": 5}, {"nonsense": 1}, [], {}, {"database": "projects/another/databases/(default)"}]
)
def test_a_malformed_message_ends_the_stream_with_an_error(listener: Client, message: Any) -> None:
    listener.open(message)
    assert '"INVALID_ARGUMENT"' in json.dumps(listener.until("error"))


def test_a_failed_commit_ends_the_write_stream_with_its_error(writer: Client) -> None:
    writer.open({"database": writer.database})
    heard = writer.until("streamToken")
    token = next(payload[0]["streamToken"] for _, payload in heard if payload != ["noop"])
    missing = {"name": f"{writer.database}/documents/things/none", "fields": {}}
    writes = [{"update": missing, "currentDocument": {"exists": True}}]
    writer.post([{"streamToken": token, "writes": writes}])
    assert '"NOT_FOUND"' in json.dumps(writer.until("error", heard[-1][0]))


def test_a_session_without_a_token_is_a_signed_out_user(listener: Client) -> None:
    answer = listener.http.post(
        f"{listener.url}/google.firestore.v1.Firestore/Listen/channel",
        params={"VER": "8", "database": listener.database, "RID": "1", "CVER": "22"},
        data={"count": "1", "ofs": "0", "req0___data__": json.dumps(watch(listener, "things/one"))},
        timeout=10,
    )
    listener.sid = unframe(answer.content)[0][0][1][1]
    heard = json.dumps(listener.until("cause"))
    assert '"code": 7' in heard


def test_a_session_with_a_token_that_has_expired_is_told_so(listener: Client, project: str) -> None:
    claims = {"iss": f"https://securetoken.google.com/{project}", "aud": project, "sub": "u1", "exp": 1}
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in ({"alg": "none"}, claims))
    listener.authorization = f"Bearer {'.'.join(parts)}."
    listener.open(watch(listener, "things/one"))
    assert '"UNAUTHENTICATED"' in json.dumps(listener.until("error"))


def test_malformed_requests_do_no_harm(listener: Client) -> None:
    url = f"{listener.url}/google.firestore.v1.Firestore/Listen/channel"
    for body in (b"count=x", b"count=99999999", b"\xff\xfe=1", b"count=1&ofs=-1", b"&&&"):
        assert requests.post(url, params={"database": listener.database}, data=body, timeout=10).status_code == 400
    assert requests.post(url.replace("Listen", "Frob"), timeout=10).status_code == 404
