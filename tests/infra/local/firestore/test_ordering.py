"""The byte encoding sorts as Firestore does: held against a comparison written down type by type."""

from fractions import Fraction
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.vector import Vector
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.firestore.encoding import VECTOR_TYPE, child_id, complement, encode, encode_reference
from infra.local.firestore.messages import Value

RANKS = [
    "null_value",
    "boolean_value",
    "number",
    "timestamp_value",
    "string_value",
    "bytes_value",
    "reference_value",
    "geo_point_value",
    "array_value",
    "vector",
    "map_value",
]


def kind(value: Value) -> str:
    which = str(value.WhichOneof("value_type"))
    if which in ("integer_value", "double_value"):
        return "number"
    fields = value.map_value.fields
    return "vector" if "__type__" in fields and fields["__type__"].string_value == VECTOR_TYPE else which


def sign(less: bool, greater: bool) -> int:
    return greater - less


def compare_numbers(a: float, b: float) -> int:
    if a != a or b != b:
        return sign(a != a and b == b, a == a and b != b)
    infinite = (float("inf"), float("-inf"))
    if a in infinite or b in infinite:
        return sign(float(a) < float(b), float(a) > float(b))
    exact_a, exact_b = Fraction(a), Fraction(b)
    return sign(exact_a < exact_b, exact_a > exact_b)


def number(value: Value) -> float:
    numeric: float = getattr(value, value.WhichOneof("value_type"))
    return numeric


def compare_all(left: list[Any], right: list[Any]) -> int:
    for a, b in zip(left, right, strict=False):
        if result := compare(a, b):
            return result
    return sign(len(left) < len(right), len(left) > len(right))


def compare_plain(a: Any, b: Any) -> int:
    return sign(a < b, a > b)


def compare(a: Value, b: Value) -> int:
    """-1, 0 or 1, by https://firebase.google.com/docs/firestore/manage-data/data-types#value_type_ordering"""
    if kind(a) != kind(b):
        return compare_plain(RANKS.index(kind(a)), RANKS.index(kind(b)))
    match kind(a):
        case "null_value":
            return 0
        case "boolean_value":
            return compare_plain(a.boolean_value, b.boolean_value)
        case "number":
            return compare_numbers(number(a), number(b))
        case "timestamp_value":
            x, y = a.timestamp_value, b.timestamp_value
            return compare_plain((x.seconds, x.nanos), (y.seconds, y.nanos))
        case "string_value":
            return compare_plain(a.string_value.encode(), b.string_value.encode())
        case "bytes_value":
            return compare_plain(a.bytes_value, b.bytes_value)
        case "reference_value":
            return compare_plain(
                [part.encode() for part in a.reference_value.split("/")],
                [part.encode() for part in b.reference_value.split("/")],
            )
        case "geo_point_value":
            x, y = a.geo_point_value, b.geo_point_value
            return compare_numbers(x.latitude, y.latitude) or compare_numbers(x.longitude, y.longitude)
        case "array_value":
            return compare_all(list(a.array_value.values), list(b.array_value.values))
        case "vector":
            left, right = (list(v.map_value.fields["value"].array_value.values) for v in (a, b))
            return compare_plain(len(left), len(right)) or compare_all(left, right)
        case _:
            return compare_maps(a, b)


def compare_maps(a: Value, b: Value) -> int:
    left, right = (sorted(v.map_value.fields.items(), key=lambda item: item[0].encode()) for v in (a, b))
    for (key_a, value_a), (key_b, value_b) in zip(left, right, strict=False):
        if result := compare_plain(key_a.encode(), key_b.encode()) or compare(value_a, value_b):
            return result
    return compare_plain(len(left), len(right))


def make_timestamp(pair: tuple[int, int]) -> Value:
    return Value(timestamp_value={"seconds": pair[0], "nanos": pair[1]})


def make_vector(numbers: list[float]) -> Value:
    value = Value()
    value.map_value.fields["__type__"].string_value = VECTOR_TYPE
    value.map_value.fields["value"].array_value.values.extend(Value(double_value=each) for each in numbers)
    return value


def make_array(values: list[Value]) -> Value:
    value = Value()
    value.array_value.SetInParent()
    value.array_value.values.extend(values)
    return value


