"""FaceDetector: what finds faces in a picture; and which one there is."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from shared.media.errors import UnreadableMedia

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.media.pictures import Colors

Found = tuple[float, float, float, float, float]
"""Left, top, width, height in pixels, and the confidence, 0 to 1."""


class FaceDetector(Protocol):
    """Finds faces in small pictures. It need not be safe to use from several threads."""

    @property
    def name(self) -> str:
        """What it is called in results."""

    @property
    def colors(self) -> "Colors":
        """What pictures it wants."""

    def find(self, pixels: "NDArray[np.uint8]") -> list[Found]:
        """The faces in a picture, in no order."""


def find_detector(model: Path | None = None, *, profiles: bool = True) -> FaceDetector:
    """YuNet of the `model` file (ONNX); without one, the detector that OpenCV brings along, which takes a third of the time where
    it does not look for `profiles`.

    `KOMPO_FACE_MODEL` names the deployment's model. Raises `UnreadableMedia` when the file is not there or is no such model."""
    from shared.core.settings import engine_settings
    from shared.media.faces.haar import HaarDetector
    from shared.media.faces.yunet import YunetDetector

    named = model or (Path(told) if (told := engine_settings().face_model) else None)
    if named is None:
        return HaarDetector(profiles=profiles)
    if not named.is_file():
        raise UnreadableMedia(f"There is no face model {named.name}. Name the ONNX file of YuNet, or none at all.")
    return YunetDetector(named)
