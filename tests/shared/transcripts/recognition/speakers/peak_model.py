"""A model in ONNX, written byte by byte: the largest value of every mel band over all frames. No voiceprint, but a real graph."""


def peak_model() -> bytes:
    """(1, frames, 80) -> (1, 80)."""
    axes = _text(1, b"axes") + _number(8, 1) + _number(20, 7)
    keep = _text(1, b"keepdims") + _number(3, 0) + _number(20, 2)
    node = _text(1, b"feats") + _text(2, b"embs") + _text(4, b"ReduceMax") + _text(5, axes) + _text(5, keep)
    graph = (
        _text(1, node)
        + _text(2, b"peak")
        + _text(11, _tensor(b"feats", 1, None, 80))
        + _text(12, _tensor(b"embs", 1, 80))
    )
    return _number(1, 8) + _text(7, graph) + _text(8, _number(2, 13))


def _tensor(name: bytes, *sizes: int | None) -> bytes:
    """A value of 32-bit floats; a size of None is any."""
    shape = b"".join(_text(1, _text(2, b"n") if size is None else _number(1, size)) for size in sizes)
    return _text(1, name) + _text(2, _text(1, _number(1, 1) + _text(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    found = b""
    while value > 127:
        found += bytes([value & 127 | 128])
        value >>= 7
    return found + bytes([value])
