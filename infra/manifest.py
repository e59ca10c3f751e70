"""The manifest: the typed form of `infra/suite.yaml`, the one place where what Kompo deploys is declared."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

ROOT = Path(__file__).resolve().parent.parent
SUITE = ROOT / "infra" / "suite.yaml"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{1,62}$")]
Memory = Annotated[str, StringConstraints(pattern=r"^\d+(Mi|Gi)$")]


class Entry(BaseModel):
    """A part of the manifest: unknown keys are refused, so that a typing error cannot pass for a setting."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HttpTrigger(Entry):
    """Called over HTTPS; `public` lets callers in without Cloud IAM (the function authenticates them itself)."""

    public: bool = False


class StorageTrigger(Entry):
    """Called with a CloudEvent by Eventarc when an object of `bucket` is finalized or deleted."""

    bucket: Name
    event: Literal["finalized", "deleted"]


class PubsubTrigger(Entry):
    """Called by the push subscriptions named."""

    subscriptions: list[Name] = Field(min_length=1)


class Trigger(Entry):
    """What calls a function: exactly one of the four."""

    http: HttpTrigger | None = None
    storage: StorageTrigger | None = None
    pubsub: PubsubTrigger | None = None
    schedule: Name | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("a trigger is exactly one of http, storage, pubsub, schedule")
        return self


class Function(Entry):
    """A deployed function. `timeout` is in seconds; `retry` keeps a failed event for redelivery; `requirements` is the file
    with the packages that are installed for it."""

    name: Name
    source: str
    trigger: Trigger
    memory: Memory
    cpu: float = Field(gt=0, le=8)
    concurrency: int = Field(ge=1, le=1000)
    timeout: int = Field(ge=1, le=3600)
    retry: bool = False
    max_instances: int = Field(default=20, ge=1, le=1000)
    requirements: str = "requirements.txt"


class Gpu(Entry):
    """An accelerator of a job's task."""

    type: Literal["nvidia-l4"]
    count: int = Field(default=1, ge=1, le=1)


class Job(Entry):
    """A Cloud Run job, run as `python -m jobs ARGS…`. `timeout` is in seconds, for a task."""

    name: Name
    args: list[str] = Field(min_length=1)
    image: str
    cpu: int = Field(ge=1, le=8)
    memory: Memory
    timeout: int = Field(ge=1, le=86_400)
    max_retries: int = Field(ge=0, le=10)
    max_tasks: int = Field(ge=1, le=10_000)
    gpu: Gpu | None = None


class Topic(Entry):
    """A Pub/Sub topic."""

    name: Name


class DeadLetter(Entry):
    """Where a message goes after `max_attempts` failed deliveries."""

    topic: Name
    max_attempts: int = Field(ge=5, le=100)


class Subscription(Entry):
    """A Pub/Sub subscription; `push` names the function called, none means pull. Times are in seconds."""

    name: Name
    topic: Name
    push: Name | None = None
    ack_deadline: int = Field(ge=10, le=600)
    min_backoff: float = Field(default=10, ge=0, le=600)
    max_backoff: float = Field(default=600, ge=0, le=600)
    dead_letter: DeadLetter | None = None
    filter: str = ""
    ordering: bool = False


class Schedule(Entry):
    """A Cloud Scheduler job that calls `function` whenever `cron` (five fields, in `timezone`) says so."""

    name: Name
    cron: str
    function: Name
    timezone: str = "Etc/UTC"


class LifecycleRule(Entry):
    """What happens to objects (or unfinished uploads) of that age and prefix."""

    action: Literal["delete", "abort_multipart", "nearline", "coldline", "archive"]
    age_days: int = Field(ge=0)
    prefix: str = ""


class Bucket(Entry):
    """A Storage bucket, deployed as `{project}-{name}`. `cors` lets browsers upload and download directly."""

    name: Name
    cors: bool = False
    versioning: bool = False
    lifecycle: list[LifecycleRule] = []


class Partition(Entry):
    """Time partitioning of a table."""

    field: str
    type: Literal["HOUR", "DAY", "MONTH"] = "DAY"
    expiration_days: int | None = Field(default=None, ge=1)


class Table(Entry):
    """A BigQuery table; its columns are in `infra/bigquery/{name}.json`."""

    name: Name
    partition: Partition | None = None
    cluster: list[str] = Field(default=[], max_length=4)

    @property
    def schema_path(self) -> Path:
        """Where the table's columns are declared."""
        return ROOT / "infra" / "bigquery" / f"{self.name}.json"


class Secret(Entry):
    """A secret of Secret Manager. Its first version is `random_bytes` random bytes, in hexadecimal digits."""

    name: Name
    random_bytes: int = Field(ge=16, le=64)


class Suite(Entry):
    """Everything deployed. Names that point at other entries are checked."""

    region: str
    functions: list[Function]
    jobs: list[Job]
    topics: list[Topic]
    subscriptions: list[Subscription]
    schedules: list[Schedule]
    buckets: list[Bucket]
    dataset: Name
    tables: list[Table]
    secrets: list[Secret]
    indexes: str

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        functions = {f.name: f for f in self.functions}
        subscriptions = {s.name: s for s in self.subscriptions}
        topics = {t.name for t in self.topics}
        for group in (
            self.functions,
            self.jobs,
            self.topics,
            self.subscriptions,
            self.schedules,
            self.buckets,
            self.tables,
            self.secrets,
        ):
            _unique([entry.name for entry in group])
        for subscription in self.subscriptions:
            _known("topic", subscription.topic, topics, subscription.name)
            if subscription.dead_letter:
                _known("topic", subscription.dead_letter.topic, topics, subscription.name)
            if subscription.push:
                _known("function", subscription.push, functions, subscription.name)
        for schedule in self.schedules:
            _known("function", schedule.function, functions, schedule.name)
        for function in self.functions:
            trigger = function.trigger
            if trigger.storage:
                _known("bucket", trigger.storage.bucket, {b.name for b in self.buckets}, function.name)
            if trigger.schedule:
                _known("schedule", trigger.schedule, {s.name for s in self.schedules}, function.name)
            for name in trigger.pubsub.subscriptions if trigger.pubsub else []:
                _known("subscription", name, subscriptions, function.name)
                if subscriptions[name].push != function.name:
                    raise ValueError(f"{function.name}: subscription {name} does not push to it")
        return self


def _unique(names: list[str]) -> None:
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"declared twice: {', '.join(sorted(twice))}")


def _known(kind: str, name: str, known: "set[str] | dict[str, Function] | dict[str, Subscription]", where: str) -> None:
    if name not in known:
        raise ValueError(f"{where}: no {kind} is named {name}")


@cache
def load_suite(path: Path = SUITE) -> Suite:
    """Read and check the manifest. Raises pydantic.ValidationError naming every entry that is wrong."""
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    return Suite.model_validate(yaml.load(path.read_text(), Loader=loader))  # noqa: S506  # It is the safe loader.
