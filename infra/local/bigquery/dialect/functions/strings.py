"""Strings, bytes and hashes."""

import importlib.util
import re

from sqlglot import exp

from infra.local.bigquery.dialect.functions.registry import call, cast, literal_text, raw, same, translates, unsupported

same(
    exp.Ascii,
    exp.Chr,
    exp.Concat,
    exp.Contains,
    exp.EndsWith,
    exp.FromBase64,
    exp.Left,
    exp.Length,
    exp.Levenshtein,
    exp.Lower,
    exp.LowerHex,
    exp.MD5Digest,
    exp.RegexpLike,
    exp.RegexpReplace,
    exp.Repeat,
    exp.Replace,
    exp.Reverse,
    exp.Right,
    exp.SHA1Digest,
    exp.Split,
    exp.StartsWith,
    exp.ToBase64,
    exp.Translate,
    exp.Unhex,
    exp.Unicode,
    exp.Upper,
    exp.Uuid,
)

# Every White_Space character of Unicode: TRIM without a second argument takes them all, DuckDB's only blanks.
_BLANKS = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_SIDES = {"LEADING": "ltrim", "TRAILING": "rtrim"}


_WORD_BORDERS = ' \t\n\r\f\v[](){}/|\\<>!?@"^#$&~_,.:;*%+-'


@translates(exp.Initcap)
def initcap(node: exp.Initcap) -> exp.Expr:
    """The first letter of each word in upper case, the others in lower case."""
    given = node.args.get("expression")
    # sqlglot writes the default out, escaped for a pattern.
    borders = literal_text(given, "INITCAP")
    if "\\[" in borders:
        borders = _WORD_BORDERS
    if not borders or any(border.isalpha() for border in borders):
        raise unsupported("INITCAP without delimiters, or with letters as delimiters,")
    escaped = re.sub(r"([\\\]\[^-])", r"\\\1", borders)
    return call("bq_initcap", node.this, f"[^{escaped}]+|[{escaped}]")


@translates(exp.Normalize)
def normalize(node: exp.Normalize) -> exp.Expr:
    """NFC."""
    if node.args.get("form") and node.text("form").upper() != "NFC":
        raise unsupported(f"NORMALIZE to {node.text('form')}")
    return call("nfc_normalize", node.this)


@translates(exp.ToCodePoints)
def to_code_points(node: exp.Expr) -> exp.Expr:
    """Of STRING."""
    return call("bq_code_points", node.this)


@translates(exp.CodePointsToString)
def code_points_to_string(node: exp.Expr) -> exp.Expr:
    """NULL with a NULL among them."""
    return call("bq_code_points_text", node.this)


@translates(exp.Trim)
def trim(node: exp.Trim) -> exp.Expr:
    """TRIM, LTRIM and RTRIM."""
    name = _SIDES.get(str(node.args.get("position") or "").upper(), "trim")
    return call(name, node.this, node.args.get("expression") or _BLANKS)


@translates(exp.Substring)
def substr(node: exp.Substring) -> exp.Expr:
    """Position 0 is the first character, as is one before the start."""
    size = node.args.get("length")
    return call("bq_substr", node.this, node.args["start"], *([size] if size else []))


@translates(exp.Pad)
def pad(node: exp.Pad) -> exp.Expr:
    """LPAD and RPAD."""
    name = "lpad" if node.args.get("is_left") else "rpad"
    return call(name, node.this, cast(node.expression, "INTEGER"), node.args.get("fill_pattern") or " ")


@translates(exp.StrPosition)
def strpos(node: exp.StrPosition) -> exp.Expr:
    """STRPOS, and INSTR with two arguments."""
    if node.args.get("position") or node.args.get("occurrence"):
        raise unsupported("INSTR with a position or occurrence")
    return call("strpos", node.this, node.args["substr"])


@translates(exp.ByteLength)
def byte_length(node: exp.ByteLength) -> exp.Expr:
    """Of STRING in UTF-8, or BYTES."""
    return call("bq_byte_length", node.this)


@translates(exp.SHA2Digest)
def sha2(node: exp.SHA2Digest) -> exp.Expr:
    """SHA256."""
    if literal_text(node.args.get("length"), "SHA") != "256":
        raise unsupported("SHA512")
    return call("unhex", call("sha256", node.this))


@translates(exp.RegexpExtract)
def regexp_extract(node: exp.RegexpExtract) -> exp.Expr:
    """The first match, or its only group; NULL without one."""
    if node.args.get("position") or node.args.get("occurrence"):
        raise unsupported("REGEXP_EXTRACT with a position or occurrence")
    return call("bq_regexp_extract", node.this, node.expression, _group(node.expression, "REGEXP_EXTRACT"))


@translates(exp.RegexpExtractAll)
def regexp_extract_all(node: exp.RegexpExtractAll) -> exp.Expr:
    """All matches, or their only group."""
    return call("regexp_extract_all", node.this, node.expression, _group(node.expression, "REGEXP_EXTRACT_ALL"))


def _group(pattern: exp.Expr, function: str) -> int:
    """1 when the pattern has a capturing group, else 0."""
    text = literal_text(pattern, function)
    groups = 0
    position = 0
    in_class = False
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(" and (
            text[position + 1 : position + 2] != "?" or text[position + 2 : position + 4] == "P<"
        ):
            groups += 1
        position += 1
    if groups > 1:
        raise unsupported(
            f"{function}: Regular expressions passed into extraction functions with more than 1 capturing group"
        )
    return groups


@translates(exp.SafeConvertBytesToString)
def safe_convert_bytes_to_string(node: exp.Expr) -> exp.Expr:
    """Of valid UTF-8."""
    return call("decode", node.this)


@translates(exp.ByteString)
def byte_string(node: exp.ByteString) -> exp.Expr:
    """A bytes literal of printable ASCII."""
    text = str(node.this)
    if not text.isascii() or "\\" in text:
        raise unsupported("An escape in a bytes literal")
    return raw(f"unhex('{text.encode().hex()}')")


@translates(exp.FarmFingerprint)
def farm_fingerprint(node: exp.Expr) -> exp.Expr:
    """FarmHash Fingerprint64 as INT64."""
    if importlib.util.find_spec("numpy") is None:
        raise unsupported("FARM_FINGERPRINT without numpy installed")
    return call("bq_farm_fingerprint", cast(node.expressions[0], "VARCHAR"))
