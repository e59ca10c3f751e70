"""FaceDetector: what finds faces in a picture."""

from typing import TYPE_CHECKING, Protocol

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
