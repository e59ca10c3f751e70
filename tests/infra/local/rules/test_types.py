"""Every type with its operators and methods, and the namespaces: each line is true."""

import math

import pytest

from infra.local.rules import EvaluationError
from infra.local.rules.values import Duration, LatLng, Path, RuleSet, Timestamp
from tests.infra.local.rules.language import evaluate

DATA = {
    "n": 3,
    "x": 2.5,
    "nan": math.nan,
    "inf": math.inf,
    "s": "Hello",
    "b": b"\x00\xff",
    "t": Timestamp(1_709_210_096_789_012_345),  # 2024-02-29T12:34:56.789012345Z
    "place": LatLng(52.5, 13.4),
    "list": [1, "two", 3.0, None],
    "map": {"a": 1, "b": {"c": [1, 2]}},
    "ref": Path(("databases", "(default)", "documents", "users", "me")),
    "nothing": None,
    "yes": True,
}

TRUE = {
    "Boolean": """
        true != false
        !false
        resource.data.yes is bool
        !(1 == true)
        true || false && false
        bool('true') && !bool("false")
    """,
    "Integer and Float": """
        1 + 2 * 3 == 7
        (1 + 2) * 3 == 9
        7 / 2 == 3
        -7 / 2 == -3
        7 % 3 == 1
        -7 % 3 == -1
        7.0 / 2 == 3.5
        1 == 1.0
        [1] == [1.0]
        1 is int && 1 is number && !(1 is float)
        1.5 is float && 1.5 is number && !(1.5 is int)
        2 > 1.5 && 1 <= 1 && 1 >= 1.0 && -1 < 0
        1.5e3 == 1500
        int('42') == 42 && int(2.9) == 2 && int('-7') == -7
        float('2.5') == 2.5 && float(2) is float && float('-1e3') == -1000
        string(42) == '42' && string(true) == 'true' && string(null) == 'null'
        1 / 0.0 == resource.data.inf
        resource.data.nan != resource.data.nan
        9223372036854775807 > 0
    """,
    "String": r"""
        'abc' + "def" == 'abcdef'
        'abc' < 'abd'
        'abc'[1] == 'b'
        'abcdef'[1:3] == 'bc'
        'abc'.size() == 3
        'äöü'.size() == 3
        resource.data.s.lower() == 'hello' && resource.data.s.upper() == 'HELLO'
        '  a b '.trim() == 'a b'
        'é'.toUtf8().size() == 2
        'it\'s' == "it's"
        'a\nb'.size() == 3 && '\u00e9' == 'é'
        'abc'.matches('[a-c]+')
        !'abcd'.matches('[a-c]+')
        'user@example.org'.matches('.*@example[.]org')
        'abc\n'.matches('abc$') == false
        '٣'.matches('\\d') == false
        'x1'.matches('[[:alpha:]][[:digit:]]')
        'HeLLo'.matches('(?i)hello')
        'a1b22'.replace('[0-9]+', '#') == 'a#b#'
        'aa'.replace('a', '\\1') == '\\1\\1'
        'a, b,c'.split(', *') == ['a', 'b', 'c']
        'abc'.split('') == ['a', 'b', 'c']
        resource.data.s is string && !(1 is string)
    """,
    "Bytes": r"""
        b'ab' is bytes
        b'\x00\xff' == resource.data.b
        resource.data.b.size() == 2
        resource.data.b.toHexString() == '00FF'
        b'hi'.toBase64() == 'aGk=' && b'\xfb\xef\xbe'.toBase64() == '----'
        b'*' == b'\x2A' && b'*' == b'\052'
        b'€'.size() == 3 && b'€' == b'\342\202\254' && b'€' == '€'.toUtf8()
        b'€'.toHexString() == 'E282AC'
        b'a' < b'b'
    """,
    "List": """
        resource.data.list[1] == 'two'
        [1, 2, 3, 4][1:3] == [2, 3]
        'two' in resource.data.list && !('four' in resource.data.list)
        3 in resource.data.list && null in resource.data.list
        [1, 2] != [2, 1]
        [1].concat([2]) == [1, 2] && [1] + [2] == [1, 2]
        [1, 2, 3].hasAll([1, 3]) && ![1].hasAll([1, 2])
        [1, 2].hasAny([2, 9]) && ![1].hasAny([2])
        [1, 1].hasOnly([1, 2]) && ![1, 3].hasOnly([1, 2])
        ['a', 'b'].join('-') == 'a-b' && [].join(',') == ''
        [1, 2, 1, 3].removeAll([1]) == [2, 3]
        [].size() == 0 && resource.data.list.size() == 4
        [1, 1, 2].toSet().size() == 2
        [1] is list && !([1] is set)
    """,
    "Map": """
        {'a': 1, 'b': 2} == {'b': 2, 'a': 1}
        {'a': 1}.a == 1 && {'a': 1}['a'] == 1
        'a' in resource.data.map && !('z' in resource.data.map)
        resource.data.map.get('a', 0) == 1 && resource.data.map.get('z', 0) == 0
        resource.data.map.get(['b', 'c'], 0) == [1, 2] && resource.data.map.get(['b', 'z'], 0) == 0
        resource.data.map.b.c[1] == 2
        resource.data.map.keys() == ['b', 'a'].toSet()
        resource.data.map.keys().hasOnly(['a', 'b', 'c'])
        {'x': 5}.values() == [5]
        {}.size() == 0 && resource.data.map.size() == 2
        {} is map
    """,
    "MapDiff": """
        {'a': 1, 'b': 2}.diff({'b': 3, 'c': 4}).addedKeys() == ['a'].toSet()
        {'a': 1, 'b': 2}.diff({'b': 3, 'c': 4}).removedKeys() == ['c'].toSet()
        {'a': 1, 'b': 2}.diff({'b': 3, 'c': 4}).changedKeys() == ['b'].toSet()
        {'a': 1, 'b': 2}.diff({'b': 3, 'c': 4}).affectedKeys() == ['a', 'b', 'c'].toSet()
        {'a': 1, 'b': 2}.diff({'a': 1, 'b': 3}).unchangedKeys() == ['a'].toSet()
        {'a': {'b': [1]}}.diff({'a': {'b': [1]}}).affectedKeys().size() == 0
    """,
    "Set": """
        [1, 2].toSet() == [2, 1, 1].toSet()
        1 in [1].toSet()
        [1, 2].toSet().difference([2].toSet()) == [1].toSet()
        [1, 2].toSet().intersection([2, 3].toSet()) == [2].toSet()
        [1].toSet().union([2].toSet()) == [1, 2].toSet()
        [1, 2].toSet().hasAll([1]) && [1].toSet().hasAny([1, 2]) && [1].toSet().hasOnly([1, 2])
        [[1], [1]].toSet().size() == 1
        [1].toSet() is set
    """,
    "Path": """
        /databases/$(database)/documents/users/$(request.auth.uid) == resource.data.ref
        path('users/me') == /users/me
        /a/b[1] == 'b'
        /users/me is path
        (/users/$(who)/x).bind({'who': 'me'}) == /users/me/x
        /a/$(path('b/c'))/d == /a/b/c/d
        /n/$(1 + 1) == /n/2
        resource.__name__ == /databases/(default)/documents/things/one
        request.path == resource.__name__
        string(/a/b) == '/a/b'
    """,
    "Timestamp": """
        resource.data.t.year() == 2024 && resource.data.t.month() == 2 && resource.data.t.day() == 29
        resource.data.t.hours() == 12 && resource.data.t.minutes() == 34 && resource.data.t.seconds() == 56
        resource.data.t.nanos() == 789012345
        resource.data.t.dayOfWeek() == 4 && resource.data.t.dayOfYear() == 60
        resource.data.t.toMillis() == 1709210096789
        resource.data.t.date() == timestamp.date(2024, 2, 29)
        resource.data.t.time() == duration.time(12, 34, 56, 789012345)
        timestamp.value(0) == timestamp.date(1970, 1, 1)
        timestamp.value(1000) - timestamp.value(0) == duration.value(1, 's')
        timestamp.value(0) + duration.value(1, 'd') == timestamp.date(1970, 1, 2)
        timestamp.value(1000) - duration.value(1, 's') == timestamp.value(0)
        timestamp.value(-1) < timestamp.value(0)
        request.time > resource.data.t && request.time is timestamp
    """,
    "Duration": """
        duration.value(1, 'w') == duration.value(7, 'd')
        duration.value(1, 'h') == duration.value(60, 'm')
        duration.value(1500, 'ms').seconds() == 1 && duration.value(1500, 'ms').nanos() == 500000000
        duration.value(5, 'ns').nanos() == 5
        duration.value(-1500, 'ms').seconds() == -1 && duration.value(-1500, 'ms').nanos() == -500000000
        duration.time(1000000, 0, 0, 1).nanos() == 1
        duration.abs(duration.value(-10, 's')) == duration.value(10, 's')
        duration.value(1, 's') + duration.value(1, 's') == duration.value(2, 's')
        duration.value(1, 's') - duration.value(2, 's') == -duration.value(1, 's')
        duration.value(1, 's') < duration.value(1, 'm')
        duration.value(1, 's') is duration
    """,
    "LatLng": """
        resource.data.place.latitude() == 52.5 && resource.data.place.longitude() == 13.4
        latlng.value(52.5, 13.4) == resource.data.place
        latlng.value(0, 0).distance(latlng.value(0, 1)) > 111000
        latlng.value(0, 0).distance(latlng.value(0, 1)) < 111400
        resource.data.place is latlng
    """,
    "math": """
        math.abs(-3) == 3 && math.abs(-2.5) == 2.5
        math.ceil(2.1) == 3 && math.floor(2.7) == 2 && math.floor(-2.1) == -3
        math.round(2.5) == 3 && math.round(2.4) == 2 && math.round(2) == 2
        math.pow(2, 2) == 4 && math.pow(4, 0.5) == 2
        math.sqrt(2.25) == 1.5
        math.isNaN(resource.data.nan) && !math.isNaN(1)
        math.isInfinite(resource.data.inf) && !math.isInfinite(1)
        math.isNaN(math.sqrt(-1))
    """,
    "hashing": """
        hashing.sha256('').toHexString() == 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855'
        hashing.md5(b'').toHexString() == 'D41D8CD98F00B204E9800998ECF8427E'
        hashing.crc32('123456789').size() == 4
        hashing.crc32c('123456789').toHexString() == '839206E3'
    """,
    "null, ternary and the rest": """
        resource.data.nothing == null && resource.data.s != null
        (1 < 2 ? 'a' : 'b') == 'a'
        (false ? 1 : true ? 2 : 3) == 2
        1 + (2 in [2] ? 1 : 0) == 2
        resource.id == 'one' && id == 'one' && database == '(default)'
        request.method == 'get' && request.auth.uid == 'me' && request.auth.token.role == 'admin'
        debug(1) + debug(2) == 3
    """,
}

