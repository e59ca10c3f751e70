"""The HTTP side: which operation answers which request, who is asking, and CORS for browsers."""

import logging
import re
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from infra.local.auth import accounts, batches, config, emulator, identities, oauth, oob, profiles, sessions, signin
from infra.local.auth.calls import Answer, Call
from infra.local.auth.errors import AuthError
from infra.local.sqlite import Database

log = logging.getLogger(__name__)

Operation = Callable[[Call], Answer]

_SCHEMA = accounts.SCHEMA + sessions.SCHEMA + oob.SCHEMA + config.SCHEMA
_MAX_BODY = 8 * 1024 * 1024

_TOOLKIT = re.compile(
    r"/identitytoolkit\.googleapis\.com/v[12](?:/projects/(?P<project>[^/:]+))?[/:]?(?P<operation>[a-zA-Z:/]*)"
)
_EMULATOR = re.compile(r"/emulator/v1/projects/(?P<project>[^/:]+)/(?P<operation>[a-zA-Z]+)")

_OPERATIONS: dict[tuple[str, str], Operation] = {
    ("POST", "accounts"): signin.sign_up,
    ("POST", "accounts:signUp"): signin.sign_up,
    ("POST", "accounts:signInWithPassword"): signin.sign_in_with_password,
    ("POST", "accounts:signInWithCustomToken"): signin.sign_in_with_custom_token,
    ("POST", "accounts:signInWithIdp"): identities.sign_in_with_idp,
    ("POST", "accounts:signInWithEmailLink"): oob.sign_in_with_email_link,
    ("POST", "accounts:createAuthUri"): signin.create_auth_uri,
    ("POST", "accounts:lookup"): profiles.lookup,
    ("POST", "accounts:update"): profiles.update,
    ("POST", "accounts:delete"): profiles.delete,
    ("POST", "accounts:sendOobCode"): oob.send_code,
    ("POST", "accounts:resetPassword"): oob.reset_password,
    ("GET", "accounts:batchGet"): batches.batch_get,
    ("POST", "accounts:batchCreate"): batches.batch_create,
    ("POST", "accounts:batchDelete"): batches.batch_delete,
    ("POST", "accounts:query"): batches.query,
    ("POST", "createSessionCookie"): sessions.create_session_cookie,
    ("GET", "config"): config.get_config,
    ("PATCH", "config"): config.patch_config,
    ("GET", "projects"): config.public_config,
    ("GET", "recaptchaConfig"): config.recaptcha_config,
    ("GET", "recaptchaParams"): config.recaptcha_params,
    ("GET", "passwordPolicy"): config.password_policy,
}
_EMULATOR_OPERATIONS: dict[tuple[str, str], Operation] = {
    ("DELETE", "accounts"): emulator.delete_accounts,
    ("GET", "config"): config.show_config,
    ("PATCH", "config"): config.change_config,
    ("GET", "oobCodes"): oob.list_codes,
    ("GET", "verificationCodes"): emulator.no_codes,
}
_OTHERS: dict[tuple[str, str], Operation] = {
    ("POST", "/securetoken.googleapis.com/v1/token"): sessions.refresh,
    ("POST", "/token"): oauth.exchange_assertion,
    ("GET", "/emulator/action"): emulator.open_link,
    ("GET", "/"): lambda _call: {"authEmulator": {"ready": True}},
}


def make_app(data: Path, project: str) -> web.Application:
    """The server as an application that keeps its database in `data`; `project` is meant where a request names none."""
    database = Database(data / "auth.db", _SCHEMA)
    app = web.Application(client_max_size=_MAX_BODY, middlewares=[_cors, _errors])

    async def answer(request: web.Request) -> web.Response:
        named, operation = _find(request.method, request.path)
        if _EMULATOR.fullmatch(request.path) and _is_page(request):
            raise AuthError("INSUFFICIENT_PERMISSION : This is not for pages.", 403, "forbidden")
        raw = await request.read()
        call_parts = (named or project, _is_admin(request), raw, request.query, f"http://{request.host}")
        return web.json_response(await database.run(lambda connection: operation(Call(connection, *call_parts))))

    async def close(_app: web.Application) -> None:
        database.close()

    app.router.add_route("*", "/{path:.*}", answer)
    app.on_cleanup.append(close)
    return app


def _find(method: str, path: str) -> tuple[str | None, Operation]:
    found = _OTHERS.get((method, path))
    project = None
    for pattern, operations in ((_TOOLKIT, _OPERATIONS), (_EMULATOR, _EMULATOR_OPERATIONS)):
        if match := pattern.fullmatch(path):
            project = match["project"]
            found = operations.get((method, match["operation"]))
    if found is None:
        raise AuthError(f"NOT_FOUND : {method} {path}", 404, "notFound")
    return project, found


def _is_admin(request: web.Request) -> bool:
    if _is_page(request):
        # Any website may call this server, and `owner` is no secret.
        return False
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and (token == "owner" or token.startswith(oauth.ACCESS_TOKEN_PREFIX))  # noqa: S105


def _is_page(request: web.Request) -> bool:
    """Whether a page's script asks; a person who opens an address does not count."""
    return "Origin" in request.headers or request.headers.get("Sec-Fetch-Site", "none") != "none"


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except AuthError as error:
        return web.json_response(error.body(), status=error.status)
    except web.HTTPException as error:
        return web.json_response(AuthError(error.reason, error.status).body(), status=error.status)
    except Exception as error:
        log.exception("%s %s failed", request.method, request.path)
        refusal = AuthError("INTERNAL_ERROR", 500, "internalError")
        if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
            refusal = AuthError("BACKEND_ERROR : The disk is full: nothing was changed.", 503, "backendError")
        return web.json_response(refusal.body(), status=refusal.status)


@web.middleware
async def _cors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Any origin may call: what protects an account is its password or token, never a cookie."""
    response = web.Response(status=204) if request.method == "OPTIONS" else await handler(request)
    if origin := request.headers.get("Origin"):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Vary"] = "Origin"
        asked = request.headers.get("Access-Control-Request-Headers")
        if asked:
            response.headers["Access-Control-Allow-Headers"] = asked
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, PATCH, DELETE, OPTIONS"
            response.headers["Access-Control-Max-Age"] = "3600"
    return response
