from tests.shared.kompositions.drawing.conftest import *
from PIL import Image


def test_try(draw):
    items = [
        text("Hello {\\b1} \\N World", x=0.0, y=0.0, anchor="top_left", outline=0.01, background="#0000ff80"),
        text("rotated\nbox", x=0.5, y=0.5, rotation=20.0, background="#00ff0080", align="left", size=0.1),
        image(x=1.0, y=1.0, anchor="bottom_right"),
        image("other", x=0.8, y=0.3, rotation=keyframes((0, 0.0), (29, 90.0)), scale=2.0),
        text("ABC", x=0.2, y=0.8, shadow=0.02, size=0.2, opacity=keyframes((0, 0.0), (20, 1.0))),
    ]
    f = draw(film(*items), color="gray")
    for n in (0, 10, 25):
        Image.fromarray(f[n]).resize((640, 360)).save(f"/tmp/dx/t{n}.png")
    cues = {"segments": [{"start": 0, "end": 1, "text": "hello wonderful world this is", "words": []}]}
    for st in ("plain", "karaoke", "highlight", "pop", "bounce", "fade", "slide"):
        f = draw(film(captions=({"transcript": cues, "style": st, "size": 0.1},)), color="gray")
        Image.fromarray(np.concatenate([f[n] for n in (1, 4, 8, 14, 20)], 1)).save(f"/tmp/dx/c_{st}.png")