def make_map(values: dict[str, Value]) -> Value:
    value = Value()
    value.map_value.SetInParent()
    for key, each in values.items():
        value.map_value.fields[key].CopyFrom(each)
    return value


texts = st.text(alphabet="\x00\x01aé\uffff🎬", max_size=3) | st.text(max_size=3)
near = st.sampled_from([0, 1, -1, 2**53, 2**53 + 1, 2**63 - 1, -(2**63), 2**62 + 1])
integers = near | st.integers(-(2**63), 2**63 - 1)
doubles = st.floats() | integers.map(float) | st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 2.0**63])
scalars = st.one_of(
    st.just(Value(null_value=0)),
    st.booleans().map(lambda each: Value(boolean_value=each)),
    integers.map(lambda each: Value(integer_value=each)),
    doubles.map(lambda each: Value(double_value=each)),
    st.tuples(st.integers(-62135596800, 253402300799), st.integers(0, 999_999_999)).map(make_timestamp),
    texts.map(lambda each: Value(string_value=each)),
    st.binary(max_size=3).map(lambda each: Value(bytes_value=each)),
    st.lists(st.text(alphabet="ab\x01!0", min_size=1, max_size=2), min_size=1, max_size=3).map(
        lambda each: Value(reference_value="/".join(each))
    ),
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)).map(
        lambda each: Value(geo_point_value={"latitude": each[0], "longitude": each[1]})
    ),
    st.lists(doubles, min_size=1, max_size=3).map(make_vector),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(make_array)
        | st.dictionaries(st.text(alphabet="\x00ab!", min_size=1, max_size=2), inner, max_size=3).map(make_map)
    ),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(values, values)
def test_encodings_compare_as_the_values_do(a: Value, b: Value) -> None:
    left, right = encode(a), encode(b)
    assert sign(left < right, left > right) == compare(a, b)
    assert sign(complement(left) > complement(right), complement(left) < complement(right)) == compare(a, b)
    if left != right:
        assert not left.startswith(right)
        assert not right.startswith(left)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="\x00\x01ab", min_size=1, max_size=5))
def test_an_id_can_be_read_off_an_encoded_reference(document_id: str) -> None:
    assert child_id("a/b", encode_reference(f"a/b/{document_id}")) == document_id
    assert child_id("a/b", encode_reference(f"a/b/{document_id}/c/d")) is None
    assert child_id("a/b", encode_reference(f"a/bb/{document_id}")) is None


def named(value: Any) -> str:
    if isinstance(value, firestore.DocumentReference):
        return str(value.path)
    return repr(sorted(value.items()) if isinstance(value, dict) else value)


def test_the_server_sorts_across_all_types(client: firestore.Client) -> None:
    ordered = [
        None,
        False,
        True,
        float("nan"),
        float("-inf"),
        -(2**63),
        -1.5,
        -1,
        0,
        5e-324,
        1,
        1.5,
        2**53,
        2**53 + 1,
        2**63 - 1,
        float("inf"),
        "",
        "a",
        "a\x00",
        "aa",
        "b",
        "é",
        "\uffff",
        "🎬",
        b"",
        b"\x00",
        b"\x01",
        client.document("a/a"),
        client.document("a/a/b/c"),
        client.document("a/b"),
        firestore.GeoPoint(-1.0, 5.0),
        firestore.GeoPoint(1.0, -5.0),
        firestore.GeoPoint(1.0, 5.0),
        [],
        [None],
        [1],
        [1, 2],
        [2],
        Vector([3.0]),
        Vector([1.0, 2.0]),
        Vector([1.0, 3.0]),
        {},
        {"a": 1},
        {"a": 1, "b": 0},
        {"a": 2},
        {"b": 0},
    ]
    batch = client.batch()
    for number_, value in enumerate(reversed(ordered)):
        batch.set(client.document(f"values/{number_:03}"), {"v": value})
    batch.commit()
    for direction, expected in (("ASCENDING", ordered), ("DESCENDING", ordered[::-1])):
        found = [each.get("v") for each in client.collection("values").order_by("v", direction=direction).stream()]
        assert [named(each) for each in found] == [named(each) for each in expected]
