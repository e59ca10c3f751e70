"""The loop closed: what is heard of clips changes, overnight, what the next ones are chosen by, for their owner and for all."""

from datetime import timedelta
from itertools import count

import pytest

from shared.clips import StoredClip, learn_clips, users, weights_for
from shared.clips.feedback import ClipExport, ClipView, Outcome
from shared.clips.learning import everybodys
from shared.clips.learning.example import NAMES, examples_of
from shared.clips.learning.store import predicted
from shared.clips.ranking import default_weights
from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.core.ids import new_id
from tests.cloud import RunningCloud
from tests.shared.clips.keeping import clip
from tests.shared.clips.learning.audience import CATEGORY, Audience

LIKES_FACES = {"faces": 6.0, "prompt_match": -3.0}
"""Of an audience that comes to see somebody."""
LIKES_NUMBERS = {"numbers": 8.0, "hook": -4.0}
"""Of one that wants to learn something."""
_numbers = count()


def keep_heard_of(user: str, audience: Audience, recordings: int) -> list[StoredClip]:
    """Clips of the user, and how they did with the audience."""
    batch = firestore_client().batch()
    kept = []
    for example in audience.watch(recordings):
        watched = ClipView(event_id="v", at=now(), views=200, watched=example.success)
        stored = clip(user, f"c{next(_numbers)}", job_id=example.group, outcome=Outcome().after(watched))
        measured = stored.clip.model_copy(update={"features": dict(example.features)})
        kept.append(stored.model_copy(update={"clip": measured, "predicted": example.predicted}))
        batch.set(kept[-1].reference, kept[-1].document())
    batch.commit()
    return kept


@pytest.fixture(scope="module")
def learned(cloud: RunningCloud) -> dict[str, str]:
    """Eight people with one audience, one more whose audience is another, and one with a single clip; after a night."""
    for left in firestore_client().collection_group("clips").stream():
        left.reference.delete()  # By other tests of this cloud.
    crowd = [new_id() for _ in range(8)]
    # What becomes of their clips is the same in every run: it is drawn by these names, and not by their ids.
    for number, user in enumerate(crowd):
        keep_heard_of(user, Audience(LIKES_FACES, person=f"one of the crowd, {number}"), 2)
    odd, new = new_id(), new_id()
    keep_heard_of(odd, Audience(LIKES_NUMBERS, person="the odd one"), 14)
    keep_heard_of(new, Audience({}, person="the new one"), 1)
    done = learn_clips(now())
    assert done.users == 10
    return {"one": crowd[0], "odd": odd, "new": new, "nobody": new_id()}


def test_what_everybodys_clips_say_is_where_those_begin_of_whom_nothing_is_known(learned: dict[str, str]) -> None:
    usual, known = default_weights(CATEGORY), weights_for(learned["nobody"], CATEGORY)
    audience = Audience(LIKES_FACES)
    assert audience.order(known) > audience.order(usual) + 0.03
    assert everybodys().people == 10
    assert users(learned["nobody"]).shifts == {}


def test_who_is_different_has_weights_of_their_own(learned: dict[str, str]) -> None:
    common, own = (weights_for(learned[who], CATEGORY) for who in ("nobody", "odd"))
    audience = Audience(LIKES_NUMBERS)
    assert audience.order(own) > audience.order(common) + 0.03
    report = users(learned["odd"]).reports[CATEGORY]
    assert report.clips == 84
    assert report.order.learnt is not None and report.order.usual is not None
    assert report.order.learnt > report.order.usual


def test_a_single_recording_changes_no_order(learned: dict[str, str]) -> None:
    audience = Audience({})
    common, own = (weights_for(learned[who], CATEGORY) for who in ("nobody", "new"))
    assert audience.order(own) == pytest.approx(audience.order(common))


def test_what_is_predicted_is_a_share(learned: dict[str, str]) -> None:
    for who in learned.values():
        assert 0 <= predicted(who, 0.0, "embedded") <= predicted(who, 1.0, "embedded") <= 1


def test_clips_older_than_a_year_are_forgotten(cloud: RunningCloud) -> None:
    user = new_id()
    old = clip(user, "old", created=now() - timedelta(days=400))
    heard = old.model_copy(update={"outcome": Outcome().after(ClipExport(event_id="e", at=now()))})
    heard.reference.set(heard.document())
    learn_clips(now())
    assert users(user).clips == 0


def test_who_has_opted_out_teaches_themselves_and_nobody_else(cloud: RunningCloud) -> None:
    user = new_id()
    firestore_client().document("users", user).set({"analyticsOptOut": True})
    keep_heard_of(user, Audience(LIKES_FACES, person=user), 2)
    before = everybodys().clips
    learn_clips(now())
    assert everybodys().clips == before
    assert users(user).clips == 12


def test_a_clip_that_its_owner_passed_over_is_an_example_and_one_of_an_undecided_job_is_not() -> None:
    exported = Outcome().after(ClipExport(event_id="e", at=now()))
    clips = [
        clip("u", "a", job_id="decided", outcome=exported),
        clip("u", "b", job_id="decided"),
        clip("u", "c", job_id="untouched"),
    ]
    chosen, passed = examples_of(clips)
    assert (chosen.group, passed.group) == ("decided", "decided")
    assert chosen.success > passed.success
    assert chosen.weight > passed.weight


def test_a_feature_that_an_older_clip_was_not_measured_by_says_nothing() -> None:
    heard = Outcome().after(ClipExport(event_id="e", at=now()))
    (example,) = examples_of([clip("u", "a", outcome=heard)])
    assert example.features.keys() < set(NAMES)
