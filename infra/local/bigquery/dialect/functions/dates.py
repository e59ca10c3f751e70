"""Dates and times: truncation, differences, arithmetic, parts. Everything is in UTC unless a zone is given."""

from sqlglot import exp

from infra.local.bigquery.dialect.functions.registry import call, cast, raw, same, translates, unsupported

same(exp.CurrentTimestamp, exp.DateFromParts, exp.TimeFromParts)

_DAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
_MICROSECONDS = {
    "MICROSECOND": 1,
    "MILLISECOND": 1_000,
    "SECOND": 1_000_000,
    "MINUTE": 60_000_000,
    "HOUR": 3_600_000_000,
    "DAY": 86_400_000_000,
}
_CALENDAR = {"DAY", "WEEK", "ISOWEEK", "MONTH", "QUARTER", "YEAR", "ISOYEAR"}
_WITHIN_DAY = set(_MICROSECONDS) - {"DAY"}
_SPAN = {*_MICROSECONDS, "WEEK", "MONTH", "QUARTER", "YEAR"}


@translates(exp.WeekStart, exp.TsOrDsToDate, exp.TsOrDsToDatetime, exp.TsOrDsToTimestamp, exp.TsOrDsToTime)
def carried(node: exp.Expr) -> exp.Expr:
    """Parts of a larger call, which reads them; DATETIME(x) and TIME(x) are conversions."""
    if isinstance(node, exp.TsOrDsToDatetime):
        return cast(node.this, "TIMESTAMP")
    if isinstance(node, exp.TsOrDsToTime):
        return cast(node.this, "TIME") if isinstance(node.parent, exp.TimeToStr) else call("bq_to_time", node.this)
    return node


@translates(exp.DateTrunc)
def date_trunc(node: exp.DateTrunc) -> exp.Expr:
    """DATE_TRUNC: gives the type it was given."""
    return _alike(node.this, _truncated(node.this, *_unit(node, _CALENDAR | set(_MICROSECONDS))))


@translates(exp.TimestampTrunc)
def timestamp_trunc(node: exp.TimestampTrunc) -> exp.Expr:
    """TIMESTAMP_TRUNC, at the borders of the zone. In UTC up to a day by arithmetic, ten times as fast as by the calendar."""
    unit = _unit(node, _CALENDAR | set(_MICROSECONDS))
    moment = cast(node.this, "TIMESTAMPTZ")
    zone = node.args.get("zone")
    if zone is None and unit[0] in _MICROSECONDS:
        micros = exp.Literal.number(_MICROSECONDS[unit[0]])
        return call("make_timestamptz", exp.Mul(this=call("bq_epoch", moment, micros), expression=micros.copy()))
    if zone is None:
        return cast(_truncated(moment, *unit), "TIMESTAMPTZ")
    return call("timezone", zone.copy(), _truncated(call("timezone", zone, moment), *unit))


@translates(exp.DatetimeTrunc)
def datetime_trunc(node: exp.DatetimeTrunc) -> exp.Expr:
    """DATETIME_TRUNC."""
    unit = _unit(node, _CALENDAR | set(_MICROSECONDS))
    return cast(_truncated(cast(node.this, "TIMESTAMP"), *unit), "TIMESTAMP")


@translates(exp.DateDiff, exp.DatetimeDiff)
def date_diff(node: exp.Expr) -> exp.Expr:
    """Counts the borders of the part between the two."""
    unit, start = _unit(node, _CALENDAR | set(_MICROSECONDS))
    if unit in ("WEEK", "ISOWEEK"):
        later, earlier = (_truncated(side, unit, start) for side in (node.this, node.expression))
        return exp.paren(exp.IntDiv(this=call("date_diff", "day", earlier, later), expression=exp.Literal.number(7)))
    return call("date_diff", unit.lower(), node.expression, node.this)


@translates(exp.TimestampDiff)
def timestamp_diff(node: exp.TimestampDiff) -> exp.Expr:
    """Whole units between two moments: 30 minutes are 0 hours."""
    unit, _ = _unit(node, set(_MICROSECONDS))
    sides = (cast(node.this, "TIMESTAMPTZ"), cast(node.expression, "TIMESTAMPTZ"))
    return call("bq_elapsed", *sides, _MICROSECONDS[unit])


@translates(exp.DateAdd, exp.DateSub)
def date_add(node: exp.Expr) -> exp.Expr:
    """DATE_ADD and DATE_SUB: give the type they were given; the day is clamped to the month's last."""
    value = cast(node.this, "DATE") if isinstance(node.this, exp.Literal) else node.this
    return _alike(value, _moved(node, value))


@translates(exp.TimestampAdd, exp.TimestampSub)
def timestamp_add(node: exp.Expr) -> exp.Expr:
    """TIMESTAMP_ADD and TIMESTAMP_SUB."""
    if _unit(node, _SPAN)[0] not in _MICROSECONDS:
        raise unsupported(f"TIMESTAMP_ADD with the date part {node.text('unit')}")
    return exp.paren(_moved(node, cast(node.this, "TIMESTAMPTZ")))


