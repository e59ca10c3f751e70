"""CSV and JSON come as they are read, hold every value, and are safe to open."""

import csv
import io
import itertools
import json
import math
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.exports import Cell, Column, InvalidTable, Kind, Table, csv_chunks, json_chunks
from tests.shared.exports.samples import COLUMNS, START, table

TEXT = Column("text", "Text")


def parsed(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(csv_chunks(table)).decode(), newline="")))


def test_csv_has_names_iso_times_and_unrounded_numbers() -> None:
    third = 1 / 3
    text = b"".join(csv_chunks(Table("t", COLUMNS, [("trim", START, 7, third, None)]))).decode()
    assert text == f"operation,last,runs,rate,cost\r\ntrim,2026-11-02T22:30:00+00:00,7,{third!r},\r\n"


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20), max_size=20))
def test_text_comes_back_from_csv_as_it_was_or_with_an_apostrophe_before_it(texts: list[str]) -> None:
    for text, (back,) in zip(texts, parsed(Table("t", (TEXT,), [[text] for text in texts]))[1:] or [], strict=False):
        assert back in (text, f"'{text}")


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-2+3", "@x", "\t=1", "\r=1", "\n=1", "＝1"])
def test_text_that_a_spreadsheet_would_run_is_made_text(text: str) -> None:
    assert parsed(Table("t", (TEXT,), [[text]]))[1] == [f"'{text}"]


def test_a_negative_number_is_no_formula() -> None:
    assert parsed(Table("t", (Column("n", "N", Kind.NUMBER),), [[-2.5]]))[1] == ["-2.5"]


def test_json_is_one_object_with_columns_and_rows() -> None:
    document = json.loads(b"".join(json_chunks(table(2))))
    assert document["title"] == "Operations"
    assert document["columns"][3] == {"name": "rate", "title": "Success rate", "kind": "ratio"}
    assert document["rows"][1] == {
        "operation": "operation-1",
        "last": "2026-11-02T23:30:00+00:00",
        "runs": 1,
        "rate": 0.5,
        "cost": 0.25,
    }


def test_json_of_no_rows_is_json() -> None:
    assert json.loads(b"".join(json_chunks(table(0))))["rows"] == []


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_empty(value: float) -> None:
    numbers = Table("t", (Column("n", "N", Kind.NUMBER), TEXT), [[value, "x"]])
    assert json.loads(b"".join(json_chunks(numbers)))["rows"] == [{"n": None, "text": "x"}]
    assert parsed(numbers)[1] == ["", "x"]


@pytest.mark.parametrize("chunks", [csv_chunks, json_chunks])
def test_an_endless_table_is_written_as_it_comes(chunks: Callable[[Table], Iterator[bytes]]) -> None:
    endless: Iterator[list[Cell]] = ([f"row {number}"] for number in itertools.count())
    written = list(itertools.islice(chunks(Table("t", (TEXT,), endless)), 3))
    assert all(50_000 < len(chunk) < 100_000 for chunk in written)


def test_a_row_of_another_length_is_refused_by_its_number() -> None:
    with pytest.raises(InvalidTable, match="Row 2 of 't' has 2 cells for 1 columns"):
        list(csv_chunks(Table("t", (TEXT,), [["a"], ["b", "c"]])))
