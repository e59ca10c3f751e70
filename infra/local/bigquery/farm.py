"""FARM_FINGERPRINT: FarmHash's Fingerprint64, as published by Google, of a string's UTF-8."""

import contextlib
import struct

from infra.local.bigquery.engine import Engine

_MASK = (1 << 64) - 1
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F


def register_farm_fingerprint(engine: Engine) -> None:
    """Make it callable from SQL where DuckDB can call Python (it needs numpy for that)."""
    with contextlib.suppress(ImportError):
        engine.register("bq_farm_fingerprint", lambda text: fingerprint(text.encode()))


def fingerprint(data: bytes) -> int:
    """Fingerprint64 as a signed 64-bit number."""
    size = len(data)
    if size <= 16:
        value = _up_to_16(data)
    elif size <= 32:
        value = _up_to_32(data)
    elif size <= 64:
        value = _up_to_64(data)
    else:
        value = _longer(data)
    return value - (1 << 64) if value >> 63 else value


def _fetch(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<Q", data, at)[0])


def _fetch32(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])


def _rotate(value: int, by: int) -> int:
    value &= _MASK
    return ((value >> by) | (value << (64 - by))) & _MASK if by else value


def _shift_mix(value: int) -> int:
    value &= _MASK
    return value ^ (value >> 47)


def _mix(u: int, v: int, mul: int) -> int:
    a = ((u ^ v) * mul) & _MASK
    a ^= a >> 47
    b = ((v ^ a) * mul) & _MASK
    b ^= b >> 47
    return (b * mul) & _MASK


def _up_to_16(s: bytes) -> int:
    size = len(s)
    if size >= 8:
        mul = _K2 + size * 2
        a, b = (_fetch(s, 0) + _K2) & _MASK, _fetch(s, size - 8)
        c, d = (_rotate(b, 37) * mul + a) & _MASK, ((_rotate(a, 25) + b) * mul) & _MASK
        return _mix(c, d, mul)
    if size >= 4:
        return _mix((size + (_fetch32(s, 0) << 3)) & _MASK, _fetch32(s, size - 4), _K2 + size * 2)
    if size > 0:
        y, z = s[0] + (s[size >> 1] << 8), size + (s[-1] << 2)
        return (_shift_mix((y * _K2) ^ (z * _K0)) * _K2) & _MASK
    return _K2


def _up_to_32(s: bytes) -> int:
    size = len(s)
    mul = _K2 + size * 2
    a, b = (_fetch(s, 0) * _K1) & _MASK, _fetch(s, 8)
    c, d = (_fetch(s, size - 8) * mul) & _MASK, (_fetch(s, size - 16) * _K2) & _MASK
    return _mix((_rotate(a + b, 43) + _rotate(c, 30) + d) & _MASK, (a + _rotate(b + _K2, 18) + c) & _MASK, mul)


def _up_to_64(s: bytes) -> int:
    size = len(s)
    mul = _K2 + size * 2
    a, b = (_fetch(s, 0) * _K2) & _MASK, _fetch(s, 8)
    c, d = (_fetch(s, size - 8) * mul) & _MASK, (_fetch(s, size - 16) * _K2) & _MASK
    y = (_rotate(a + b, 43) + _rotate(c, 30) + d) & _MASK
    z = _mix(y, (a + _rotate(b + _K2, 18) + c) & _MASK, mul)
    e, f = (_fetch(s, 16) * mul) & _MASK, _fetch(s, 24)
    g, h = ((y + _fetch(s, size - 32)) * mul) & _MASK, ((z + _fetch(s, size - 24)) * mul) & _MASK
    return _mix((_rotate(e + f, 43) + _rotate(g, 30) + h) & _MASK, (e + _rotate(f + a, 18) + g) & _MASK, mul)


def _weak(s: bytes, at: int, a: int, b: int) -> tuple[int, int]:
    w, x, y, z = (_fetch(s, at + 8 * i) for i in range(4))
    a = (a + w) & _MASK
    b = _rotate(b + a + z, 21)
    c = a
    a = (a + x + y) & _MASK
    b = (b + _rotate(a, 44)) & _MASK
    return (a + z) & _MASK, (b + c) & _MASK


def _longer(s: bytes) -> int:
    x, y = 81, (81 * _K1 + 113) & _MASK
    z = (_shift_mix((y * _K2 + 113) & _MASK) * _K2) & _MASK
    v, w = (0, 0), (0, 0)
    x = (x * _K2 + _fetch(s, 0)) & _MASK
    end = ((len(s) - 1) // 64) * 64
    for at in range(0, end, 64):
        x = (_rotate(x + y + v[0] + _fetch(s, at + 8), 37) * _K1) & _MASK
        y = (_rotate(y + v[1] + _fetch(s, at + 48), 42) * _K1) & _MASK
        x ^= w[1]
        y = (y + v[0] + _fetch(s, at + 40)) & _MASK
        z = (_rotate(z + w[0], 33) * _K1) & _MASK
        v = _weak(s, at, (v[1] * _K1) & _MASK, (x + w[0]) & _MASK)
        w = _weak(s, at + 32, (z + w[1]) & _MASK, (y + _fetch(s, at + 16)) & _MASK)
        z, x = x, z
    mul = (_K1 + ((z & 0xFF) << 1)) & _MASK
    last = len(s) - 64
    w = ((w[0] + ((len(s) - 1) & 63)) & _MASK, w[1])
    v = ((v[0] + w[0]) & _MASK, v[1])
    w = ((w[0] + v[0]) & _MASK, w[1])
    x = (_rotate(x + y + v[0] + _fetch(s, last + 8), 37) * mul) & _MASK
    y = (_rotate(y + v[1] + _fetch(s, last + 48), 42) * mul) & _MASK
    x ^= (w[1] * 9) & _MASK
    y = (y + v[0] * 9 + _fetch(s, last + 40)) & _MASK
    z = (_rotate(z + w[0], 33) * mul) & _MASK
    v = _weak(s, last, (v[1] * mul) & _MASK, (x + w[0]) & _MASK)
    w = _weak(s, last + 32, (z + w[1]) & _MASK, (y + _fetch(s, last + 16)) & _MASK)
    z, x = x, z
    first = (_mix(v[0], w[0], mul) + (_shift_mix(y) * _K0) + z) & _MASK
    return _mix(first, (_mix(v[1], w[1], mul) + x) & _MASK, mul)
