"""Chains: operations one after the other, run as one job; users' own, and those that templates of the system are."""

from shared.chains.chain import (
    INPUT,
    MAX_STEPS,
    PREVIOUS,
    ChainStep,
    Wiring,
    batch_of,
    fitting_params,
    name_of_step,
    wire,
)
from shared.chains.errors import InvalidChain
from shared.chains.requesting import ChainOrigin, request_chain
from shared.chains.service import Chain, ChainService

__all__ = [
    "INPUT",
    "MAX_STEPS",
    "PREVIOUS",
    "Chain",
    "ChainOrigin",
    "ChainService",
    "ChainStep",
    "InvalidChain",
    "Wiring",
    "batch_of",
    "fitting_params",
    "name_of_step",
    "request_chain",
    "wire",
]
