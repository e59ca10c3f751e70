"""A name is found wherever it stands in a document, and nowhere else."""

import pytest

from shared.privacy.subject import Subject

ANN = Subject("uAnn1", frozenset({"ann@example.com"}))


@pytest.mark.parametrize(
    ("value", "without"),
    [
        ("uAnn1", "erased"),
        ({"by": "uAnn1", "at": 3}, {"by": "erased", "at": 3}),
        ({"to": ["uAnn1", "bob"]}, {"to": ["bob"]}),
        ({"uAnn1": {"seen": True}}, {"erased": {"seen": True}}),
        ([{"way": {"address": "Ann@Example.com"}}], [{"way": {"address": "erased"}}]),
        ("Acknowledged by uAnn1.", "Acknowledged by erased."),
        ("users/uAnn1/kompositions/k", "users/erased/kompositions/k"),
        ("mailto:ann@example.com, bob@example.com", "mailto:erased, bob@example.com"),
    ],
)
def test_a_name_goes_and_the_rest_stays(value: object, without: object) -> None:
    assert ANN.is_named(value)
    assert ANN.unnamed(value) == without
    assert not ANN.is_named(without)


@pytest.mark.parametrize(
    "value", ["uAnn12", "xuAnn1", "joann@example.com", "ann@example.com.au", 1, None, {"a": [True]}]
)
def test_names_that_are_like_it_are_not_it(value: object) -> None:
    assert not ANN.is_named(value)
    assert ANN.unnamed(value) == value
