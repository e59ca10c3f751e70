"""Jobs as the API takes them: checked, completed with defaults; when they fire, and how long a retry waits."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import croniter

from infra.local.google_json import GoogleError, Json, duration, parse_duration
from infra.manifest import Function, Schedule

FIELDS = ("description", "httpTarget", "pubsubTarget", "schedule", "timeZone", "retryConfig", "attemptDeadline")
"""What a client sets; all else is output."""
_METHODS = ("POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
_RETRY_DEFAULTS: Json = {
    "retryCount": 0,
    "maxRetryDuration": "0s",
    "minBackoffDuration": "5s",
    "maxBackoffDuration": "3600s",
    "maxDoublings": 5,
}
_MAX_RETRIES = 5
_DEADLINE = 180
_DEADLINES = (15, 1800)


def declared(schedule: Schedule, function: Function, functions_url: str) -> Json:
    """The job that the manifest declares."""
    shortest, longest = _DEADLINES
    return completed(
        {
            "httpTarget": {"uri": f"{functions_url}/{function.name}", "httpMethod": "POST"},
            "schedule": schedule.cron,
            "timeZone": schedule.timezone,
            "attemptDeadline": duration(min(max(function.timeout, shortest), longest)),
        }
    )


def completed(body: Json) -> Json:
    """The settable part of a job with its defaults. Raises GoogleError INVALID_ARGUMENT."""
    job = {key: body[key] for key in FIELDS if key in body}
    if ("httpTarget" in job) == ("pubsubTarget" in job):
        raise GoogleError("INVALID_ARGUMENT", "Job.target: exactly one of httpTarget and pubsubTarget is required")
    if "httpTarget" in job:
        job["httpTarget"] = _http_target(job["httpTarget"])
        job.setdefault("attemptDeadline", duration(_DEADLINE))
        parse_duration(job["attemptDeadline"])
    elif not job["pubsubTarget"].get("topicName") or not {"data", "attributes"} & job["pubsubTarget"].keys():
        raise GoogleError("INVALID_ARGUMENT", "Job.pubsubTarget: topicName and one of data, attributes are required")
    job.setdefault("timeZone", "Etc/UTC")
    job["retryConfig"] = _retry_config(job.get("retryConfig", {}))
    next_time(job, 0)
    return job


def _http_target(target: Json) -> Json:
    method = target.get("httpMethod", "POST")
    # The clients send enums as numbers; POST is 1.
    method = _METHODS[method - 1] if isinstance(method, int) and 0 < method <= len(_METHODS) else method
    if method not in _METHODS:
        raise GoogleError(
            "INVALID_ARGUMENT", f"Job.httpTarget.httpMethod: {method} is not one of {', '.join(_METHODS)}"
        )
    if not str(target.get("uri", "")).startswith(("http://", "https://")):
        raise GoogleError("INVALID_ARGUMENT", "Job.httpTarget.uri: must start with http:// or https://")
    return target | {"httpMethod": method}


def _retry_config(config: Json) -> Json:
    config = _RETRY_DEFAULTS | config
    if not 0 <= int(config["retryCount"]) <= _MAX_RETRIES:
        raise GoogleError("INVALID_ARGUMENT", f"Job.retryConfig.retryCount: must be between 0 and {_MAX_RETRIES}")
    for key in ("maxRetryDuration", "minBackoffDuration", "maxBackoffDuration"):
        parse_duration(config[key])
    return config


def next_time(job: Json, after: float) -> float:
    """When the job fires next after that moment, both in seconds since 1970. Raises GoogleError INVALID_ARGUMENT."""
    cron, zone = job.get("schedule", ""), job["timeZone"]
    try:
        start = datetime.fromtimestamp(after, ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        raise GoogleError("INVALID_ARGUMENT", f"Job.timeZone: {zone!r} is not a time zone of the tz database") from None
    if len(cron.split()) != 5 or not croniter.is_valid(cron):
        raise GoogleError("INVALID_ARGUMENT", f"Job.schedule: {cron!r} is not a cron expression of five fields")
    following: datetime = croniter(cron, start).get_next(datetime)
    return following.timestamp()


def retry_pause(config: Json, failures: int, since: float, now: float) -> float | None:
    """Seconds until the attempt after `failures` failed ones (1, 2, …) of a run begun at `since`; None: give up."""
    limit, longest = int(config["retryCount"]), parse_duration(config["maxRetryDuration"])
    if failures > limit and not (limit == 0 and longest > 0):
        return None
    if longest and now - since >= longest:
        return None
    shortest, doublings = parse_duration(config["minBackoffDuration"]), int(config["maxDoublings"])
    # Doubles `maxDoublings` times, then grows by the last doubled pause.
    doubled = shortest * 2 ** min(failures - 1, doublings)
    pause = doubled * (1 + max(0, failures - 1 - doublings))
    return float(min(pause, parse_duration(config["maxBackoffDuration"])))
