"""Which WSGI application answers: the public origin shows the API, the docs and the web app; the internal one every function."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import functions_framework
from werkzeug.exceptions import NotFound
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.wrappers import Response

from infra.manifest import ROOT, Suite

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

API_PATHS = ("/v1", "/openapi", "/docs", "/schemas")
WEB = ROOT / "web" / "dist"

NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Kompo</title>
<style>body{font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem}</style>
<h1>Kompo is up</h1><p>The API is at <a href="/v1/status">/v1</a>, its documentation at <a href="/docs">/docs</a> and
<a href="/openapi.json">/openapi.json</a>.</p><p>The web app is not built here. Everything else works without it.</p>"""


def load_functions(suite: Suite) -> "dict[str, WSGIApplication]":
    """One application for each function, made by functions-framework as in Cloud Run. An import error stops the start."""
    return {f.name: functions_framework.create_app(f.name, str(ROOT / f.source)) for f in suite.functions}


def internal(functions: "Mapping[str, WSGIApplication]") -> "WSGIApplication":
    """Function `f` under `/f`: what Pub/Sub pushes, Eventarc and Scheduler call. Not for the outside."""

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        _, name, *rest = environ.get("PATH_INFO", "/").split("/", 2)
        function = functions.get(name)
        if function is None:
            return NotFound(f"no function is named {name}")(environ, start_response)
        environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{name}"
        environ["PATH_INFO"] = "/" + "".join(rest)
        return function(environ, start_response)

    return application


def public(api: "WSGIApplication", web: Path = WEB) -> "WSGIApplication":
    """The public origin: the API's paths, and for all others the web app (its index for the paths that it routes itself)."""

    def index(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        page = web / "index.html"
        body = page.read_text() if page.is_file() else NOT_BUILT
        return Response(body, mimetype="text/html", headers={"Cache-Control": "no-cache"})(environ, start_response)

    static = SharedDataMiddleware(index, {"/": str(web)})

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        is_api = environ.get("PATH_INFO", "/").startswith(API_PATHS)
        return (api if is_api else static)(environ, start_response)

    return application


def by_port(public_url: str, outside: "WSGIApplication", inside: "WSGIApplication") -> "WSGIApplication":
    """The public application for requests to the port of `public_url`, the internal one for all others."""
    public_port = str(urlsplit(public_url).port)

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return (outside if environ["SERVER_PORT"] == public_port else inside)(environ, start_response)

    return application
