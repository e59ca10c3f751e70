"""Faces in films: found in pictures some times a second, and followed from picture to picture.

The detector that OpenCV brings along needs no download; a YuNet model, where there is one, finds more. Importing this package
is cheap: OpenCV is loaded by the first picture that is looked at."""

from shared.media.faces.boxes import FaceBox, FaceTrack, SeenFaces
from shared.media.faces.choosing import find_detector
from shared.media.faces.detection import FACES_A_SECOND, detect_faces, find_faces
from shared.media.faces.detector import FaceDetector
from shared.media.faces.search import FaceSearch
from shared.media.faces.tracking import track_faces

__all__ = [
    "FACES_A_SECOND",
    "FaceBox",
    "FaceDetector",
    "FaceSearch",
    "FaceTrack",
    "SeenFaces",
    "detect_faces",
    "find_detector",
    "find_faces",
    "track_faces",
]
