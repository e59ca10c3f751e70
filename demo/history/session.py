"""A session: what a person does in one sitting, as events in the wire's JSON.

Its times are milliseconds since the history began. In none are ten idle minutes: it is one session, with an id or without."""

from dataclasses import dataclass, field
from hashlib import blake2b
from math import exp
from random import Random
from typing import Any

from demo.history.anomalies import Troubles
from demo.history.catalogue import Kind, Workflow, catalogue
from demo.history.identifiers import random_id
from demo.history.people import Person

Event = dict[str, Any]

_LONGEST_PAUSE = 480_000.0
_LONGEST_RUN = 3_000_000.0
_WOBBLE = 0.35
_MEMORY_WOBBLE = 0.15
_SIZE_WOBBLE = 0.1
"""Standard deviations of the logarithms of times, of memory and of the sizes of results."""
_OUTLIERS = 0.02
_TEMPLATED = 4
"""One in so many workflows is started from a template."""
_ON_GPU = frozenset({"mp4", "mov"})
"""What is written with the help of a GPU."""
_KNOWN_TYPE = 0.7
"""How often a client says what kind of workflow it is."""
_PROVIDERS = (("runway", 7.6, 0.50, 0.03), ("pika", 6.9, 0.20, 0.05), ("luma", 7.2, 0.35, 0.04))
"""Name, mean quality, dollars, and how often it fails."""
_NOISE = (
    "trim",
    "resize",
    "convert",
    "extract_audio",
    "normalize_audio",
    "leica_look",
    "gaussian_blur",
    "vintage_color",
    "to_mp3",
)


_AUDIO = frozenset({"wav", "mp3", "m4a", "flac"})


@dataclass
class Session:
    """What came of a sitting: the end of each event in milliseconds, with the event, and the operations that were run."""

    person: Person
    work: Workflow
    start: float
    end: float
    session_id: str | None
    events: list[tuple[float, Event]] = field(default_factory=list)
    operations: list[tuple[str, bool]] = field(default_factory=list)


