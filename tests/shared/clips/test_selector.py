"""ClipSelector: from a transcript to clips."""

from itertools import combinations

import pytest

from shared.analysis import Curve, MediaAnalysis, Reaction, Span
from shared.clips import Clip, ClipSelector, Selection, Weights
from shared.clips.ranking import Ranker
from shared.clips.variants import with_variants
from shared.transcripts import Segment, Transcript, Word
from tests.shared.clips.talks import BREAD, DOG, PLANTS, PRICING, SPACE, TALK, WAR, talk

TRANSCRIPT = talk()
LONG = talk((*TALK, *TALK, *TALK), speakers=("Ann", "Ben"), seed=2)


def _select(prompt: str | None, transcript: Transcript = TRANSCRIPT, **asked: object) -> Selection:
    return ClipSelector("embedded").analyze_transcript(transcript, prompt, **asked)  # type: ignore[arg-type]


def _shares(one: Clip, other: Clip) -> bool:
    return any(a.start < b.end and b.start < a.end for a in one.segments for b in other.segments)


@pytest.mark.parametrize(
    ("prompt", "paragraph"),
    [
        ("the price of a product", PRICING),
        ("funny", DOG),
        ("jokes and hilarious moments", DOG),
        ("educational", PLANTS),
        ("storytelling", WAR),
        ("alex_hormozi", PRICING),
        ("how rockets get to orbit", SPACE),
        ("baking a loaf of bread", BREAD),
    ],
)
def test_the_best_clip_is_from_where_the_prompt_leads(prompt: str, paragraph: str) -> None:
    best = _select(prompt, durations=(12, 25)).clips[0]
    said = best.transcript.split()
    assert sum(word in paragraph.split() for word in said) / len(said) > 0.8


def test_different_prompts_give_different_clips() -> None:
    chosen = {
        prompt: _select(prompt, count=2, durations=(12, 25)).clips[0]
        for prompt in ("funny", "educational", "storytelling")
    }
    assert not any(_shares(one, other) for one, other in combinations(chosen.values(), 2))


def test_what_a_prompt_excludes_is_in_no_clip() -> None:
    selection = _select("the best moments, but nothing about the dog", durations=(12, 25))
    assert selection.clips
    assert not any("dog" in clip.transcript for clip in selection.clips)


def test_clips_are_from_the_part_that_the_prompt_names_and_the_selection_says_so(ranker: Ranker) -> None:
    selection = ClipSelector(ranker).analyze_transcript(LONG, "clips from 1:00 to 2:30", durations=(10, 40))
    assert selection.clips
    assert all(clip.segments[0].start >= 60 and clip.segments[-1].end <= 150 for clip in selection.clips)
    assert selection.notes[0] == "Clips are from 1:00 to 2:30, as the prompt asks."
    assert "from 2:00:00 on" in _select("clips after 2:00:00").notes[0]


def test_no_clip_cuts_a_word_shows_what_another_shows_or_has_another_length_than_asked(ranker: Ranker) -> None:
    selection = ClipSelector(ranker).analyze_transcript(LONG, "moments about the price", durations=(10, 40))
    assert len(selection.clips) >= 4
    assert not any(_shares(one, other) for one, other in combinations(selection.clips, 2))
    for clip in selection.clips:
        assert 10 <= clip.duration <= 40
        for segment in clip.segments:
            assert not any(word.start < at < word.end for word in LONG.words for at in (segment.start, segment.end))
        heard = [
            word.word
            for segment in clip.segments
            for word in LONG.words
            if segment.start <= word.start and word.end <= segment.end
        ]
        assert clip.transcript.split() == heard


def test_at_least_four_clips_come_of_a_recording_that_has_them() -> None:
    assert len(_select("the price", LONG).clips) >= 4


@pytest.mark.parametrize(("seconds", "pace"), [(60, 0.5), (60, 0.45), (50, 0.3)])
def test_talk_without_a_mark_gives_as_many_clips_as_fit_into_it(seconds: int, pace: float) -> None:
    said = tuple(Word(word=f"w{n}", start=n * pace, end=(n + 0.9) * pace) for n in range(int(seconds / pace)))
    draft = Segment(start=0, end=said[-1].end, text=" ".join(word.word for word in said), words=said)
    clips = _select(None, Transcript(duration=seconds, segments=(draft,))).clips
    assert len(clips) == 3
    assert all(15 <= clip.duration <= 60 for clip in clips)


def test_sentences_are_not_torn_for_the_sake_of_their_number() -> None:
    sentences = tuple(
        tuple(Word(word="so" if n < 23 else "so.", start=at + n * 0.5, end=at + n * 0.5 + 0.4) for n in range(24))
        for at in range(0, 60, 12)
    )
    segments = tuple(Segment(start=s[0].start, end=s[-1].end, text="so", words=s) for s in sentences)
    clips = _select(None, Transcript(duration=60.0, segments=segments)).clips
    assert len(clips) == 2
    assert all(clip.transcript.endswith(".") for clip in clips)


