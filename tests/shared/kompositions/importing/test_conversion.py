"""Converted text says the same, keeps what is unknown byte for byte, and converts to itself."""

import json

import pytest

from shared.kompositions.importing import canonical_text, import_all, import_komposition
from tests.shared.kompositions.importing.samples import SAMPLES

ODD_VALUES = [
    *("1.50", "1e3", "1E+05", "-0.0", "0.10", "100000000000000000000000001", "1e400", '"\\u00e9\\/"', '"é"', "null"),
    *("true", '{"b":1, "a" :2.0}', "[1.0,  2,\n 3]", '{"deep": [{"x": 1.50}]}', '"\\ud83d\\ude00"', "[]", "{ }"),
]


def converted(text: str) -> str:
    return canonical_text(import_komposition(text))


@pytest.mark.parametrize("name", SAMPLES)
def test_it_says_the_same_and_converts_to_itself(name: str) -> None:
    imported = import_komposition(json.dumps(SAMPLES[name][1], indent=3))
    text = canonical_text(imported)
    again = import_komposition(text)
    assert (again.variant, again.errors) == ("canonical", ())
    assert again.komposition == imported.komposition
    assert canonical_text(again) == text


@pytest.mark.parametrize("value", ODD_VALUES)
@pytest.mark.parametrize("name", SAMPLES)
def test_unknown_fields_are_written_as_they_stood(name: str, value: str) -> None:
    text = json.dumps(SAMPLES[name][1])
    text = f'{{"zz_unknown": {value}, {text[1:]}'
    once = converted(text)
    assert f'"zz_unknown": {value}' in once
    assert converted(once) == once


def test_they_are_kept_in_the_part_that_had_them_at_any_depth() -> None:
    text = """{"metadata": {"title": "t", "bpm": 120, "score": 0.70},
        "segments": [{"id": "a", "sourceRef": "a.mp4", "startBeat": 0, "endBeat": 4, "mood": 1.00,
                      "params": {"start": 1, "easing": 2.50}, "effects": [{"type": "leica_look", "seen": 3e0}]}],
        "outputSettings": {"fps": 25, "turbo": [1.0]}}"""
    told = json.loads(converted(text), parse_float=str)
    assert told["extra"] == {"metadata": {"score": "0.70"}, "outputSettings": {"turbo": ["1.0"]}}
    (segment,) = told["tracks"]["video"][0]["segments"]
    assert segment["extra"] == {"mood": "1.00", "params": {"easing": "2.50"}}
    assert segment["effects"] == [{"extra": {"seen": "3e0"}, "type": "leica_look"}]


def test_effects_that_are_not_run_are_kept_as_they_stood() -> None:
    text = """{"metadata": {"title": "t", "bpm": 120}, "segments": [{"id": "a", "sourceRef": "a.mp4", "startBeat": 0,
        "endBeat": 4, "effects": [{"type":"time_tunnel",  "speed": 1.20}]}]}"""
    assert '{"type":"time_tunnel",  "speed": 1.20}' in converted(text)


def test_of_several_documents_each_keeps_its_own() -> None:
    one = json.dumps(SAMPLES["stored"][1])
    texts = [f'{{"zz": {value}, {one[1:]}' for value in ("1.50", "2.500")]
    for joined in ("\n".join(texts), f"[{','.join(texts)}]"):
        first, second = import_all(joined)
        assert '"zz": 1.50,' in canonical_text(first)
        assert '"zz": 2.500,' in canonical_text(second)


def test_a_document_with_errors_has_no_text() -> None:
    with pytest.raises(ValueError, match="errors"):
        canonical_text(import_komposition("{}"))
