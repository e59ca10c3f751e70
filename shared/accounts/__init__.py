"""Accounts: profiles, suspension, rate limits."""

from shared.accounts.account import Account, get_account
from shared.accounts.rate_limits import Budget, grant, spend, spend_for_address

__all__ = ["Account", "Budget", "get_account", "grant", "spend", "spend_for_address"]