ERRORS = {
    "1 / 0": "Division by zero",
    "1 % 0": "Division by zero",
    "9223372036854775807 + 1": "Integer overflow",
    "-(-9223372036854775807 - 1)": "Integer overflow",
    "int('x')": "no integer",
    "int('4_2')": "no integer",
    "int(' 42')": "no integer",
    "int('٣')": "no integer",
    "int('9223372036854775808')": "overflow",
    "int(resource.data.inf)": "overflow",
    "float('nan')": "no number",
    "float('1,5')": "no number",
    "resource.data.s + resource.data.n": r"string \+ int is not defined",
    "resource.data.s > resource.data.n": "string > int is not defined",
    "resource.data.missing": "Property missing is undefined on object",
    "resource.data.nothing.x": "Null value error",
    "resource.data.nothing.size()": "Null value error",
    "resource.data.n.size()": "The type int has no method size",
    "resource.data.s.x": "no property x",
    "resource.data.list[9]": "out of bounds",
    "resource.data.list[-1]": "out of bounds",
    "'abc'[2:9]": "out of bounds",
    "resource.data.n in resource.data.s": '"in" needs a list, map or set',
    "resource.data.list.join(',')": "list of strings",
    "resource.data.s.split(resource.data.n)": "split takes string, not int",
    "timestamp.date(2023, 2, 29)": "no day 2023-2-29",
    "duration.value(1, resource.data.s)": "no unit",
    "latlng.value(91, 0)": "no place",
    "resource.data.s.matches('a' + '(?=b)')": "not supported",
    "resource.data.s.matches('(' + 'a')": "Invalid regular expression",
    "get(/users/$(resource.data.map))": "cannot be a path segment",
}


@pytest.mark.parametrize("kind", TRUE)
def test_values_do_what_the_reference_says(kind: str) -> None:
    lines = [line.strip() for line in TRUE[kind].splitlines() if line.strip()]
    assert [line for line in lines if evaluate(f"({line})", DATA) is not True] == []


@pytest.mark.parametrize("expression", ERRORS)
def test_what_has_no_value_is_an_error_that_says_why(expression: str) -> None:
    with pytest.raises(EvaluationError, match=ERRORS[expression]):
        evaluate(expression, DATA)


def test_values_that_are_made_keep_their_types() -> None:
    assert evaluate("[1, 2].toSet()") == RuleSet((1, 2))
    assert evaluate("duration.value(2, 's')") == Duration(2_000_000_000)
    assert evaluate("math.round(2.5)") == 3
    assert type(evaluate("math.pow(2, 2)")) is float
