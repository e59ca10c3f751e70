"""The analytics service: the collector for asynchronous programs, and the reports that the API gives."""

import contextlib
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from .collector import AnalyticsCollector
from .documents import name_of
from .reports import OperationSequencePattern, ReportProblem, UsageStatistics

T = TypeVar("T")

MAX_USERS = 10_000
MAX_RECENT = 100
_CONTEXT = {
    "workflowType": "workflow_type",
    "workflowId": "workflow_id",
    "sequencePosition": "sequence_position",
    "batchSize": "batch_size",
    "sessionId": "session_id",
}


class AnalyticsService:
    """Tracks operations of FFmpeg and asks for what was learned. The methods that track wait for nothing and raise nothing;
    those that ask raise ReportProblem."""

    def __init__(self, collector: AnalyticsCollector | None = None, **settings: Any) -> None:
        self.collector = collector or AnalyticsCollector(**settings)
        self._recent: OrderedDict[str, deque[tuple[float, str, int, bool]]] = OrderedDict()

    async def track_ffmpeg_operation(
        self,
        user_id: str,
        operation_type: str,
        parameters: Mapping[str, Any],
        processing_time: int,
        success: bool,
        input_format: str = "",
        output_format: str = "",
        file_size: int | None = None,
        error_message: str | None = None,
        workflow_context: Mapping[str, Any] | None = None,
    ) -> None:
        """One run of FFmpeg has ended. `processing_time` in milliseconds, `file_size` in bytes; `workflow_context` has any of
        `workflowType`, `workflowId`, `sequencePosition`, `batchSize` and `sessionId`."""
        with contextlib.suppress(Exception):
            context = workflow_context if isinstance(workflow_context, Mapping) else {}
            details = {name: context.get(wire) for wire, name in _CONTEXT.items()}
            self.collector.track_operation(
                user_id,
                operation_type,
                parameters,
                processing_time,
                success,
                input_format=input_format,
                output_format=output_format,
                file_size=file_size,
                error_message=error_message,
                **details,
            )
            self._remember(str(user_id), name_of(operation_type), processing_time, success)

    async def identify_operation_sequence(
        self, user_id: str, operations: Sequence[str] = (), timeframe_minutes: int = 10
    ) -> str | None:
        """The workflow that these operations are, written `trim->resize->to_mp3`, and tracked as one; without any, those that
        were tracked here for this user within so many minutes. None if there are fewer than two."""
        with contextlib.suppress(Exception):
            since = time.monotonic() - timeframe_minutes * 60
            recent = [told for told in self._recent.get(str(user_id), ()) if told[0] >= since]
            names = [name_of(each) for each in operations] or [told[1] for told in recent]
            if len(names) < 2:
                return None
            run = recent[-len(names) :] if [told[1] for told in recent[-len(names) :]] == names else []
            spent = sum(told[2] for told in run)
            rate = sum(told[3] for told in run) / len(run) if run else 1.0
            self.collector.track_workflow(user_id, names, spent, rate)
            return "->".join(names)
        return None

    async def generate_usage_report(self, start_date: datetime, end_date: datetime) -> UsageStatistics:
        """What was run in [start, end): everybody's for analysts and operators, else your own. Raises ReportProblem."""
        told = await self._ask("/v1/events/usage", start=_moment(start_date), end=_moment(end_date))
        report: UsageStatistics = _read(UsageStatistics.of, told)
        return report

    async def get_template_candidates(
        self, min_frequency: int = 5, min_success_rate: float = 0.8
    ) -> list[OperationSequencePattern]:
        """The workflows that are run often and well enough to become templates, the most frequent first. Raises
        ReportProblem."""
        told = await self._ask("/v1/events/sequences", minFrequency=min_frequency, minSuccessRate=min_success_rate)
        return [_read(OperationSequencePattern.of, each) for each in _read(lambda answer: answer["items"], told)]

    async def flush(self, timeout: float = 5.0) -> bool:
        """As the collector's, without holding up the loop."""
        return await _in_thread(self.collector.flush, timeout)

    async def close(self, timeout: float = 2.0) -> bool:
        """As the collector's, without holding up the loop."""
        return await _in_thread(self.collector.close, timeout)

    async def _ask(self, path: str, **query: Any) -> dict[str, Any]:
        configuration = self.collector.configuration
        if self.collector.problem:
            raise ReportProblem(self.collector.problem)

        def get() -> dict[str, Any]:
            from .transport import Transport

            url = f"{configuration.origin}{path}?{urlencode(query)}"
            answer = Transport(configuration.timeout).get(url, configuration.bearer())
            if answer.status != 200:
                raise ReportProblem(answer.problem or f"The API answered {answer.status}.")
            return answer.body

        return await _in_thread(get)

    def _remember(self, user: str, operation: str, spent: int, success: bool) -> None:
        told = self._recent.pop(user, None) or deque(maxlen=MAX_RECENT)
        told.append((time.monotonic(), operation, spent if isinstance(spent, int) else 0, success is True))
        self._recent[user] = told
        while len(self._recent) > MAX_USERS:
            self._recent.popitem(last=False)


async def _in_thread(call: Callable[..., T], *arguments: Any) -> T:
    from asyncio import to_thread  # Whoever awaits has it already; whoever tracks from plain code need not load it.

    return await to_thread(call, *arguments)


def _moment(at: datetime) -> str:
    """A moment as the API takes it; one without a zone is in this machine's."""
    return (at if at.tzinfo else at.astimezone()).isoformat()


def _read(reader: Any, told: Any) -> Any:
    try:
        return reader(told)
    except (KeyError, TypeError) as error:
        raise ReportProblem(f"The API's answer is no report: {error!r} is missing.") from error
