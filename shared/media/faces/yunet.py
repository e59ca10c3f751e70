"""YunetDetector: the small neural network of OpenCV's model zoo, from a file that the deployment has.

It finds turned, tilted and small faces that the cascades miss."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.media.errors import UnreadableMedia

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from shared.media.faces.detector import Found
    from shared.media.pictures import Colors

_LEAST_SCORE, _OVERLAP, _MOST = 0.7, 0.3, 200


class YunetDetector:
    """`model` is face_detection_yunet_*.onnx. Raises `UnreadableMedia` when it is not."""

    name = "yunet"
    colors: "Colors" = "bgr24"

    def __init__(self, model: Path) -> None:
        import cv2

        try:
            self._network: Any = cv2.FaceDetectorYN.create(str(model), "", (320, 320), _LEAST_SCORE, _OVERLAP, _MOST)
        except cv2.error as error:
            raise UnreadableMedia(f"{model.name} is no model of YuNet that OpenCV can read.") from error

    def find(self, pixels: "NDArray[np.uint8]") -> "list[Found]":
        """The faces."""
        height, width = pixels.shape[:2]
        self._network.setInputSize((width, height))
        _, rows = self._network.detect(pixels)
        return [_read(row) for row in (() if rows is None else rows)]


def _read(row: Any) -> "Found":
    """A row of the answer: the box, five points of the face, the score."""
    return float(row[0]), float(row[1]), float(row[2]), float(row[3]), float(row[-1])
