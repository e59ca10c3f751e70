"""CORS: which browsers' pages may use a bucket directly."""

from collections.abc import Iterable

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

_EXPOSED = (
    "Content-Length, Content-Range, Content-Type, Date, ETag, Location, Range, X-GUploader-UploadID, X-Goog-Generation,"
    " X-Goog-Hash, X-Goog-Metageneration, X-Goog-Stored-Content-Length"
)
LIBRARY_HEADER = "x-goog-api-client"
"""What client libraries send and pages cannot."""
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"


class CorsRule(BaseModel):
    """One rule of a bucket, as its `cors` setting has it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    origin: list[str] = Field(default_factory=list)
    method: list[str] = Field(default_factory=list)
    response_header: list[str] = Field(default_factory=list)
    max_age_seconds: int = 3600

    def allows(self, origin: str, method: str) -> bool:
        """Whether a page of `origin` may call `method`."""
        return ("*" in self.origin or origin in self.origin) and ("*" in self.method or method in self.method)

    def allowed_headers(self, asked: Iterable[str]) -> list[str]:
        """Those of the request headers asked for that the rule lets through; names may end in `*`."""
        return [name for name in asked if any(_fits(name.lower(), pattern.lower()) for pattern in self.response_header)]


def _fits(name: str, pattern: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def _asked_method(request: web.Request) -> str:
    """The method that is meant: a preflight's is in a header."""
    return request.headers.get("Access-Control-Request-Method", request.method)


def _asked_headers(request: web.Request) -> list[str]:
    names = request.headers.get("Access-Control-Request-Headers", "").split(",")
    return [name.strip() for name in names if name.strip()]


def by_rules(request: web.Request, rules: list[CorsRule]) -> dict[str, str]:
    """The headers that a bucket's rules give the page that asks; none when no rule allows it."""
    origin, method = request.headers.get("Origin", ""), _asked_method(request)
    rule = next((rule for rule in rules if rule.allows(origin, method)), None)
    if rule is None:
        return {}
    headers = {
        "Access-Control-Allow-Origin": "*" if "*" in rule.origin else origin,
        "Access-Control-Expose-Headers": ", ".join(rule.response_header),
        "Vary": "Origin",
    }
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = ", ".join(rule.method)
        headers["Access-Control-Allow-Headers"] = ", ".join(rule.allowed_headers(_asked_headers(request)))
        headers["Access-Control-Max-Age"] = str(rule.max_age_seconds)
    return headers


def for_origin(request: web.Request) -> dict[str, str]:
    """The headers that let the page that asks read the answer: for upload sessions, whose URL is the credential, and for
    the refusals of the JSON API."""
    headers = {
        "Access-Control-Allow-Origin": request.headers.get("Origin", ""),
        "Access-Control-Expose-Headers": _EXPOSED,
        "Vary": "Origin",
    }
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = _METHODS
        headers["Access-Control-Allow-Headers"] = ", ".join(
            name for name in _asked_headers(request) if name.lower() != LIBRARY_HEADER
        )
        headers["Access-Control-Max-Age"] = "3600"
    return headers
