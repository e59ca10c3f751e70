"""`&&`, `||` and `? :`, which do not need all of their parts.

If either side of `&&` is false the whole is false, if either side of `||` is true the whole is true, though the other side be
an error or unknown. Otherwise an error stays one, and what is unknown stays so."""

from .abstract import UNKNOWN, Abstract
from .errors import EvaluationError
from .run import Code, Run
from .values import Value, type_name


def compile_and(left: Code, right: Code) -> Code:
    """`left && right`"""
    return _connective(left, right, decisive=False, symbol="&&")


def compile_or(left: Code, right: Code) -> Code:
    """`left || right`"""
    return _connective(left, right, decisive=True, symbol="||")


def compile_ternary(test: Code, then: Code, otherwise: Code) -> Code:
    """`test ? then : otherwise`"""

    def ternary(run: Run, frame: list[Value]) -> Value:
        run.spend()
        decided = test(run, frame)
        if isinstance(decided, Abstract):
            return UNKNOWN
        return (then if _boolean(decided, "?") else otherwise)(run, frame)

    return ternary


def _connective(left: Code, right: Code, *, decisive: bool, symbol: str) -> Code:
    def connective(run: Run, frame: list[Value]) -> Value:
        run.spend()
        error: EvaluationError | None = None
        try:
            first = left(run, frame)
            if first is decisive:
                return decisive
            if first is not (not decisive) and not isinstance(first, Abstract):
                _boolean(first, symbol)
        except EvaluationError as caught:
            error, first = caught, UNKNOWN
        second = _second(right, run, frame, symbol, first)
        if second is decisive:
            return decisive
        if error is not None:
            raise error
        return UNKNOWN if isinstance(first, Abstract) or isinstance(second, Abstract) else second

    return connective


def _second(right: Code, run: Run, frame: list[Value], symbol: str, first: Value) -> Value:
    """The right side; its error does not matter where the left side does not decide anyway."""
    try:
        value = right(run, frame)
        return value if isinstance(value, Abstract) else _boolean(value, symbol)
    except EvaluationError:
        if isinstance(first, Abstract):
            return UNKNOWN
        raise


def _boolean(value: Value, symbol: str) -> bool:
    if isinstance(value, bool):
        return value
    raise EvaluationError(f"Type error. {symbol} takes bool, not {type_name(value)}.")
