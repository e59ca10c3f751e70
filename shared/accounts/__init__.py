"""Accounts: profiles, suspension, rate limits."""

from shared.accounts.account import Account, get_account
from shared.accounts.closing import close_account, closed_before, is_closed, swept
from shared.accounts.rate_limits import Budget, grant, spend, spend_for_address

__all__ = [
    "Account",
    "Budget",
    "close_account",
    "closed_before",
    "get_account",
    "grant",
    "is_closed",
    "spend",
    "spend_for_address",
    "swept",
]
