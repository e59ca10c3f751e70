"""The prior: what is recommended before anybody was watched."""

from functools import cache
from pathlib import Path

from shared.core.declared import read_declared
from shared.patterns.recommending.ngram import Ngram
from shared.patterns.recommending.session import Session

_WORKFLOWS = Path(__file__).with_name("prior.yaml")


@cache
def prior() -> Ngram:
    """The model of the workflows that are built in."""
    known = read_declared(_WORKFLOWS)
    return Ngram.fit([Session(tuple(each["operations"]), each["count"]) for each in known])
