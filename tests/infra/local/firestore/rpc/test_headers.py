"""Header blocks as other implementations write them."""

import pytest
from hpack import Decoder, Encoder
from hypothesis import given
from hypothesis import strategies as st

from infra.local.firestore.rpc.frames import ProtocolError, Reason
from infra.local.firestore.rpc.headers import HeadReader, trailers

REQUEST = [(":method", "POST"), (":path", "/a/B"), ("content-type", "application/grpc")]
VALUES = st.text(st.characters(codec="ascii", min_codepoint=0x20, max_codepoint=0x7E), max_size=40)


@given(
    st.lists(
        st.tuples(st.sampled_from(["one", "two", "three"]), st.booleans(), st.sampled_from([None, 0, 60, 4096])),
        max_size=30,
    )
)
def test_a_block_means_what_it_means_where_it_stands(requests: list[tuple[str, bool, int | None]]) -> None:
    """The same bytes say something else once the table that they point into has moved on."""
    encoder, reader = Encoder(), HeadReader()
    for token, indexed, table in requests:
        if table is not None:
            encoder.header_table_size = table
        headers = [(name, value, False) for name, value in REQUEST] + [("authorization", token, not indexed)]
        head = reader.read(encoder.encode(headers))
        assert (head.path, head.authorization, head.is_grpc) == ("/a/B", token, True)


@given(st.integers(0, 16), VALUES | st.text(max_size=300))
def test_a_status_is_read_as_it_was_written(code: int, message: str) -> None:
    decoder = Decoder()
    headers = dict(decoder.decode(trailers(code, message)))
    assert headers["grpc-status"] == str(code)
    assert headers.get("grpc-message", "").isascii()
    assert not decoder.header_table.dynamic_entries


@pytest.mark.parametrize("block", [b"\xff\xff\xff\xff\xff", b"\xfe", b"\x40", b"\x00\x7f", b"\x3f\xe1\x7f"])
def test_a_damaged_block_ends_the_connection(block: bytes) -> None:
    with pytest.raises(ProtocolError) as broken:
        HeadReader().read(block)
    assert broken.value.reason == Reason.COMPRESSION_ERROR