class Sitting:
    """One person at work on one source."""

    def __init__(
        self, person: Person, work: Workflow, start: float, part: float, dice: Random, troubles: Troubles
    ) -> None:
        self._dice = dice
        self._part = part
        self._troubles = troubles if troubles.any_at(start) else None
        self._mb = min(20_000.0, dice.lognormvariate(0, 0.9) * work.mb * person.size)
        self._format = "png" if work.image else person.audio if work.audio else person.video
        self._kinds = catalogue().kinds
        self._usual = work.usual_at(part)
        self._context: dict[str, Any] = {}
        self._position = 0
        session_id = random_id(dice) if person.names_sessions else None
        if session_id:
            self._context["sessionId"] = session_id
        if work.type and dice.random() < _KNOWN_TYPE:
            self._context["workflowType"] = work.type
        self.session = Session(person, work, start, start, session_id)

    def run(self) -> Session:
        """Do it: steps with pauses, now and then something else in between, again after a failure, until done or given up."""
        work, dice = self.session.work, self._dice
        steps = list(work.steps) * (dice.randint(2, work.repeats) if work.repeats > 1 else 1)
        if work.wanders:
            steps = dice.choices(_NOISE, k=dice.randint(1, 6))
        if work.repeats > 1:
            self._context["batchSize"] = len(steps)
        if work.generates:
            self._generate()
        done = all(self._step(step, last=number == len(steps) - 1) for number, step in enumerate(steps))
        self._tell_afterwards(done)
        return self.session

    def _step(self, name: str, *, last: bool) -> bool:
        """Run an operation until it succeeds or the person gives up the whole. Whether they go on."""
        dice = self._dice
        for _ in range(3):
            if self._operate(name):
                break
            if dice.random() < 0.35:
                return False
        if not last and dice.random() < self.session.work.gap:
            self._operate(dice.choice(_NOISE))
        return True

    def _operate(self, name: str) -> bool:
        """One run of an operation. Whether it succeeded."""
        kind, source, mb = self._kinds[name], self._format, self._mb
        parameters = self._parameters(kind)
        output = kind.output or ("wav" if source in _AUDIO else source)
        if output == "mp4" and name == "convert":
            output = self.session.person.output
        error = self._failure(kind, mb, source, output)
        ms = self._milliseconds(kind.usual_ms(mb, output, parameters), failed=error is not None)
        self._pass(self._pause() + ms)
        event = self._event("operation")
        size = int(float(f"{mb * 1e6:.4g}"))
        event["operation"] = {
            "type": name,
            "inputFormat": source,
            "outputFormat": output,
            "sourceFileType": "image" if source == "png" else "audio" if source in _AUDIO else "video",
            "parameters": parameters,
            "fileSize": size,
            "fileSizeCategory": "small" if size < 10_000_000 else "medium" if size < 100_000_000 else "large",
        }
        if error is None:
            result = 1e6 * kind.usual_mb(mb, parameters) * exp(self._dice.gauss(0, _SIZE_WOBBLE))
            event["operation"]["outputSize"] = int(float(f"{result:.4g}"))
        event["metrics"] = self._metrics(kind, mb, ms, error)
        if output in _ON_GPU:
            event["metrics"]["gpuUsage"] = round(event["metrics"]["cpuUsage"] / 5, 1)
        event["context"] = {**self._context, "sequencePosition": self._position}
        self._position += 1
        self.session.operations.append((name, error is None))
        if error is None:
            self._mb, self._format = max(0.05, mb * kind.keeps), output
        return error is None

    def _milliseconds(self, usual: float, *, failed: bool) -> float:
        """What a run takes that usually takes so long; one that fails ends somewhere in between."""
        dice = self._dice
        wobble = dice.gauss(0, _WOBBLE)
        if dice.random() < _OUTLIERS:
            wobble += dice.uniform(1, 3)
        ms = usual * exp(wobble)
        if self._troubles:
            ms *= self._troubles.strength(self.session.end, "slow", "everything") or 1
        if failed:
            ms *= dice.random()
        return min(round(ms, 1), _LONGEST_RUN)

    def _metrics(self, kind: Kind, mb: float, ms: float, error: str | None) -> dict[str, Any]:
        dice = self._dice
        metrics = {
            "success": error is None,
            "processingTime": ms,
            "cpuUsage": round(60 + 330 * dice.random(), 1),
            "memoryUsage": round(kind.usual_memory(mb) * exp(dice.gauss(0, _MEMORY_WOBBLE)), 1),
        }
        if error:
            metrics["errorCode"] = error
            metrics["errorMessage"] = f"{kind.name} gave up: {error.lower().replace('_', ' ')}"
        return metrics

    def _failure(self, kind: Kind, mb: float, source: str, output: str) -> str | None:
        dice = self._dice
        for cause in kind.causes:
            if cause.holds(mb, source, output):
                return cause.error if dice.random() < cause.rate else None
        if self._troubles and dice.random() < self._troubles.strength(self.session.end, "errors", kind.name):
            return "DISK_FULL"
        return dice.choice(catalogue().errors) if dice.random() < kind.fails else None

    def _parameters(self, kind: Kind) -> dict[str, Any]:
        dice = self._dice
        chosen = {}
        for name, (usual, share, others) in kind.parameters.items():
            value = self._usual.get(name, usual)
            chosen[name] = value if dice.random() < share else dice.choice(others)
        return chosen

    def _generate(self) -> None:
        """Have a provider make the source."""
        dice = self._dice
        provider, quality, cost, fails = dice.choice(_PROVIDERS)
        if self._troubles:
            fails = self._troubles.strength(self.session.end, "outage", provider) or fails
        success = dice.random() >= fails
        self._pass(dice.lognormvariate(10.3, 0.4))
        event = self._event("generation")
        event["generation"] = {"provider": provider, "costUsd": round(cost * dice.uniform(0.8, 1.2), 3)}
        event["metrics"] = {"success": success, "processingTime": round(dice.lognormvariate(10.3, 0.4), 1)}
        if success:
            event["generation"]["qualityScore"] = round(min(10.0, max(0.0, dice.gauss(quality, 0.8))), 2)
        else:
            event["metrics"]["errorCode"] = "PROVIDER_UNAVAILABLE"
        event["context"] = dict(self._context)

    def _tell_afterwards(self, done: bool) -> None:
        """What a client tells at the end: of the workflow as a whole, what the person thought of it, and of a crash."""
        dice = self._dice
        if self._context.get("workflowType") and dice.random() < 0.5:
            self._pass(50.0)
            event = self._event("workflow")
            taken = round(self.session.end - self.session.start, 1)
            event["metrics"] = {"success": done, "processingTime": taken}
            event["context"] = {**self._context, "workflowId": self._workflow_id(event)}
        if dice.random() < 0.06:
            self._pass(dice.uniform(2_000, 60_000))
            event = self._event("feedback")
            liked = dice.gauss(4.1 if done else 2.2, 0.8)
            event["generation"] = {"satisfaction": round(min(5.0, max(0.0, liked)), 1)}
            event["context"] = dict(self._context)
        if not done and dice.random() < 0.15:
            self._pass(500.0)
            event = self._event("error")
            event["metrics"] = {"success": False, "errorCode": "CLIENT_GAVE_UP"}

    def _workflow_id(self, event: Event) -> str:
        """That of the template it was started from, for one in _TEMPLATED; else of the run, which is the session."""
        if int(self.session.start) % _TEMPLATED == 0:
            return f"mined-{blake2b(self.session.work.name.encode(), digest_size=10).hexdigest()}"
        return self.session.session_id or event["eventId"]

    def _pause(self) -> float:
        """Thinking, before something is done: about 20 seconds."""
        return min(_LONGEST_PAUSE, self._dice.lognormvariate(9.9, 0.9))

    def _pass(self, ms: float) -> None:
        self.session.end += ms

    def _event(self, event_type: str) -> Event:
        event: Event = {
            "eventId": random_id(self._dice),
            "platform": self.session.person.platform,
            "eventType": event_type,
        }
        self.session.events.append((self.session.end, event))
        return event
