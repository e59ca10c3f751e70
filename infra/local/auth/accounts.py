"""Accounts: what is known of a user, and the tables that keep it."""

import secrets
import sqlite3
import string
import time
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from infra.local.auth.errors import AuthError
from infra.local.auth.passwords import PasswordHash

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    project TEXT NOT NULL, local_id TEXT NOT NULL, email TEXT, phone TEXT, body TEXT NOT NULL,
    PRIMARY KEY (project, local_id), UNIQUE (project, email), UNIQUE (project, phone)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS federations (
    project TEXT NOT NULL, provider_id TEXT NOT NULL, raw_id TEXT NOT NULL, local_id TEXT NOT NULL,
    PRIMARY KEY (project, provider_id, raw_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS federations_of_account ON federations (project, local_id);
"""

_ID_ALPHABET = string.ascii_letters + string.digits


class Federation(BaseModel):
    """A link to an identity at another provider."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    provider_id: str
    raw_id: str
    federated_id: str | None = None
    email: str | None = None
    display_name: str | None = None
    photo_url: str | None = None
    screen_name: str | None = None


class Account(BaseModel):
    """A user. Times are milliseconds since the epoch, except `valid_since`: seconds, before which no token is good."""

    local_id: str
    created_at: int
    email: str | None = None
    initial_email: str | None = None
    email_verified: bool = False
    email_link: bool = False
    phone_number: str | None = None
    display_name: str | None = None
    photo_url: str | None = None
    password: PasswordHash | None = None
    password_updated_at: int = 0
    federations: list[Federation] = []
    custom_attributes: str | None = None
    custom_auth: bool = False
    disabled: bool = False
    valid_since: int
    last_login_at: int | None = None
    last_refresh_at: int | None = None

    @property
    def sign_in_methods(self) -> list[str]:
        """The ways in, as fetchSignInMethodsForEmail names them."""
        methods = ["password"] if self.password else []
        methods += ["emailLink"] if self.email_link else []
        return methods + [link.provider_id for link in self.federations]

    @property
    def has_password_provider(self) -> bool:
        """Whether the e-mail address is a way in, by password or by link."""
        return self.email is not None and (self.password is not None or self.email_link)

    def federation(self, provider_id: str) -> Federation | None:
        """The link to `provider_id`, if there is one."""
        return next((link for link in self.federations if link.provider_id == provider_id), None)


def new_account(local_id: str | None = None) -> Account:
    """An account that is not yet kept."""
    now = time.time()
    return Account(local_id=local_id or new_id(), created_at=int(now * 1000), valid_since=int(now))


def new_id() -> str:
    """A random user id of the length and alphabet that Firebase gives."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(28))


class Accounts:
    """The accounts of one project, within one transaction."""

    def __init__(self, connection: sqlite3.Connection, project: str) -> None:
        self._connection = connection
        self._project = project

    def get(self, local_id: str) -> Account | None:
        """The account with that id."""
        return self._one("local_id = ?", local_id)

    def by_email(self, email: str) -> Account | None:
        """The account with that address, in whatever case it is written."""
        return self._one("email = ?", email.lower())

    def by_phone(self, phone: str) -> Account | None:
        """The account with that number."""
        return self._one("phone = ?", phone)

    def by_federation(self, provider_id: str, raw_id: str) -> Account | None:
        """The account linked to that identity."""
        row = self._connection.execute(
            "SELECT local_id FROM federations WHERE project = ? AND provider_id = ? AND raw_id = ?",
            (self._project, provider_id, raw_id),
        ).fetchone()
        return self.get(row["local_id"]) if row else None

    def save(self, account: Account) -> None:
        """Keep the account. Raises AuthError when its address, number or an identity is another account's."""
        self._check_unique(account)
        self._connection.execute(
            "INSERT INTO accounts VALUES (?, ?, ?, ?, ?) ON CONFLICT (project, local_id) DO UPDATE"
            " SET email = excluded.email, phone = excluded.phone, body = excluded.body",
            (self._project, account.local_id, account.email, account.phone_number, account.model_dump_json()),
        )
        self._unlink(account.local_id)
        self._connection.executemany(
            "INSERT INTO federations VALUES (?, ?, ?, ?)",
            [(self._project, link.provider_id, link.raw_id, account.local_id) for link in account.federations],
        )

    def delete(self, local_id: str) -> bool:
        """Forget the account and its sessions; false when there was none."""
        self._unlink(local_id)
        for table in ("refresh_tokens", "oob_codes"):
            self._connection.execute(
                f"DELETE FROM {table} WHERE project = ? AND local_id = ?",  # noqa: S608 - the names are ours
                (self._project, local_id),
            )
        done = self._connection.execute(
            "DELETE FROM accounts WHERE project = ? AND local_id = ?", (self._project, local_id)
        )
        return done.rowcount > 0

    def delete_all(self) -> None:
        """Forget every account of the project."""
        for table in ("accounts", "federations", "refresh_tokens", "oob_codes"):
            self._connection.execute(f"DELETE FROM {table} WHERE project = ?", (self._project,))  # noqa: S608

    def page(self, after: str, limit: int) -> list[Account]:
        """Up to `limit` accounts in the order of their ids, from behind the id `after`."""
        rows = self._connection.execute(
            "SELECT body FROM accounts WHERE project = ? AND local_id > ? ORDER BY local_id LIMIT ?",
            (self._project, after, limit),
        )
        return [Account.model_validate_json(row["body"]) for row in rows]

    def all(self) -> Iterator[Account]:
        """Every account of the project, in the order of their ids."""
        rows = self._connection.execute(
            "SELECT body FROM accounts WHERE project = ? ORDER BY local_id", (self._project,)
        )
        return (Account.model_validate_json(row["body"]) for row in rows)

    def _one(self, condition: str, value: str) -> Account | None:
        row = self._connection.execute(
            f"SELECT body FROM accounts WHERE project = ? AND {condition}",  # noqa: S608 - conditions are literals above
            (self._project, value),
        ).fetchone()
        return Account.model_validate_json(row["body"]) if row else None

    def _check_unique(self, account: Account) -> None:
        if account.email:
            _same_or_none(self.by_email(account.email), account, "EMAIL_EXISTS")
        if account.phone_number:
            _same_or_none(self.by_phone(account.phone_number), account, "PHONE_NUMBER_EXISTS")
        for link in account.federations:
            other = self.by_federation(link.provider_id, link.raw_id)
            _same_or_none(other, account, "FEDERATED_USER_ID_ALREADY_LINKED")

    def _unlink(self, local_id: str) -> None:
        self._connection.execute(
            "DELETE FROM federations WHERE project = ? AND local_id = ?", (self._project, local_id)
        )


def _same_or_none(found: Account | None, account: Account, code: str) -> None:
    if found and found.local_id != account.local_id:
        raise AuthError(code)


def profile(account: Account, *, with_password: bool = False) -> dict[str, Any]:
    """The account as the REST API shows it: 64-bit numbers are strings, what is unknown is left out."""
    last_refresh = account.last_refresh_at
    shown = {
        "localId": account.local_id,
        "email": account.email,
        "initialEmail": account.initial_email,
        "emailVerified": account.email_verified if account.email else None,
        "emailLinkSignin": account.email_link or None,
        "phoneNumber": account.phone_number,
        "displayName": account.display_name,
        "photoUrl": account.photo_url,
        "passwordHash": account.password.hash if with_password and account.password else None,
        "salt": account.password.salt if with_password and account.password else None,
        "passwordUpdatedAt": account.password_updated_at or None,
        "providerUserInfo": provider_infos(account) or None,
        "customAttributes": account.custom_attributes,
        "customAuth": account.custom_auth or None,
        "disabled": account.disabled or None,
        "validSince": str(account.valid_since),
        "createdAt": str(account.created_at),
        "lastLoginAt": str(account.last_login_at) if account.last_login_at else None,
        "lastRefreshAt": _rfc3339(last_refresh) if last_refresh else None,
    }
    return {key: value for key, value in shown.items() if value is not None}


def provider_infos(account: Account) -> list[dict[str, Any]]:
    """The ways in, with what each provider says of the user; e-mail and phone count as providers."""
    infos = [link.model_dump(by_alias=True, exclude_none=True) for link in account.federations]
    if account.has_password_provider:
        own = {"displayName": account.display_name, "photoUrl": account.photo_url}
        email = {"providerId": "password", "federatedId": account.email, "email": account.email, "rawId": account.email}
        infos.append({key: value for key, value in {**email, **own}.items() if value is not None})
    if account.phone_number:
        infos.append({"providerId": "phone", "phoneNumber": account.phone_number, "rawId": account.phone_number})
    return infos


def _rfc3339(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{rest:03d}Z"
