"""Privacy: what users may ask of us about the events of their work: not to collect them, to erase them, to make them nobody's."""

from shared.events.erasure import ErasureAction
from shared.privacy.opting_out import set_opt_out
from shared.privacy.processing import Processed, process_requests
from shared.privacy.receipt import ErasureReceipt, find_receipt
from shared.privacy.request import PrivacyRequest, PrivacyRequestState, get_request, request_erasure

__all__ = [
    "ErasureAction",
    "ErasureReceipt",
    "PrivacyRequest",
    "PrivacyRequestState",
    "Processed",
    "find_receipt",
    "get_request",
    "process_requests",
    "request_erasure",
    "set_opt_out",
]