def test_a_recording_too_short_gives_fewer_and_says_so() -> None:
    selection = _select("highlights", talk([DOG]))
    assert 1 <= len(selection.clips) < 3
    assert "3 clips were asked for" in selection.notes[-1]


def test_a_recording_shorter_than_any_clip_is_one() -> None:
    selection = _select(None, talk(["Hello there, my friend."]))
    assert [clip.transcript for clip in selection.clips] == ["Hello there, my friend."]


def test_without_a_word_there_is_no_clip() -> None:
    assert _select(None, Transcript()).clips == ()
    assert "Nothing is said" in _select(None, Transcript()).notes[0]


def test_count_and_durations_are_kept_to() -> None:
    selection = _select("5 clips", LONG, count=2, durations=(20, 25))
    assert len(selection.clips) == 2
    assert all(20 <= clip.duration <= 25 for clip in selection.clips)


def test_clips_are_ordered_by_their_overall_score_and_have_all_that_a_clip_has() -> None:
    selection = _select("viral", LONG)
    overall = [clip.scores.overall for clip in selection.clips]
    assert overall == sorted(overall, reverse=True)
    assert selection.ranker == "embedded"
    assert selection.considered > len(selection.clips)
    for clip in selection.clips:
        assert clip.title
        assert clip.hooks
        assert clip.reason.endswith(".")
        assert clip.hashtags
        assert set(clip.speakers) <= {"Ann", "Ben"}
        assert Clip.model_validate(clip.model_dump(mode="json", by_alias=True)) == clip


def test_the_same_selection_has_the_same_ids() -> None:
    assert [clip.id for clip in _select("viral").clips] == [clip.id for clip in _select("viral").clips]


def test_variants_are_no_longer_than_their_target_and_cut_no_word() -> None:
    clips = _select("storytelling", LONG, durations=(20, 45)).clips
    assert {variant.target for clip in clips for variant in clip.variants} == {15, 30, 60}
    for variant in (variant for clip in clips for variant in clip.variants):
        assert variant.duration <= variant.target
        for segment in variant.segments:
            assert not any(word.start < at < word.end for word in LONG.words for at in (segment.start, segment.end))


def test_laughter_draws_a_funny_clip_to_it() -> None:
    laughs = Reaction(start=LONG.segments[3].end, end=LONG.segments[3].end + 2, kind="laughter", confidence=0.9)
    quiet = MediaAnalysis(duration=LONG.duration or 0.0, energy=Curve(step=1.0, values=(0.5,) * 400))
    loud = quiet.model_copy(update={"reactions": (laughs,)})
    before = _scores(_select("funny", LONG, media=quiet, durations=(12, 25)), laughs.start)
    after = _scores(_select("funny", LONG, media=loud, durations=(12, 25)), laughs.start)
    assert after > before


def _scores(selection: Selection, at: float) -> float:
    """The overall score of the clip that plays what is said before `at`; 0 if none does."""
    return max((clip.scores.overall for clip in selection.clips if clip.start < at <= clip.end + 2), default=0.0)


def test_a_clip_starts_and_ends_with_a_scene_where_people_pause() -> None:
    first, second = TRANSCRIPT.segments[5], TRANSCRIPT.segments[6]
    cut = (first.end + second.start) / 2
    media = MediaAnalysis(duration=200, scenes=(Span(start=0, end=cut), Span(start=cut, end=200)))
    selection = _select("jokes about the dog", durations=(12, 25), media=media)
    starts = [segment.start for clip in selection.clips for segment in clip.segments]
    assert not any(cut - 0.35 <= start < cut for start in starts)


def test_weights_that_were_learnt_change_what_is_chosen() -> None:
    only_questions = Weights(bias=-3, values={"question": 6})
    best = ClipSelector("embedded").analyze_transcript(TRANSCRIPT, "the bread", weights=only_questions).clips[0]
    assert "?" in best.transcript


def test_people_who_talk_over_each_other_are_not_cut_either() -> None:
    words = [
        Word(word=f"w{n}.", start=n * 0.9, end=n * 0.9 + (1.6 if n % 7 == 3 else 0.8), speaker=("A", "B")[n % 2])
        for n in range(120)
    ]
    segments = tuple(Segment(start=w.start, end=w.end, text=w.word, speaker=w.speaker, words=(w,)) for w in words)
    selection = _select("viral", Transcript(duration=120, segments=segments))
    assert selection.clips
    for segment in (segment for clip in selection.clips for segment in clip.segments):
        assert not any(word.start < at < word.end for word in words for at in (segment.start, segment.end))


