from shared.analysis import Curve, FaceTrack, MediaAnalysis, Reaction, Span
from shared.media.faces import FaceBox


def test_an_analysis_survives_json() -> None:
    box = FaceBox(0.5, 0.1, 0.2, 0.3, 0.4, 0.9)
    analysis = MediaAnalysis(
        duration=2,
        scenes=(Span(start=0, end=2),),
        pitch=Curve(step=0.1, values=(None, 120.0)),
        reactions=(Reaction(kind="laughter", start=0, end=1, confidence=0.5),),
        faces=(FaceTrack(id=0, start=0, end=2, boxes=(box,)),),
    )
    assert MediaAnalysis.model_validate_json(analysis.model_dump_json(by_alias=True)) == analysis
