"""TemplateService: every version stays, and kompositions come out of templates."""

import pytest

from shared.core.errors import InvalidInput, NotFound, PreconditionFailed
from shared.core.ids import new_id
from shared.kompositions import KompositionService, parse_komposition
from shared.templates import TemplateService, Variable, VariableType
from tests.cloud import RunningCloud
from tests.shared.kompositions.store.contents import content

service = TemplateService()
BPM = Variable(name="tempo", type=VariableType.NUMBER, default=100, pointers=["/bpm"])


@pytest.fixture
def user(cloud: RunningCloud) -> str:
    """A new user's id."""
    return new_id()


def test_what_is_saved_is_what_is_read(user: str) -> None:
    odd = Variable(
        name="odd", type=VariableType.CHOICE, choices=[[[1]], {"": None}, "x"], pointers=["/title"], default="x"
    )
    saved = service.save_template(
        user, "t", parse_komposition(content()), [BPM, odd], name="Intro", description="Short"
    )
    assert service.get_template(user, "t") == saved
    assert saved.variables == [BPM, odd]
    [listed] = service.list_templates(user, 10).items
    assert (listed.id, listed.variables, listed.version) == ("t", [BPM, odd], 1)


def test_every_version_stays(user: str) -> None:
    for number in (1, 2, 3):
        service.save_template(user, "t", parse_komposition(content(number)), [], name=f"Number {number}")
    assert [service.get_template(user, "t", number).name for number in (1, 2, 3)] == [
        "Number 1",
        "Number 2",
        "Number 3",
    ]
    first = service.list_versions(user, "t", 2)
    rest = service.list_versions(user, "t", 2, first.next_page_token)
    assert [each.version for each in (*first.items, *rest.items)] == [3, 2, 1]


def test_a_save_that_comes_too_late_is_refused(user: str) -> None:
    def stale(_current: str | None) -> None:
        raise PreconditionFailed("Too late.")

    service.save_template(user, "t", parse_komposition(content()), [], name="First")
    with pytest.raises(PreconditionFailed):
        service.save_template(user, "t", parse_komposition(content()), [], name="Late", check=stale)
    with pytest.raises(PreconditionFailed):
        service.delete_template(user, "t", stale)
    assert service.get_template(user, "t").name == "First"


def test_a_komposition_comes_out_of_any_version(user: str) -> None:
    service.save_template(user, "t", parse_komposition(content()), [BPM], name="Intro")
    service.save_template(user, "t", parse_komposition(content()), [], name="No variables")
    made = service.instantiate(user, "t", {"tempo": 90}, komposition_id="k", version=1)
    assert (made.title, made.parse().bpm, made.metadata.version) == ("Intro", 90, 1)
    assert made.metadata.message == "From template Intro, version 1"
    assert service.instantiate(user, "t", {"tempo": 90}, komposition_id="k", version=1) == made
    assert KompositionService().get_komposition(user, "k") == made
    with pytest.raises(InvalidInput):
        service.instantiate(user, "t", {"tempo": 90}, komposition_id="other")


def test_a_large_template_is_kept_and_goes_whole(user: str) -> None:
    large = parse_komposition(content(extra={"list in list": [[1]]}))
    service.save_template(user, "t", large, [BPM], name="Large")
    assert service.get_template(user, "t").parse() == large
    service.delete_template(user, "t")
    for version in (None, 1):
        with pytest.raises(NotFound):
            service.get_template(user, "t", version)
    with pytest.raises(NotFound):
        service.list_versions(user, "t", 1)
