"""Privacy: what users may ask of us about the events of their work: not to collect them, to erase them, to make them nobody's."""

from shared.events.erasure import Action
from shared.privacy.opting_out import set_opt_out
from shared.privacy.processing import Processed, process_requests
from shared.privacy.receipt import Receipt, find_receipt
from shared.privacy.request import PrivacyRequest, State, get_request, request_erasure

__all__ = [
    "Action",
    "PrivacyRequest",
    "Processed",
    "Receipt",
    "State",
    "find_receipt",
    "get_request",
    "process_requests",
    "request_erasure",
    "set_opt_out",
]
