"""As many tasks work on a film as are worth their start, and no more than its owner may have."""

import pytest

from shared.media import MediaInfo
from shared.media.chunking import Prediction, Speeds
from shared.media.transcoding import TranscodeRequest, plan_transcode
from shared.transcodes import foresee


def film(seconds: int, width: int = 1920, height: int = 1080) -> MediaInfo:
    """What is known of a film with sound, a megabyte a second."""
    video = {"index": 0, "kind": "video", "codec": "h264", "width": width, "height": height, "frameRate": "30"}
    audio = {"index": 1, "kind": "audio", "codec": "aac", "sampleRate": 48000, "channels": 2}
    known = {"container": "mov,mp4", "exactDuration": str(seconds), "size": seconds * 10**6, "sha256": "0"}
    return MediaInfo.model_validate({**known, "streams": [video, audio]})


def foreseen(seconds: int, most: int = 60, **measured: float) -> Prediction:
    plan = plan_transcode(film(seconds), TranscodeRequest(profile="ladder"))
    return foresee(plan, Speeds(measured), most)


def test_a_small_film_is_made_whole_by_one_task() -> None:
    prediction = foreseen(20)
    assert (prediction.tasks, prediction.chunks) == (1, 1)
    assert prediction.stages["join"] == 0


def test_an_hour_is_made_by_as_many_tasks_as_there_may_be_in_under_five_minutes() -> None:
    prediction = foreseen(3600)
    assert prediction.tasks == 60
    assert prediction.chunks >= 60
    assert prediction.seconds < 300


def test_no_task_waits_long_for_the_others_to_end() -> None:
    plan = plan_transcode(film(3600), TranscodeRequest(profile="ladder"))
    speeds = Speeds({"encode/cpu/h264/veryfast": 100e6})
    prediction = foresee(plan, speeds, 60)
    work = speeds.encode(plan.renditions, plan.frames) / 60
    assert prediction.stages["encode"] < 1.2 * work, "sound and sidecars are made beside, not after"


def test_the_limit_of_the_users_plan_holds() -> None:
    prediction = foreseen(3600, most=4)
    assert prediction.tasks == 4
    assert prediction.chunks > 4, "little is lost when a task is killed"


def test_the_longer_the_film_the_more_it_takes() -> None:
    seconds = [foreseen(length, most=4).seconds for length in (10, 60, 600, 3600)]
    costs = [foreseen(length).cost_usd for length in (10, 60, 600, 3600)]
    assert seconds == sorted(seconds)
    assert costs == sorted(costs)


@pytest.mark.parametrize("length", [60, 3600])
def test_what_was_measured_to_be_slow_is_split_among_more(length: int) -> None:
    slow = foreseen(length, **{"encode/cpu/h264/veryfast": 20e6})
    assert slow.tasks >= foreseen(length).tasks
    assert slow.cost_usd > foreseen(length).cost_usd
