"""Who may do what. Buckets are private: a page in a browser shows a signature or an upload session, or gets nothing."""

from aiohttp import web

from infra.local.storage.cors import LIBRARY_HEADER
from infra.local.storage.errors import StorageError
from infra.local.storage.signing import check_signature, is_signed


def check_json_access(request: web.Request) -> None:
    """Refuse browsers (401). Client libraries pass: pointed at an emulator they carry no credentials.

    Nothing can be learnt from a token here, so a browser's does not count: any website could make one up."""
    if _is_browser(request):
        raise StorageError(401, "required", f"{_anonymous(request)} Authentication is required.")


def check_xml_access(request: web.Request) -> None:
    """Refuse (403) browsers without a good signature, and libraries without a signature or a token."""
    if is_signed(request.query):
        raw_path, _, query_string = request.raw_path.partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        check_signature(request.method, raw_path, query_string, headers)
    elif _is_browser(request) or not _has_token(request):
        raise StorageError(403, "forbidden", _anonymous(request))


def _has_token(request: web.Request) -> bool:
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
