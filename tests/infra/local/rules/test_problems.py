"""What is wrong with a source is said with line, column and a sentence that helps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.rules import InvalidRules, Ruleset
from tests.infra.local.rules.language import rules_with


def problems(text: str) -> str:
    """What is wrong with a source, a problem a line."""
    with pytest.raises(InvalidRules) as caught:
        Ruleset(text)
    return str(caught.value)


def wrong(condition: str) -> str:
    """What is wrong with a condition; it begins in line 5, column 17."""
    return problems(rules_with(f"match /a/{{b}} {{\nallow read: if {condition};\n}}"))


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("", '5:16: ";" cannot stand here: expected a value.'),
        ("true true", '5:21: "true" cannot stand here: expected'),
        ("a = b", '5:18: "=" cannot stand here'),
        ("id = 'x'", 'Write "==" to compare.'),
        ("true; /* not closed", "5:22: A comment begins here that does not end."),
        ("'abc", "5:16: A string begins here that does not end on its line."),
        ("[1, 2", '5:21: ";" cannot stand here: expected "," or "]".'),
        ("resource.", '5:25: ";" cannot stand here: expected a name.'),
        ("/users/", '5:23: ";" cannot stand here: expected "$(" or a path segment.'),
        ("99999999999999999999 > 1", "5:16: 99999999999999999999 does not fit into 64 bits."),
        (r"'\xZZ' == ''", r"5:16: '\xZZ' has an escape sequence that does not exist."),
    ],
)
def test_a_syntax_error_says_where_and_what_was_expected(condition: str, problem: str) -> None:
    assert problem in wrong(condition)


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("requst.auth != null", "5:16: There is no variable requst here. Did you mean request?"),
        ("nosuch(1)", "5:16: There is no function nosuch here."),
        ("exist(/a/b)", "5:16: There is no function exist here. Did you mean exists?"),
        ("exists('a')", "5:23: exists takes path, not string."),
        ("'a'.length() == 1", "5:16: The type string has no method length."),
        ("resource.data.x.lowercase() == ''", "5:16: No type has a method lowercase."),
        ("'a'.lowr() == ''", "5:16: The type string has no method lowr. Did you mean lower?"),
        ("'a'.lower(1) == ''", "5:16: lower takes 0 arguments, not 1."),
        ("resource.data.x.matches()", "5:16: matches takes 1 argument, not 0."),
        ("'a'.matches(1)", "5:28: matches takes string, not int."),
        ("'a'.matches('(')", "Invalid regular expression"),
        ("'a'.matches('a(?!b)')", '"(?!" is not supported'),
        ("math.cube(3) == 27", "5:16: The namespace math has no function cube."),
        ("math.abs('x') == 1", "5:25: abs takes float or int, not string."),
        ("math == 1", "5:16: math is a namespace: write math.abs(…)."),
        ("1", "5:16: A condition must be a bool, not int."),
        ("'a' + 'b'", "A condition must be a bool, not string."),
        ("true && 'yes'", "5:24: && takes bool, not string."),
        ("!1", "5:17: ! takes bool, not int."),
        ("1 + 'a' == 2", "5:16: int + string is not defined."),
        ("'a' > 1", "5:16: string > int is not defined."),
        ("1 in 'abc'", "5:21: in takes list, map or set, not string."),
        ("resource.data is text", '5:16: There is no type "text"; there are bool'),
        ("[1].size > 0", "5:16: .size takes map or path, not list."),
        ("f(1)", "5:16: There is no function f here."),
        ("request.time > 5", "5:16: timestamp > int is not defined."),
        ("request.time + duration.value(1, 'd') < 'tomorrow'", "timestamp < string is not defined."),
        ("request.resource.data.size() > '1'", "int > string is not defined."),
        ("resource.id.year() == 1", "The type string has no method year."),
        ("1 ? true : false", "5:16: ? takes bool, not int."),
    ],
)
def test_names_arities_and_types_are_checked_before_anything_runs(condition: str, problem: str) -> None:
    assert problem in wrong(condition)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("service cloud.firestore { }", "1:1: Begin the file with rules_version = '2'; version 1 is not supported."),
        ("rules_version = '1'; service cloud.firestore { }", "version 1 is not supported"),
        ("rules_version = '2';", "1:1: There is no service cloud.firestore { … } in the file."),
        ("rules_version = '2'; service firebase.storage { }", "1:22: The service firebase.storage is not known"),
        (rules_with("match /a/{b} { allow reed: if true; }"), '4:16: There is no method "reed"; there are read'),
        (rules_with("match a/{b} { allow read; }"), '4:7: "a" cannot stand here: expected a path.'),
        (rules_with("match /{a=**}/{b=**} { }"), "4:1: A match statement can have one recursive wildcard"),
        (rules_with("function f() { return true; } function f() { return true; }"), "declared twice"),
        (rules_with("function get(x) { return true; }"), "get is built in"),
        (rules_with("function f(a, a) { return true; }"), "two parameters of the same name"),
        (rules_with("function f(a) { let a = 1; return a; }"), "4:17: a has a value here already."),
        (rules_with("function f(a) { return a; } match /a/{b} { allow get: if f(); }"), "f takes 1 argument, not 0."),
        (rules_with("function f() { return f(); }"), "The function f calls itself"),
        (rules_with("function f() { return g(); }\nfunction g() { return f(); }"), "5:1: The function g calls itself"),
        ("rules_version = '2';\nservice cloud.firestore {\n  match /a/{b} {", "3:17: The file ends too early"),
        ("", "There is no service"),
    ],
)
def test_the_rest_of_the_file_is_checked_too(text: str, problem: str) -> None:
    assert problem in problems(text)


def test_all_problems_are_told_in_the_order_of_the_source() -> None:
    text = rules_with("match /a/{b} {\nallow get: if nosuch;\nallow reed: if 1;\n}")
    assert [line.partition(": ")[0] for line in problems(text).splitlines()] == ["5:15", "6:1", "6:16"]


def test_comments_are_no_code() -> None:
    Ruleset(rules_with("// match /{ \n /* allow \n * / */ match /a/{b} { allow read; /* all */ } // end"))


SOUND = rules_with("""
match /things/{id} {
  function mine(owner) { let me = request.auth.uid; return me == owner && exists(/databases/$(database)/documents/u/$(me)); }
  allow get, list: if mine(resource.data.owner) || 'x' in resource.data.tags[0:1] ? true : !(1.5 * 2 > -3);
  allow write: if {'a': [1, b'x', null]}.a.size() == 3 && id.matches("[a-z]+") && request.time is timestamp;
}""")


@given(
    st.integers(0, len(SOUND)), st.integers(0, 30), st.text(alphabet="{}()[]/$=*&|!?:;,.'\"a1 \n\\é\x00", max_size=5)
)
@settings(max_examples=300, deadline=None)
def test_whatever_is_done_to_a_source_it_is_valid_or_has_a_position(at: int, length: int, text: str) -> None:
    broken = SOUND[:at] + text + SOUND[at + length :]
    try:
        Ruleset(broken)
    except InvalidRules as invalid:
        lines = broken.count("\n") + 1
        assert all(1 <= problem.position.line <= lines and problem.position.column >= 1 for problem in invalid.problems)
