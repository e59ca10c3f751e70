"""The life of a template: proposed, published, versioned, retired; by thresholds and by operators, again and again."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from shared.core.clients import bigquery_client, firestore_client
from shared.core.errors import Conflict, NotFound
from shared.events import Context, Event, EventType, Metrics, Platform
from shared.patterns import (
    PatternAnalyzer,
    Template,
    TemplateSort,
    TemplateState,
    decide,
    decisions_about,
    get_template,
    get_version,
    list_templates,
)
from shared.patterns.templates.store import forget
from tests.cloud import ROOT, RunningCloud, wait_for
from tests.shared.patterns.histories import CLIP, every_day, tell_sessions
from tests.shared.told import tell

PUBLISHED, PROPOSED, RETIRED = TemplateState.PUBLISHED, TemplateState.PROPOSED, TemplateState.RETIRED


@pytest.fixture(autouse=True)
def nothing_known(cloud: RunningCloud) -> Iterator[None]:
    """No events and no templates of other tests."""
    bigquery_client().query_and_wait("DELETE FROM kompo.events WHERE TRUE")
    for document in firestore_client().collection("templates").list_documents():
        forget(document.id)
    yield


def generate(at: datetime) -> dict[str, Template]:
    """What the nightly function does at this moment; all templates by pattern."""
    analyzer = PatternAnalyzer(at)
    return {each.pattern: each for each in analyzer.generate_templates(analyzer.analyze_operation_sequences())}


def clips(last: datetime, count: int, users: int, **told: object) -> None:
    tell_sessions(f"clip{last:%j%H}", every_day(last, count), CLIP, users=users, **told)


def test_what_many_do_is_published_with_what_they_usually_choose(hour: datetime) -> None:
    clips(hour, 20, users=5)
    odd = (("trim", {"start": 7.123, "duration": 15}), *CLIP[1:])
    tell_sessions("odd", every_day(hour, 2), odd, users=2)
    template = generate(hour + timedelta(days=1))["trim->resize->to_mp3"]
    assert (template.name, template.slug) == ("Create Social Media Clip", "create_social_media_clip")
    assert (template.state, template.version, template.workflow_type) == (PUBLISHED, 1, "social_media")
    assert (template.frequency, template.user_count, template.avg_duration) == (22, 7, 30_000)
    trim, resize, to_mp3 = template.steps
    assert trim.presets == {"duration": 15, "start": 0}
    assert (resize.presets, to_mp3.output_format) == ({"width": 1080, "height": 1920}, "mp3")
    assert list_templates(10).items == [template]


def test_what_few_do_is_proposed_and_seen_by_nobody(hour: datetime) -> None:
    clips(hour, 30, users=4)
    template = generate(hour + timedelta(days=1))["trim->resize->to_mp3"]
    assert template.state is PROPOSED
    assert all(not step.parameters for step in template.steps), "nothing is told that fewer than five people chose"
    assert list_templates(10).items == []
    with pytest.raises(Conflict, match="At least 5 people"):
        decide(template.id, PUBLISHED, "operator")


def test_looked_at_twice_nothing_changes(hour: datetime) -> None:
    clips(hour, 20, users=5)
    at = hour + timedelta(days=1)
    first = generate(at)
    assert generate(at) == first == {each.pattern: each for each in list_templates(10).items}
    sql = f"SELECT COUNT(*) AS n FROM kompo.sequence_patterns WHERE generated_at = TIMESTAMP '{at.isoformat()}'"
    [[kept]] = [list(row.values()) for row in bigquery_client().query_and_wait(sql)]
    assert kept == 1


def test_other_habits_are_another_version_and_the_old_one_stays_readable(hour: datetime) -> None:
    clips(hour, 20, users=5)
    before = generate(hour + timedelta(days=1))["trim->resize->to_mp3"]
    wide = (CLIP[0], ("resize", {"width": 1920, "height": 1080}), CLIP[2])
    tell_sessions("wide", every_day(hour + timedelta(days=30), 25), wide, users=6)
    after = generate(hour + timedelta(days=31))["trim->resize->to_mp3"]
    assert (after.version, after.state) == (2, PUBLISHED)
    assert after.steps[1].presets == {"width": 1920, "height": 1080}
    assert get_version(before.id, 1).steps[1].presets == {"width": 1080, "height": 1920}
    assert get_version(before.id, 2).digest == after.content.digest


def test_a_proposal_that_nobody_needs_any_more_is_forgotten(hour: datetime) -> None:
    clips(hour, 10, users=3)
    template = generate(hour + timedelta(days=1))["trim->resize->to_mp3"]
    assert generate(hour + timedelta(days=95)) == {}
    with pytest.raises(NotFound):
        get_template(template.id)


def test_what_is_not_used_for_a_month_is_retired_and_comes_back_with_its_users(hour: datetime) -> None:
    clips(hour, 20, users=5)
    generate(hour + timedelta(days=1))
    retired = generate(hour + timedelta(days=32))["trim->resize->to_mp3"]
    assert (retired.state, retired.reason) == (RETIRED, "Nobody has run it for 30 days.")
    clips(hour + timedelta(days=40), 20, users=6)
    assert generate(hour + timedelta(days=41))["trim->resize->to_mp3"].state is PUBLISHED
    told = [(each.after.value, each.by) for each in decisions_about(retired.id)]
    assert told == [("published", "system"), ("retired", "system"), ("published", "system")]


def test_what_is_run_as_a_template_is_used(hour: datetime) -> None:
    clips(hour, 20, users=5)
    template = generate(hour + timedelta(days=1))["trim->resize->to_mp3"]
    for number in range(6):
        run = Event(
            event_id=f"run-{number}",
            timestamp=hour + timedelta(days=25),
            platform=Platform.MCP,
            event_type=EventType.WORKFLOW,
            metrics=Metrics(success=number != 0, processing_time=1),
            context=Context(workflow_id=template.id, workflow_type="social_media"),
        )
        tell(f"user {number}", run)
    used = generate(hour + timedelta(days=32))["trim->resize->to_mp3"]
    assert (used.state, used.uses, used.use_success_rate) == (PUBLISHED, 6, round(5 / 6, 4))


def test_what_fails_is_retired(hour: datetime) -> None:
    clips(hour, 60, users=5)
    assert generate(hour + timedelta(days=1))["trim->resize->to_mp3"].state is PUBLISHED
    later = hour + timedelta(days=28)
    tell_sessions("bad", every_day(later, 25), CLIP, users=5, failures=15)
    retired = generate(later + timedelta(hours=1))["trim->resize->to_mp3"]
    assert (retired.state, retired.reason) == (RETIRED, "Only 40% of its runs in the last 28 days succeeded.")


def test_what_an_operator_decided_stands(hour: datetime) -> None:
    clips(hour, 20, users=5)
    at = hour + timedelta(days=1)
    template = generate(at)["trim->resize->to_mp3"]
    named = decide(template.id, RETIRED, "olga", "too much like another")
    assert generate(at)[named.pattern].state is RETIRED
    decide(template.id, TemplateState.REVIEWED, "olga", name="Olga's Clip", description="Her own.")
    published = decide(template.id, PUBLISHED, "olga")
    after = generate(at)[named.pattern]
    assert (after.state, after.name, after.slug, after.version) == (PUBLISHED, "Olga's Clip", "olga_s_clip", 2)
    assert after == published
    assert [each.by for each in decisions_about(template.id)] == ["system", "olga", "olga", "olga"]
    audited = firestore_client().collection("audit_log").stream()
    told = [entry.to_dict() for entry in audited]
    assert {"template.retired", "template.reviewed", "template.published"} == {
        entry["action"] for entry in told if entry["by"] == "olga"
    }


def test_what_fewer_than_five_people_do_is_taken_back_whoever_published_it(hour: datetime) -> None:
    clips(hour, 20, users=5)
    at = hour + timedelta(days=1)
    template = generate(at)["trim->resize->to_mp3"]
    decide(template.id, RETIRED, "olga")
    decide(template.id, PUBLISHED, "olga")
    erased = "DELETE FROM kompo.events WHERE user_id = (SELECT MIN(user_id) FROM kompo.events)"
    bigquery_client().query_and_wait(erased)
    assert generate(at)[template.pattern].state is RETIRED


def test_lists_are_filtered_and_paged(hour: datetime) -> None:
    clips(hour, 21, users=5)
    podcast = (("extract_audio", {}), ("normalize_audio", {}), ("to_mp3", {}))
    tell_sessions("pod", every_day(hour, 24), podcast, users=6, workflow_type="podcast")
    generate(hour + timedelta(days=1))
    found = list_templates(9, workflow_type="podcast").items
    assert [each.name for each in found] == ["Podcast Enhancement"], found
    assert list_templates(9, platform=Platform.WEBAPP).items == []
    for sort in TemplateSort:
        page = list_templates(1, sort=sort, platform=Platform.MCP)
        rest = list_templates(9, page.next_page_token, sort=sort, platform=Platform.MCP)
        assert len({each.name for each in (*page.items, *rest.items)}) == 2
    assert list_templates(1).items[0].name == "Podcast Enhancement"


def test_a_night_that_is_killed_leaves_whole_templates_and_the_next_one_finishes(
    cloud: RunningCloud, hour: datetime
) -> None:
    names = [f"{word}_{number}" for word in ("trim", "crop", "fade", "blur", "mix", "loop") for number in (1, 2)]
    for first, second in zip(names[::2], names[1::2], strict=True):
        tell_sessions(first, every_day(hour, 20), ((first, {}), (second, {})), users=5)
    at = hour + timedelta(days=1)
    code = f"""from datetime import datetime
from shared.patterns import PatternAnalyzer
analyzer = PatternAnalyzer(datetime.fromisoformat("{at.isoformat()}"))
analyzer.generate_templates(analyzer.analyze_operation_sequences())"""
    collection = firestore_client().collection("templates")
    night = subprocess.Popen([sys.executable, "-c", code], env={**cloud.env, "PYTHONPATH": str(ROOT)})
    wait_for(lambda: list(collection.limit(1).stream()), "the first template is there", seconds=60)
    night.kill()
    night.wait()
    for document in collection.stream():
        assert document.reference.collection("versions").document("1").get().exists
        assert len(list(document.reference.collection("decisions").list_documents())) == 1
    finished = generate(at)
    assert set(finished) == {f"{first}->{second}" for first, second in zip(names[::2], names[1::2], strict=True)}
    assert generate(at) == finished
