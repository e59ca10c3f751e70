"""FilterChain: whatever is written, FFmpeg is given allowed filters with the values that were read, or nothing."""

import re
import subprocess
from collections.abc import Sequence

import ffmpeg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.media import find_ffmpeg
from shared.media.effects import effect_errors, filter_picture, filter_sound
from shared.media.effects.allowed import allowed_filters
from shared.media.effects.filter_chain import FilterCall, FilterRefused, parse_chain
from tests.shared.media.effects.footage import FRAME, SAMPLES


def calls(text: str) -> list[tuple[str, dict[str, str]]]:
    """The filters read from the text, with their options."""
    return [(call.name, dict(call.options)) for call in parse_chain(text).calls]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("hflip", [("hflip", {})]),
        ("eq=contrast=1.1:brightness=0.05", [("eq", {"contrast": "1.1", "brightness": "0.05"})]),
        ("eq=1.1:0.05,hflip", [("eq", {"contrast": "1.1", "brightness": "0.05"}), ("hflip", {})]),
        (" eq = contrast = 1.1 , hflip ", [("eq", {"contrast": "1.1"}), ("hflip", {})]),
        ("unsharp=5:5:la=0.8", [("unsharp", {"luma_msize_x": "5", "luma_msize_y": "5", "luma_amount": "0.8"})]),
        ("curves=m='0/0 0.5/0.6 1/1'", [("curves", {"master": "0/0 0.5/0.6 1/1"})]),
        (r"curves=m=0/0\ 1/1", [("curves", {"master": "0/0 1/1"})]),
        ("hue=h=30:enable='between(t,1,2)'", [("hue", {"h": "30", "enable": "between(t,1,2)"})]),
        (r"hue=h=30:enable=between(t\,1\,2)", [("hue", {"h": "30", "enable": "between(t,1,2)"})]),
        ("vignette=PI/4", [("vignette", {"angle": "PI/4"})]),
        ("volume=-6dB", [("volume", {"volume": "-6dB"})]),
        ("noise=alls=10:allf=t+u", [("noise", {"all_strength": "10", "all_flags": "t+u"})]),
    ],
)
def test_ffmpeg_is_given_what_was_read(text: str, read: list[tuple[str, dict[str, str]]]) -> None:
    assert calls(text) == read
    assert understood(text) == read


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("movie=/etc/passwd", "movie"),
        ("amovie=x.wav", "amovie"),
        ("subtitles=/etc/passwd", "subtitles"),
        ("ass=x.ass", "ass"),
        ("drawtext=textfile=/etc/passwd", "drawtext"),
        ("drawtext=fontfile=/x.ttf:text=a", "drawtext"),
        ("lut3d=file=/etc/passwd", "lut3d"),
        ("sendcmd=f=/etc/passwd", "sendcmd"),
        ("zmq=bind_address=tcp\\\\://*\\\\:5555", "zmq"),
        ("metadata=print:file=/tmp/x", "metadata"),
        ("frei0r=glow", "frei0r"),
        ("ladspa=file=x", "ladspa"),
        ("lv2=plugin=x", "lv2"),
        ("arnndn=m=/etc/passwd", "arnndn"),
        ("color=red", "color"),
        ("split", "split"),
        ("scale=100:100", "scale"),
        ("scale2ref", "scale2ref"),
        ("crop=10:10", "crop"),
        ("fps=60", "fps"),
        ("setpts=2*PTS", "setpts"),
        ("select=0", "select"),
        ("atempo=2", "atempo"),
        ("geq=lum=0", "geq"),
        ("psnr=stats_file=/tmp/x", "psnr"),
        ("vidstabdetect=result=/tmp/x", "vidstabdetect"),
        ("eq=contrast=1.1,movie=/etc/passwd", "movie"),
        ("curves=psfile=/etc/passwd", "psfile"),
        ("curves=plot=/tmp/x", "plot"),
        ("curves=none:::::/etc/passwd", "curves"),
        ("rotate=0.1:ow=10", "out_w"),
        ("hue=h='t*30'", "hue"),
        ("eq=contrast=1.1\nmovie=x", "eq"),
        ("eq@x=1", "eq@x"),
        ("eq=contrast=nan", "eq"),
        ("eq=contrast=1e999", "eq"),
        ("eq=contrast=١", "eq"),
        ("gblur=sigma=2000", "gblur"),
        ("eq=1.1:contrast=1.2", "contrast"),
        ("eq=contrast=1:0.5", "eq"),
        ("", "''"),
        (",", "''"),
        ("hflip,", "''"),
    ],
)
def test_what_is_not_allowed_is_refused_by_name(text: str, named: str) -> None:
    [error] = effect_errors("ffmpeg_filter", {"filter": text or " "})
    assert (error.location, error.code) == (("params", "filter"), "filter_not_allowed")
    assert named in error.detail