@translates(exp.DatetimeAdd, exp.DatetimeSub)
def datetime_add(node: exp.Expr) -> exp.Expr:
    """DATETIME_ADD and DATETIME_SUB."""
    return exp.paren(_moved(node, cast(node.this, "TIMESTAMP")))


@translates(exp.TimeAdd, exp.TimeSub)
def time_add(node: exp.Expr) -> exp.Expr:
    """TIME_ADD and TIME_SUB: go on at the other end of the day."""
    _unit(node, _WITHIN_DAY)
    return exp.paren(_moved(node, cast(node.this, "TIME")))


@translates(exp.TimeDiff)
def time_diff(node: exp.TimeDiff) -> exp.Expr:
    """Whole units between two times."""
    unit, _ = _unit(node, _WITHIN_DAY)
    return call("bq_elapsed", cast(node.this, "TIME"), cast(node.expression, "TIME"), _MICROSECONDS[unit])


@translates(exp.TimeTrunc)
def time_trunc(node: exp.TimeTrunc) -> exp.Expr:
    """TIME_TRUNC."""
    unit = _unit(node, _WITHIN_DAY)
    moment = exp.Add(this=raw("DATE '1970-01-01'"), expression=cast(node.this, "TIME"))
    return cast(_truncated(moment, *unit), "TIME")


@translates(exp.Extract)
def extract(node: exp.Extract) -> exp.Expr:
    """EXTRACT(part FROM x [AT TIME ZONE zone])."""
    part_node, value = node.this, node.expression
    if isinstance(value, exp.AtTimeZone):
        value = call("timezone", value.args["zone"], cast(value.this, "TIMESTAMPTZ"))
    part, start = _part(part_node)
    if part in _PARTS_OF_MOMENT:
        return call("bq_to_time", value) if part == "TIME" else cast(value, _PARTS_OF_MOMENT[part])
    if part == "DAYOFWEEK":
        return exp.paren(exp.Add(this=call("dayofweek", value), expression=exp.Literal.number(1)))
    if part == "WEEK":
        return call("bq_week", value, start)
    if part in ("MICROSECOND", "MILLISECOND"):
        # DuckDB counts the seconds in.
        return exp.paren(
            exp.Mod(this=call("date_part", part.lower(), value), expression=exp.Literal.number(_FRACTIONS[part]))
        )
    if part not in _PARTS:
        raise unsupported(f"EXTRACT of {part}")
    return call("date_part", _PARTS[part], value)


_PARTS_OF_MOMENT = {"DATE": "DATE", "TIME": "TIME", "DATETIME": "TIMESTAMP"}
_FRACTIONS = {"MICROSECOND": 1_000_000, "MILLISECOND": 1_000}
_PARTS = {
    "SECOND": "second",
    "MINUTE": "minute",
    "HOUR": "hour",
    "DAY": "day",
    "DAYOFYEAR": "doy",
    "ISOWEEK": "week",
    "MONTH": "month",
    "QUARTER": "quarter",
    "YEAR": "year",
    "ISOYEAR": "isoyear",
}


@translates(exp.Date)
def date(node: exp.Date) -> exp.Expr:
    """DATE(x [, zone])."""
    if node.expressions:
        raise unsupported("DATE with these arguments")
    zone = node.args.get("zone")
    return cast(call("timezone", zone, cast(node.this, "TIMESTAMPTZ")) if zone else node.this, "DATE")


@translates(exp.Timestamp)
def timestamp(node: exp.Timestamp) -> exp.Expr:
    """TIMESTAMP(x [, zone])."""
    zone = node.args.get("zone")
    return call("timezone", zone, cast(node.this, "TIMESTAMP")) if zone else cast(node.this, "TIMESTAMPTZ")


@translates(exp.Datetime)
def datetime(node: exp.Datetime) -> exp.Expr:
    """DATETIME(timestamp, zone)."""
    return call("timezone", node.expression, cast(node.this, "TIMESTAMPTZ"))


@translates(exp.TimestampFromParts)
def datetime_from_parts(node: exp.TimestampFromParts) -> exp.Expr:
    """DATETIME(year, month, day, hour, minute, second)."""
    return call("make_timestamp", *(node.args[part] for part in ("year", "month", "day", "hour", "min", "sec")))


@translates(exp.CurrentDate)
def current_date(node: exp.CurrentDate) -> exp.Expr:
    """CURRENT_DATE([zone])."""
    return cast(call("timezone", node.this, call("now")) if node.this else call("now"), "DATE")


@translates(exp.CurrentDatetime)
def current_datetime(node: exp.CurrentDatetime) -> exp.Expr:
    """CURRENT_DATETIME([zone])."""
    return call("timezone", node.this or "UTC", call("now"))


@translates(exp.CurrentTime)
def current_time(node: exp.CurrentTime) -> exp.Expr:
    """CURRENT_TIME([zone])."""
    return cast(call("timezone", node.this or "UTC", call("now")), "TIME")


