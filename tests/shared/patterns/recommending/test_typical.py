"""Typical parameters are those that people agree on."""

from typing import Any

from shared.patterns.recommending.typical import typical_parameters

FIVE = "u v w x y"


def uses(parameters: str, runs: int, users: str = FIVE) -> dict[str, Any]:
    return {"operation": "resize", "parameters": parameters, "salt_version": "1", "runs": runs, "users": users}


def test_the_most_frequent_value_of_each_parameter_is_typical() -> None:
    rows = [uses('{"width":1080,"fit":"cover"}', 40), uses('{"width":720,"fit":"cover"}', 30), uses('{"width":640}', 5)]
    assert typical_parameters(rows) == {"resize": {"width": 1080, "fit": "cover"}}


def test_what_four_people_chose_is_nobodys_business() -> None:
    assert typical_parameters([uses('{"width":1080}', 400, "u v w x")]) == {}


def test_people_who_chose_it_with_other_parameters_count_too() -> None:
    rows = [uses('{"crf":23,"fps":25}', 3, "u v w"), uses('{"crf":23,"fps":30}', 3, "x y z")]
    assert typical_parameters(rows) == {"resize": {"crf": 23}}


def test_where_everybody_chooses_something_else_nothing_is_typical() -> None:
    assert typical_parameters([uses(f'{{"width":{width}}}', 10) for width in range(10)]) == {}
