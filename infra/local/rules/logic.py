"""`&&`, `||` and `? :`, which do not need all of their parts.

If either side of `&&` is false the whole is false, if either side of `||` is true the whole is true, though the other side be
an error or unknown. Otherwise an error stays one, and what is unknown stays so."""

from .abstract import UNKNOWN, Abstract
from .errors import EvaluationError
from .run import Code, Run
from .values import Value, type_name


def compile_chain(symbol: str, operands: list[Code]) -> Code:
    """`a && b && …` or `a || b || …`"""
    decisive = symbol == "||"
    neutral = not decisive

    def chain(run: Run, frame: list[Value]) -> Value:
        error: EvaluationError | None = None
        unknown = False
        for operand in operands:
            run.spent += 1
            try:
                value = operand(run, frame)
                if value is neutral:
                    continue
                if value is decisive:
                    return decisive
                if isinstance(value, Abstract):
                    unknown = True
                else:
                    _boolean(value, symbol)
            except EvaluationError as caught:
                error = error or caught
        if error is not None and not unknown:
            raise error
        return UNKNOWN if unknown else neutral

    return chain


def compile_ternary(test: Code, then: Code, otherwise: Code) -> Code:
    """`test ? then : otherwise`"""

    def ternary(run: Run, frame: list[Value]) -> Value:
        run.spent += 1
        decided = test(run, frame)
        if isinstance(decided, Abstract):
            return UNKNOWN
        return (then if _boolean(decided, "?") else otherwise)(run, frame)

    return ternary


def _boolean(value: Value, symbol: str) -> bool:
    if isinstance(value, bool):
        return value
    raise EvaluationError(f"Type error. {symbol} takes bool, not {type_name(value)}.")
