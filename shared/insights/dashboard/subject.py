"""Subject: what a page of the dashboard is about, and which KPIs it shows unless others are asked for."""

from enum import StrEnum

from shared.insights.kpi import Category, Dimension, Kpi, kpis


class Subject(StrEnum):
    """The pages that show KPIs."""

    SUMMARY = "summary"
    PERFORMANCE = "performance"
    QUALITY = "quality"
    BUSINESS = "business"
    PROVIDERS = "providers"
    TRENDS = "trends"
    USER_INSIGHTS = "user-insights"
    ALERTS = "alerts"

    @property
    def by(self) -> tuple[Dimension, ...]:
        """What its KPIs are told apart by unless it is said otherwise."""
        return (Dimension.PROVIDER,) if self is Subject.PROVIDERS else ()


HEADLINES = ("operations", "success_rate", "processing_time_p95", "unique_users", "quality_score", "cost")
"""What the summary shows, and the trends: how much, how well, how fast, for how many, how good, at what price."""
_CATEGORIES = {
    Subject.PERFORMANCE: (Category.PERFORMANCE, Category.SYSTEM),
    Subject.QUALITY: (Category.QUALITY, Category.LEARNING),
    Subject.BUSINESS: (Category.BUSINESS,),
    Subject.USER_INSIGHTS: (Category.USAGE,),
    Subject.ALERTS: (Category.ALERTING,),
}


def kpis_of(subject: Subject, *, own: bool) -> list[str]:
    """The names of the KPIs of a page, in the order in which they are declared; with `own`, of those that a person has a share
    of their own in."""
    return [each.name for each in kpis().values() if _is_about(each, subject) and (not own or each.personal)]


def _is_about(kpi: Kpi, subject: Subject) -> bool:
    if subject in (Subject.SUMMARY, Subject.TRENDS):
        return kpi.name in HEADLINES
    if subject is Subject.PROVIDERS:
        return Dimension.PROVIDER in kpi.dimensions
    return kpi.category in _CATEGORIES[subject]