@pytest.mark.parametrize("text", ["[0:v]hflip", "hflip[a]", "hflip;vflip", "hflip[a];[a]vflip", "eq=contrast=1]"])
def test_links_and_graphs_are_refused(text: str) -> None:
    with pytest.raises(FilterRefused):
        parse_chain(text)


@pytest.mark.parametrize("text", ["eq='", "eq=contrast=1\\", "eq=contrast='1", "hflip'", "\\"])
def test_quotes_and_escapes_without_an_end_are_refused(text: str) -> None:
    with pytest.raises(FilterRefused):
        parse_chain(text)


def test_pictures_and_sound_do_not_mix_and_chains_have_an_end() -> None:
    for text in ("hflip,volume=1", ",".join(["null"] * 21), "null," * 500 + "null"):
        with pytest.raises(FilterRefused):
            parse_chain(text)


HOSTILE = [
    *("eq", "curves", "hue", "volume", "unsharp", "null", "movie", "drawtext", "sendcmd", "lut3d", "format", "fade"),
    *("contrast", "h", "m", "master", "psfile", "plot", "textfile", "enable", "color", "brightness", "all", "sigma"),
    *(
        "=",
        "=",
        ":",
        ":",
        ",",
        ",",
        ";",
        "[",
        "]",
        "[0]",
        "'",
        "'",
        "\\",
        "\\",
        "\\\\",
        " ",
        "\n",
        "\t",
        "\0",
        "|",
        "/",
        "@",
    ),
    *(
        "1",
        "1.1",
        "-0.5",
        "0/0 1/1",
        "red",
        "#ff0000",
        "between(t,1,2)",
        "PI/4",
        "/etc/passwd",
        "t*30",
        "-6dB",
        "٣",
        "é",
    ),
]
VALID = st.sampled_from(
    [
        ("eq", "contrast", "1.1"),
        ("eq", "", "1.2"),
        ("hue", "h", "-30"),
        ("hue", "enable", "between(t,1,2)"),
        ("curves", "m", "0/0 0.5/0.6 1/1"),
        ("curves", "preset", "vintage"),
        ("vignette", "a", "30*PI/180"),
        ("noise", "allf", "t+u"),
        ("fade", "color", "#102030@0.5"),
        ("rotate", "c", "red"),
    ]
)


@st.composite
def disguised(draw: st.DrawFn) -> str:
    """A chain of allowed filters, its values quoted and escaped in one of the ways that FFmpeg takes."""
    written = []
    for name, option, value in draw(st.lists(VALID, min_size=1, max_size=4)):
        how = draw(st.sampled_from(["quoted", "escaped", "letters", "mixed"]))
        match how:
            case "quoted":
                text = f"'{value}'"
            case "escaped":
                text = re.sub(r"([,;\[\] ])", r"\\\1", value)
            case "letters":
                text = "".join(f"\\{letter}" if letter in ", " else letter for letter in value)
            case _:
                text = f"{value[:1]}'{value[1:]}'"
        blank = draw(st.sampled_from(["", " ", "\n"]))
        written.append(f"{blank}{name}={option}{'=' if option else ''}{text}")
    return ",".join(written)


