"""Many accounts at once, for servers: list, import, delete, query."""

from typing import Any, get_args

from pydantic import Field, ValidationError

from infra.local.auth.accounts import Account, Federation, new_account, profile
from infra.local.auth.calls import Answer, Body, Call
from infra.local.auth.errors import AuthError
from infra.local.auth.passwords import Algorithm, Hashing, PasswordHash
from infra.local.auth.profiles import check_claims, check_email

_MAX_PAGE = 1000


def batch_get(call: Call) -> Answer:
    """`accounts:batchGet`: a page of accounts in the order of their ids. The page token is the last id shown."""
    call.require_admin()
    try:
        limit = min(int(call.query.get("maxResults", "20")), _MAX_PAGE)
    except ValueError as error:
        raise AuthError("INVALID_PAGE_SELECTION") from error
    found = call.accounts.page(call.query.get("nextPageToken", ""), limit)
    answer: Answer = {"kind": "identitytoolkit#DownloadAccountResponse"}
    if found:
        answer["users"] = [profile(account, with_password=True) for account in found]
    return answer | ({"nextPageToken": found[-1].local_id} if len(found) == limit else {})


class BatchDeleteRequest(Body):
    """Body of batchDelete."""

    local_ids: list[str] = Field(default_factory=list)
    force: bool = False


def batch_delete(call: Call) -> Answer:
    """`accounts:batchDelete`: accounts that are not disabled are kept, and reported, unless `force` is set."""
    call.require_admin()
    request = call.body(BatchDeleteRequest)
    errors = []
    for index, local_id in enumerate(request.local_ids):
        account = call.accounts.get(local_id)
        if account and not (account.disabled or request.force):
            message = "NOT_DISABLED : Disable the account before batch deletion."
            errors.append({"index": index, "localId": local_id, "message": message})
        else:
            call.accounts.delete(local_id)
    return {"errors": errors} if errors else {}


class ImportedUser(Body):
    """A user of batchCreate; hashes and salts are base64, times milliseconds."""

    local_id: str
    email: str | None = None
    email_verified: bool = False
    phone_number: str | None = None
    display_name: str | None = None
    photo_url: str | None = None
    disabled: bool = False
    custom_attributes: str | None = None
    created_at: int | None = None
    last_login_at: int | None = None
    password_hash: str | None = None
    salt: str = ""
    provider_user_info: list[Federation] = Field(default_factory=list)


class BatchCreateRequest(Body):
    """Body of batchCreate, with how the hashes were made."""

    users: list[dict[str, Any]] = Field(default_factory=list)
    hash_algorithm: str | None = None
    signer_key: str = ""
    salt_separator: str = ""
    rounds: int = 0
    memory_cost: int = 0
    cpu_mem_cost: int = 0
    block_size: int = 8
    parallelization: int = 1
    dk_len: int = 32
    allow_overwrite: bool = True


def batch_create(call: Call) -> Answer:
    """`accounts:batchCreate`: import users; those that cannot be are reported by index, the others are kept."""
    call.require_admin()
    request = call.body(BatchCreateRequest)
    if not request.users:
        raise AuthError("MISSING_USER_ACCOUNT")
    hashing = _hashing(request)
    errors = []
    for index, raw in enumerate(request.users):
        try:
            user = ImportedUser.model_validate(raw)
            if not request.allow_overwrite and call.accounts.get(user.local_id):
                raise AuthError("DUPLICATE_LOCAL_ID")
            call.accounts.save(_imported(user, hashing))
        except (AuthError, ValidationError) as error:
            errors.append({"index": index, "message": str(error)})
    return {"kind": "identitytoolkit#UploadAccountResponse"} | ({"error": errors} if errors else {})


def _hashing(request: BatchCreateRequest) -> Hashing | None:
    if request.hash_algorithm is None:
        return None
    if request.hash_algorithm not in get_args(Algorithm):
        raise AuthError(f"INVALID_HASH_ALGORITHM : {request.hash_algorithm} is not supported.")
    return Hashing.model_validate(
        {
            "algorithm": request.hash_algorithm,
            "rounds": request.rounds,
            "cost": request.cpu_mem_cost or request.memory_cost,
            "block_size": request.block_size,
            "parallelization": request.parallelization,
            "length": request.dk_len,
            "key": request.signer_key,
            "separator": request.salt_separator,
        }
    )


def _imported(user: ImportedUser, hashing: Hashing | None) -> Account:
    account = new_account(user.local_id)
    account.email = check_email(user.email) if user.email else None
    account.initial_email = account.email
    account.email_verified = user.email_verified
    account.phone_number = user.phone_number
    account.display_name = user.display_name
    account.photo_url = user.photo_url
    account.disabled = user.disabled
    account.custom_attributes = check_claims(user.custom_attributes) if user.custom_attributes else None
    account.created_at = user.created_at or account.created_at
    account.last_login_at = user.last_login_at
    account.federations = [link for link in user.provider_user_info if link.provider_id not in ("password", "phone")]
    if user.password_hash:
        if hashing is None:
            raise AuthError("MISSING_HASH_ALGORITHM")
        account.password = PasswordHash(hash=user.password_hash, salt=user.salt, hashing=hashing)
    return account


class Expression(Body):
    """One condition of a query: all that it names must hold."""

    email: str | None = None
    user_id: str | None = None
    phone_number: str | None = None


class QueryRequest(Body):
    """Body of query; an account is found when any of the expressions holds."""

    return_user_info: bool = True
    limit: int = 500
    offset: int = 0
    expression: list[Expression] = Field(default_factory=list)


def query(call: Call) -> Answer:
    """`accounts:query`: the accounts that fit, by id; or only how many there are."""
    call.require_admin()
    request = call.body(QueryRequest)
    found = [account for account in call.accounts.all() if _fits(account, request.expression)]
    if not request.return_user_info:
        return {"recordsCount": str(len(found))}
    page = found[request.offset : request.offset + request.limit]
    return {"recordsCount": str(len(page)), "userInfo": [profile(account, with_password=True) for account in page]}


def _fits(account: Account, expressions: list[Expression]) -> bool:
    return not expressions or any(
        (one.email is None or account.email == one.email.lower())
        and (one.user_id is None or account.local_id == one.user_id)
        and (one.phone_number is None or account.phone_number == one.phone_number)
        for one in expressions
    )