_UNITS: dict[type[exp.Expr], int] = {exp.UnixSeconds: 1_000_000, exp.UnixMillis: 1_000}


@translates(exp.UnixSeconds, exp.UnixMillis)
def unix(node: exp.Expr) -> exp.Expr:
    """Rounded down."""
    return call("bq_epoch", cast(node.this, "TIMESTAMPTZ"), _UNITS[type(node)])


@translates(exp.UnixMicros)
def unix_micros(node: exp.UnixMicros) -> exp.Expr:
    """As a moment is held."""
    return call("epoch_us", cast(node.this, "TIMESTAMPTZ"))


@translates(exp.UnixToTime)
def from_unix(node: exp.UnixToTime) -> exp.Expr:
    """TIMESTAMP_SECONDS, TIMESTAMP_MILLIS and TIMESTAMP_MICROS."""
    scale = node.args.get("scale")
    micros = 10 ** (6 - int(scale.name if scale else 0))
    return call("make_timestamptz", exp.Mul(this=cast(node.this, "BIGINT"), expression=exp.Literal.number(micros)))


@translates(exp.UnixDate)
def unix_date(node: exp.UnixDate) -> exp.Expr:
    """Days since 1970-01-01."""
    return call("date_diff", "day", raw("DATE '1970-01-01'"), node.this)


@translates(exp.DateFromUnixDate)
def date_from_unix_date(node: exp.DateFromUnixDate) -> exp.Expr:
    """The reverse of UNIX_DATE."""
    return exp.paren(exp.Add(this=raw("DATE '1970-01-01'"), expression=cast(node.this, "INTEGER")))


@translates(exp.LastDay)
def last_day(node: exp.LastDay) -> exp.Expr:
    """Of the month."""
    if node.args.get("unit") and node.text("unit").upper() != "MONTH":
        raise unsupported(f"LAST_DAY of {node.text('unit')}")
    return call("last_day", node.this)


@translates("TIMESTAMP_BUCKET")
def timestamp_bucket(node: exp.Anonymous) -> exp.Expr:
    """The start of the bucket, counted from an origin: 1950-01-01 unless given."""
    value, width, *origin = node.expressions
    start = cast(origin[0], "TIMESTAMPTZ") if origin else raw("TIMESTAMPTZ '1950-01-01 00:00:00+00'")
    return call("time_bucket", width, cast(value, "TIMESTAMPTZ"), start)


@translates("DATE_BUCKET")
def date_bucket(node: exp.Anonymous) -> exp.Expr:
    """The start of the bucket, counted from an origin: 1950-01-01 unless given."""
    value, width, *origin = node.expressions
    start = cast(origin[0], "DATE") if origin else raw("DATE '1950-01-01'")
    return cast(call("time_bucket", width, cast(value, "DATE"), start), "DATE")


def _alike(value: exp.Expr, result: exp.Expr) -> exp.Expr:
    """`result` in the type of `value`: known here for a cast, else left to a macro that is chosen by type."""
    while isinstance(value, exp.Paren):
        value = value.this
    if isinstance(value, exp.Cast):
        return exp.Cast(this=result, to=value.to.copy())
    if value.find(exp.AggFunc, exp.Window):
        # The macro's overload is chosen before an aggregate has a type.
        raise unsupported("A date function of an aggregate; give its type, as in DATE_TRUNC(DATE(MAX(d)), MONTH): this")
    return call("bq_like", value.copy(), result)


def _truncated(value: exp.Expr, unit: str, start: int) -> exp.Expr:
    if unit != "WEEK":
        return call("date_trunc", {"ISOWEEK": "week", "ISOYEAR": "isoyear"}.get(unit, unit.lower()), value)
    shift = raw(f"INTERVAL {(start - 1) % 7} DAY")
    moved = exp.Sub(this=exp.paren(value.copy()), expression=shift)
    return exp.paren(exp.Add(this=call("date_trunc", "week", moved), expression=shift.copy()))


def _moved(node: exp.Expr, value: exp.Expr) -> exp.Expr:
    unit, _ = _unit(node, _SPAN)
    adding = isinstance(node, exp.DateAdd | exp.TimestampAdd | exp.DatetimeAdd | exp.TimeAdd)
    span = exp.Interval(this=exp.paren(cast(node.expression.copy(), "BIGINT")), unit=exp.var(unit))
    return (exp.Add if adding else exp.Sub)(this=value.copy(), expression=span)


def _unit(node: exp.Expr, allowed: set[str]) -> tuple[str, int]:
    """The date part, and for WEEK the first day, Sunday = 0."""
    part, start = _part(node.args.get("unit"))
    if part not in allowed:
        raise unsupported(f"The date part {part}")
    return part, start


def _part(node: exp.Expr | None) -> tuple[str, int]:
    if isinstance(node, exp.WeekStart):
        return "WEEK", _DAYS.index(node.name.upper())
    return (node.name.upper() if node else "DAY"), 0