@given(st.one_of(st.lists(st.sampled_from(HOSTILE), max_size=14).map("".join), st.text(max_size=60), disguised()))
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_only_allowed_filters_with_fitting_values_come_out(text: str) -> None:
    try:
        chain = parse_chain(text)
    except FilterRefused:
        return
    for call in chain.calls:
        allowed = allowed_filters()[call.name]
        assert allowed.medium == chain.medium
        for option, value in call.options:
            assert allowed.options[option].name == option
            assert allowed.options[option].accepts(value)
            assert not set(value) & set("[];'\\\0\n\r\t:")
    assert _unescaped(_graph(chain.calls)) == [(call.name, dict(call.options)) for call in chain.calls]


@given(disguised())
@settings(max_examples=10, deadline=None)
def test_ffmpeg_itself_reads_the_filters_and_values_that_were_read(text: str) -> None:
    assert understood(text) == calls(text)


def _graph(chain: Sequence[FilterCall]) -> str:
    """The graph that ffmpeg-python writes for the filters."""
    stream = ffmpeg.input("x")
    for call in chain:
        stream = stream.filter(call.name, **dict(call.options))
    arguments = ffmpeg.get_args(ffmpeg.output(stream, "y"))
    return str(arguments[arguments.index("-filter_complex") + 1])


def _unescaped(graph: str) -> list[tuple[str, dict[str, str]]]:
    """A graph whose only escapes are backslashes, read by FFmpeg's rules: links off, then filters, then options."""
    read = []
    for part in re.split(r"(?<!\\);", graph):
        body = re.sub(r"^\[\w+\]|\[\w+\]$", "", part)
        name, _, rest = body.partition("=")
        once = re.sub(r"\\(.)", r"\1", rest)
        pairs = [pair for pair in re.split(r"(?<!\\):", once) if pair]
        options = dict(pair.split("=", 1) for pair in pairs)
        read.append((name, {key: re.sub(r"\\(.)", r"\1", value) for key, value in options.items()}))
    return read


def understood(text: str) -> list[tuple[str, dict[str, str]]]:
    """The filters and options that FFmpeg says it was given for the effect, without those that every effect ends with."""
    params = {"filter": text}
    if parse_chain(text).medium == "picture":
        stream = filter_picture(ffmpeg.input("color=black:s=64x64:d=0.1", f="lavfi"), "ffmpeg_filter", params, FRAME)
    else:
        stream = filter_sound(ffmpeg.input("anullsrc=d=0.1", f="lavfi"), "ffmpeg_filter", params, SAMPLES)
    arguments = ffmpeg.get_args(ffmpeg.output(stream, "-", f="null"))
    command = [find_ffmpeg().path, "-nostdin", "-v", "repeat+debug", *arguments]
    said = subprocess.run(command, capture_output=True, check=False, timeout=60).stderr.decode()
    # The lavfi source calls its one filter Parsed_color_0, too.
    seen = {(int(n), name) for name, n in re.findall(r"'Parsed_(\w+?)_(\d+)' formats", said)}
    names = [name for _, name in sorted(seen) if name not in ("color", "anullsrc")]
    # The graph is the first thing that FFmpeg parses, before the lavfi source; each parsing has an address of its own.
    settings_of: dict[str, list[tuple[str, str]]] = {}
    for place, option, value in re.findall(r"AVFilterGraph @ (\w+)\] Setting '(\w+)' to value '(.*)'\n", said):
        settings_of.setdefault(place, []).append((option, value))
    given_options = iter(next(iter(settings_of.values())))
    read = []
    for call in parse_chain(text).calls:
        read.append((names.pop(0), dict(next(given_options) for _ in call.options)))
    assert names in (
        ["format", "limiter", "limiter", "setparams"],
        ["aformat", "apad", "atrim", "asetpts"],
    )
    return read