def test_variants_that_are_asked_for_follow_the_clips_as_clips_of_their_own() -> None:
    selection = _select("the price of a product", durations=(20, 45))
    made = with_variants(selection, {15.0, 60.0}).clips
    count = len(selection.clips)
    assert made[:count] == selection.clips and len(made) > count
    told = {(variant.segments, variant.target) for clip in selection.clips for variant in clip.variants}
    for clip in made[count:]:
        target = float(clip.title.rpartition("(")[2].removesuffix(" s)"))
        assert target in (15, 60) and (clip.segments, target) in told and clip.duration <= target
    assert len({clip.id for clip in made}) == len(made)
    assert with_variants(selection, {15.0, 60.0}).clips == made


@pytest.mark.parametrize("at", [0.0, 5.0, 100.0])
def test_a_lone_word_that_takes_no_time_is_shown_with_the_silence_around_it(at: float) -> None:
    word = Word(word="stop", start=at, end=at)
    transcript = Transcript(duration=100.0, segments=(Segment(start=at, end=at, text="stop", words=(word,)),))
    scenes = (Span(start=0, end=at), Span(start=at, end=100)) if 0 < at < 100 else ()
    media = MediaAnalysis(duration=100.0, scenes=scenes)
    (clip,) = _select("viral", transcript, media=media).clips
    assert clip.transcript == "stop" and clip.start <= at <= clip.end


KITCHEN = (
    """A man walked in with a knife on a Tuesday evening. The cashier, she is nineteen, told him that we only take cards. He just
    stood there. Then he wanted a roll and left. We were shaking for hours. I put in a panic button the next day.""",
    """For nine years I got up at two every morning. My body gave up. I fainted at the mixer and woke up in the hospital. The
    doctor said exhaustion. Now I am in bed by nine and somebody else does the night shift.""",
    """The bank refused us eleven times. Too risky, they said. So two hundred neighbours lent us five hundred dollars each and
    we paid them back with interest. That is how we bought the second building.""",
    """Before each season the priest blesses our hands. I was raised to believe in nothing. But when you kneel there in the
    smoke you feel small, and it is good to feel small. I ask to be allowed to go on.""",
    """We stopped reading resumes. Each applicant works one paid shift with us and then the team votes, not me. If anybody says
    no, it is a no. Our turnover went from seventy percent to eleven in two years.""",
    """In Kyoto I met a master who has made one thing for fifty one years. He did not look bored. I flew home and cut our menu
    from sixty dishes to nine. That journey changed how I think.""",
    """He said that he had baked it himself, and he had a picture. But the shadow in it was from the morning. It took the
    committee two years, and they took his medal away. Some people still do not speak to me.""",
    """The glacier above our village is gone. There is bare rock where I learned to ski. The river runs dry in August, and the
    mill stands still. My children think that I make it up.""",
)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("how they financed expansion", "lent"),
        ("religion and spirituality", "kneel"),
        ("tips on recruiting staff", "applicant"),
        ("travel abroad", "Kyoto"),
        ("global warming", "glacier"),
    ],
)
def test_what_answers_a_prompt_in_other_words_is_found(prompt: str, said: str) -> None:
    best, *_ = ClipSelector("embedded").analyze_transcript(talk(KITCHEN), prompt, durations=(10, 20)).clips
    assert said in best.transcript


@pytest.mark.parametrize(
    ("prompt", "speaker"),
    [("what Ada says", "Ada Lovelace"), ("the best moments of Grace", "Grace"), ("only bob", "Bob")],
)
def test_whom_a_prompt_names_is_heard(prompt: str, speaker: str) -> None:
    told = talk(speakers=("Ada Lovelace", "Bob", "Grace"))
    for clip in ClipSelector("embedded").analyze_transcript(told, prompt, count=2, durations=(10, 20)).clips:
        assert clip.speakers == (speaker,)


@pytest.mark.parametrize(
    "prompt", ["clips about bread. Don't show Grace", "the best moments without Grace", "no Grace"]
)
def test_whom_a_prompt_excludes_is_not_heard_but_may_be_called_by_name(prompt: str) -> None:
    told = talk(
        (PRICING, DOG, ". Grace told me this. ".join(BREAD.split(". "))), speakers=("Ada Lovelace", "Grace", "Bob")
    )
    clips = ClipSelector("embedded").analyze_transcript(told, prompt, durations=(10, 20)).clips
    assert {speaker for clip in clips for speaker in clip.speakers} == {"Ada Lovelace", "Bob"}
    assert any("Grace" in clip.transcript for clip in clips)


def test_of_whom_nothing_is_to_be_told_is_still_heard() -> None:
    told = talk((PRICING, DOG, f"Grace told me this. {BREAD}"), speakers=("Ada", "Grace", "Bob"))
    clips = ClipSelector("embedded").analyze_transcript(told, "nothing about Grace", durations=(10, 20)).clips
    assert any("Grace" in clip.speakers for clip in clips)
    assert not any("Grace" in clip.transcript for clip in clips)
