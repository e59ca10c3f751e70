"""Which detector of faces there is: that of a model, or the one that needs none."""

from pathlib import Path

from shared.core.settings import engine_settings
from shared.media.errors import UnreadableMedia
from shared.media.faces.detector import FaceDetector
from shared.media.faces.haar import HaarDetector
from shared.media.faces.yunet import YunetDetector


def find_detector(model: Path | None = None, *, profiles: bool = True) -> FaceDetector:
    """YuNet of the `model` file (ONNX); without one, the detector that OpenCV brings along, which takes a third of the time where
    it does not look for `profiles`.

    `KOMPO_FACE_MODEL` names the deployment's model. Raises `UnreadableMedia` when the file is not there or is no such model."""
    named = model or (Path(told) if (told := engine_settings().face_model) else None)
    if named is None:
        return HaarDetector(profiles=profiles)
    if not named.is_file():
        raise UnreadableMedia(f"There is no face model {named.name}. Name the ONNX file of YuNet, or none at all.")
    return YunetDetector(named)
