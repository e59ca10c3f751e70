"""A workbook holds real numbers and dates, frozen headers, and charts that Excel draws itself."""

import io
import tracemalloc
from datetime import datetime

import openpyxl
import pytest

from shared.exports import Annotation, Chart, Column, Document, Kind, Series, Shape, Table, write_xlsx
from tests.shared.exports.samples import chart, table


def opened(*blocks: Table | Chart) -> openpyxl.Workbook:
    held = io.BytesIO()
    write_xlsx(Document("Weekly report", "a week", blocks), held)
    return openpyxl.load_workbook(held)


def test_numbers_and_times_are_no_text_and_have_a_format() -> None:
    sheet = opened(table(3))["Operations"]
    assert [cell.value for cell in sheet[1]] == [
        "Operation",
        "Last seen (Europe/Berlin)",
        "Runs",
        "Success rate",
        "Cost",
    ]
    assert [cell.value for cell in sheet[3]] == [
        "operation-1",
        datetime(2026, 11, 3, 0, 30),
        1,
        pytest.approx(1 / 3),
        0.25,
    ]
    assert [cell.number_format for cell in sheet[3]] == [
        "General",
        "yyyy-mm-dd hh:mm:ss",
        "#,##0",
        "0.00%",
        "[$$-409]#,##0.00",
    ]


def test_the_header_stays_in_sight_and_columns_are_wide_enough() -> None:
    sheet = opened(table(3))["Operations"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E4"
    assert sheet.column_dimensions["A"].width > len("operation-2")


def test_text_is_never_a_formula() -> None:
    sheet = opened(Table("t", (Column("x", "X"),), [["=1+1"], ["http://a.example"]]))["t"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == "=1+1"
    assert sheet["A3"].hyperlink is None


def test_what_is_not_there_is_an_empty_cell() -> None:
    sheet = opened(Table("t", (Column("x", "X", Kind.NUMBER), Column("y", "Y")), [[None, "a"], [float("nan"), "b"]]))[
        "t"
    ]
    assert sheet["A2"].value is None
    assert sheet["A3"].value is None


def test_sheets_have_names_that_excel_takes() -> None:
    columns = (Column("x", "X"),)
    titles = ["a/b:c", "A b c", "x" * 40, "x" * 50]
    names = opened(*(Table(title, columns, [["1"]]) for title in titles)).sheetnames
    assert names == ["Weekly report", "a b c", "A b c 2", "x" * 31, "x" * 29 + " 2"]


def test_charts_are_drawn_from_numbers_in_the_workbook_with_their_target() -> None:
    bars = Chart("Runs", Kind.COUNT, ["mcp", "api"], (Series("now", [4, 9]),), shape=Shape.BAR)
    book = opened(chart(0.9, None, 0.8, target=0.995), bars)
    assert len(book["Charts"]._charts) == 2
    data = [[cell.value for cell in row] for row in book["Chart data"].iter_rows()]
    assert data[1][1:] == ["now", "target"]
    assert [row[1:] for row in data[2:5]] == [[0.9, 0.995], [None, 0.995], [0.8, 0.995]]
    assert [row[:2] for row in data[-2:]] == [["mcp", 4], ["api", 9]]
    line = book["Charts"]._charts[0]
    assert [series.val.numRef.f for series in line.series] == ["'Chart data'!$B$3:$B$5", "'Chart data'!$C$3:$C$5"]


def test_ten_times_the_rows_take_about_the_same_memory() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            write_xlsx(Document("d", "", (table(count),)), io.BytesIO())
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)  # What is imported the first time is not counted.
    assert peak(10_000) < 2 * peak(1_000) + 1_000_000


def test_what_happened_is_a_marker_on_the_charts_of_the_workbook() -> None:
    plain = chart(0.9, 0.7, 0.8)
    marked = Chart(plain.title, plain.kind, plain.x, plain.series, annotations=(Annotation(plain.x[1], "alert: a"),))
    book = opened(marked)
    numbers = [[cell.value for cell in row] for row in book["Chart data"].iter_rows()]
    place = numbers[1].index("alert: a")
    assert [row[place] for row in numbers[2:]] == [None, 0.9, None]
