"""Who may do what. Buckets are private: a browser shows a token, a signature or an upload session."""

from aiohttp import web

from infra.local.storage.cors import LIBRARY_HEADER
from infra.local.storage.errors import StorageError
from infra.local.storage.signing import check_signature, is_signed


def check_json_access(request: web.Request) -> None:
    """Refuse browsers without a token (401). Client libraries pass: pointed at an emulator they carry no credentials."""
    if _is_browser(request) and not has_token(request):
        raise StorageError(401, "required", f"{_anonymous(request)} Authentication is required.")


def check_xml_access(request: web.Request) -> None:
    """Refuse everyone (403) without a token or a good signature."""
    if is_signed(request.query):
        raw_path, _, query_string = request.raw_path.partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        check_signature(request.method, raw_path, query_string, headers)
    elif not has_token(request):
        raise StorageError(403, "forbidden", _anonymous(request))


def has_token(request: web.Request) -> bool:
    """Whether the request carries an access token."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(token.strip())


def _is_browser(request: web.Request) -> bool:
    # A server that starts an upload for a page sends the page's Origin too, but names its library, as no page can: the
    # answer to a preflight does not let that header through (`cors.for_origin`).
    is_library = LIBRARY_HEADER in request.headers
    return "Sec-Fetch-Site" in request.headers or ("Origin" in request.headers and not is_library)


def _anonymous(request: web.Request) -> str:
    verb = {"GET": "get", "HEAD": "get", "DELETE": "delete"}.get(request.method, "create")
    return f"Anonymous caller does not have storage.objects.{verb} access to the Google Cloud Storage object."
