"""Reports: what happened in a day, week, month or quarter, why, and what to do; every number of it can be traced."""

from shared.insights.reports.advice import rules
from shared.insights.reports.background import ReportRequest, carry_out, request_report
from shared.insights.reports.edition import Edition, last_edition
from shared.insights.reports.files import FORMATS, write_files
from shared.insights.reports.kinds import ReportKind
from shared.insights.reports.material import Material, ReportText, StoredFact, StoredSentence, prepare
from shared.insights.reports.report import Report, make_report, write_report
from shared.insights.reports.schedule import ReportSchedule
from shared.insights.reports.schedules import (
    change_schedule,
    create_schedule,
    delete_schedule,
    get_schedule,
    list_schedules,
    parse_schedule,
    replace_schedule,
)
from shared.insights.reports.sending import Sent, run_once, send_due
from shared.insights.reports.sentence import Fact, How, Sentence
from shared.insights.reports.stored import StoredReport, get_report, list_reports

__all__ = [
    "FORMATS",
    "Edition",
    "Fact",
    "How",
    "Material",
    "Report",
    "ReportKind",
    "ReportRequest",
    "ReportSchedule",
    "ReportText",
    "Sent",
    "Sentence",
    "StoredFact",
    "StoredReport",
    "StoredSentence",
    "carry_out",
    "change_schedule",
    "create_schedule",
    "delete_schedule",
    "get_report",
    "get_schedule",
    "last_edition",
    "list_reports",
    "list_schedules",
    "make_report",
    "parse_schedule",
    "prepare",
    "replace_schedule",
    "request_report",
    "rules",
    "run_once",
    "send_due",
    "write_files",
    "write_report",
]
