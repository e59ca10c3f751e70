"""/v1/clips/calibration and /v1/clips/{id}/retention: what was predicted of clips against what became of them, what was learnt
from that, and where people stop watching."""

from datetime import datetime

from flask import Response
from pydantic import Field

from functions.http.answers import IdPath, WireModel, answer
from functions.http.authentication import principal
from functions.http.openapi import resource
from shared import clips
from shared.clips import FEATURES, GENERAL, Preferences, default_weights, retention_of
from shared.clips.learning import Calibration, ClipReport
from shared.prompts import CATEGORY

api = resource("clip_learning")


class CalibrationQuery(WireModel):
    """Of which prompts."""

    category: str | None = Field(default=None, pattern=CATEGORY, description="Left out: of all")


class LearntFromClips(WireModel):
    """What was learnt from clips. `report`: null where too little was heard of clips of this category."""

    clips: int
    people: int
    learnt: datetime | None = Field(description="When; null before the first night")
    report: ClipReport | None = Field(description="What was predicted against what became of the clips")
    calibrations: dict[str, Calibration] = Field(description="By ranker: from what it says to what is likely")

    @classmethod
    def of(cls, known: Preferences, category: str) -> "LearntFromClips":
        """The wire form."""
        return cls(
            clips=known.clips,
            people=known.people,
            learnt=known.learnt,
            report=known.reports.get(category),
            calibrations=known.calibrations,
        )


class LearntWeight(WireModel):
    """What a feature of a moment counts for: as it comes, after what everybody's clips say, after what yours say."""

    feature: str
    says: str = Field(description="What a moment is that has it in full")
    usual: float
    everybodys: float
    yours: float


class ClipCalibration(WireModel):
    """How far predictions can be believed, and what was learnt."""

    category: str
    yours: LearntFromClips
    everybodys: LearntFromClips
    weights: list[LearntWeight] = Field(description="What has changed most for you comes first")


class RetentionStep(WireModel):
    """A stretch of a clip."""

    at: float = Field(description="Seconds in the clip")
    recorded: float = Field(description="Seconds in the recording")
    watching: float = Field(description="The share of viewers who were still there")
    lost: float = Field(description="Of those, the share that left before the next step")
    words: str = Field(description="What is said from here up to it")


class Retention(WireModel):
    """Where people leave a clip, and what is said there."""

    views: int = Field(description="Of which the curve is the mean")
    steps: list[RetentionStep]


@api.get("/v1/clips/calibration", responses={200: ClipCalibration})
def get_calibration(query: CalibrationQuery) -> Response:
    """What was predicted of your clips against what became of them, and what was learnt from it"""
    category = query.category or GENERAL
    yours, everybodys = clips.users(principal().uid), clips.everybodys()
    usual = default_weights(category)
    common = everybodys.applied(usual, category)
    own = yours.applied(common, category)
    weights = [
        LearntWeight(
            feature=name,
            says=says,
            usual=usual.values.get(name, 0.0),
            everybodys=common.values.get(name, 0.0),
            yours=own.values.get(name, 0.0),
        )
        for name, says in FEATURES.items()
    ]
    return answer(
        ClipCalibration(
            category=category,
            yours=LearntFromClips.of(yours, category),
            everybodys=LearntFromClips.of(everybodys, category),
            weights=sorted(weights, key=lambda weight: -abs(weight.yours - weight.usual)),
        )
    )


@api.get("/v1/clips/<string:id>/retention", responses={200: Retention})
def get_retention(path: IdPath) -> Response:
    """Where people stop watching a clip, and what is being said there"""
    clip = clips.get_clip(principal().uid, path.id)
    steps = [RetentionStep(**vars(point)) for point in retention_of(clip)]
    return answer(Retention(views=clip.outcome.retention_views, steps=steps))
