"""Privacy: what users may ask of us: not to collect events of their work, to erase them or make them nobody's; to hand out all
that is theirs, and to erase it."""

from shared.events.erasure import ErasureAction
from shared.privacy.account import request_account_erasure
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
    "request_account_erasure",
    "request_erasure",
    "set_opt_out",
]
