"""Detectors of faces: OpenCV's cascade, which needs nothing but OpenCV, and YuNet, where its model is at hand."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from shared.analysis.errors import FaceModelUnusable

if TYPE_CHECKING:
    import numpy as np


class Box(NamedTuple):
    """A face in a picture, in its pixels; `confidence` from 0 to 1."""

    x: float
    y: float
    width: float
    height: float
    confidence: float


class FaceDetector(Protocol):
    """Finds upright faces in pictures of one size. `channels`: 1 for grey ones, 3 for BGR."""

    @property
    def channels(self) -> int: ...

    def find(self, picture: "np.ndarray", least: float, most: float) -> list[Box]:
        """The faces that are between `least` and `most` pixels wide, in no order."""
        ...


class CascadeDetector:
    """Viola and Jones's cascade of Haar features, trained on frontal faces, as OpenCV brings it.

    It sees faces that look into the camera, turned or tilted by little; profiles it does not see."""

    channels = 1
    _NEIGHBOURS = 4
    """Sightings of one face, moved and scaled a little, below which it is taken for chance."""

    def __init__(self) -> None:
        import cv2
        from cv2 import data

        self._cascade = cv2.CascadeClassifier(str(Path(data.haarcascades) / "haarcascade_frontalface_alt2.xml"))

    def find(self, picture: "np.ndarray", least: float, most: float) -> list[Box]:
        found, sightings = self._cascade.detectMultiScale2(
            picture,
            scaleFactor=1.2,
            minNeighbors=self._NEIGHBOURS,
            minSize=(round(least), round(least)),
            maxSize=(round(most), round(most)),
        )
        pairs = zip(found, sightings, strict=True)
        return [_box(box, float(seen) / (float(seen) + self._NEIGHBOURS)) for box, seen in pairs]


class YunetDetector:
    """YuNet, a small network that sees turned and partly hidden faces as well. `model`: its ONNX file, from OpenCV's zoo.

    Raises `FaceModelUnusable` when the file is not there or is not such a model."""

    channels = 3
    _SURE = 0.7

    def __init__(self, model: Path) -> None:
        import cv2

        if not model.is_file():
            raise FaceModelUnusable(
                f"There is no model {model.name}. Set KOMPO_FACE_MODEL to YuNet's ONNX file, or unset it."
            )
        try:
            self._network = cv2.FaceDetectorYN.create(str(model), "", (320, 320), self._SURE)
        except cv2.error as error:
            raise FaceModelUnusable(
                f"{model.name} cannot be used as YuNet. Take face_detection_yunet from OpenCV's zoo, or unset KOMPO_FACE_MODEL."
            ) from error

    def find(self, picture: "np.ndarray", least: float, most: float) -> list[Box]:
        height, width = picture.shape[:2]
        self._network.setInputSize((width, height))
        _, rows = self._network.detect(picture)
        found = [_box(row[:4], float(row[-1])) for row in (rows if rows is not None else ())]
        return [box for box in found if least <= box.width <= most]


def _box(corners: Iterable[float], confidence: float) -> Box:
    x, y, width, height = (float(each) for each in corners)
    return Box(x, y, width, height, confidence)


def chosen_detector() -> FaceDetector:
    """The one whose model this deployment names, else the cascade. Raises `FaceModelUnusable`."""
    from shared.core.settings import engine_settings

    model = engine_settings().face_model
    return YunetDetector(Path(model)) if model else CascadeDetector()
