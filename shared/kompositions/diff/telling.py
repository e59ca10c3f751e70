"""Telling: sentences are gathered as a subject and what is said of it, so that neighbours of whom the same is said share one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shared.kompositions.diff.change import Change, ChangeKind
from shared.kompositions.diff.values import as_json
from shared.kompositions.diff.words import quoted, said
from shared.kompositions.model import Komposition
from shared.kompositions.timing import Clock


@dataclass(slots=True)
class Subject:
    """What a sentence is about: the `number`-th of its kind, called `name` if people would say that."""

    noun: str
    number: int = 0
    name: str = ""
    place: str = ""

    def __str__(self) -> str:
        """In a sentence; a subject without a noun is not said."""
        who = quoted(self.name) if said(self.name) else str(self.number or "")
        return f"{self.noun} {who}{self.place}" if who else f"{self.noun}{self.place}"

    def up_to(self, last: int) -> str:
        """Several of them: this one and those up to the `last`-th."""
        dash = " and " if last == self.number + 1 else "–"
        return f"{self.noun}s {self.number}{dash}{last}{self.place}"


@dataclass(slots=True)
class Told:
    """One sentence: `verb`, the subject, `one`. With `many` it can be said of several at once, in those words.

    `before` and `after` are values of the model."""

    kind: ChangeKind
    pointer: str
    subject: Subject
    one: str
    many: str | None = None
    verb: str = ""
    before: object = None
    after: object = None
    more: list[str] = field(default_factory=list)


class Telling:
    """Gathers what is told of two kompositions, and knows the later names of what was renamed."""

    def __init__(self, before: Komposition, after: Komposition) -> None:
        self.before, self.after = Clock.of(before), Clock.of(after)
        self._told: list[Told] = []
        self._renamed: dict[tuple[str, str], tuple[str, Told]] = {}

    def tell(
        self,
        kind: ChangeKind,
        pointer: str,
        subject: Subject,
        one: str,
        many: str | None = None,
        *,
        verb: str = "",
        before: object = None,
        after: object = None,
        more: Iterable[str] = (),
    ) -> Told:
        """Add a sentence. `before` and `after` are values of the model."""
        told = Told(kind, pointer, subject, one, many, verb, before, after, list(more))
        self._told.append(told)
        return told

    def rename(self, family: str, subject: Subject, old: str, new: str, pointer: str) -> None:
        """Tell that a part has a new id. Whatever names it by its id follows."""
        told = self.tell(
            "renamed", pointer, subject, f" is now called {quoted(new)}", " have new ids", before=old, after=new
        )
        self._renamed[family, old] = (new, told)

    def renames(self, family: str) -> dict[str, str]:
        """New ids by old ones."""
        return {old: new for (of, old), (new, _) in self._renamed.items() if of == family}

    def new_name(self, family: str, old: str) -> str | None:
        """What is called otherwise now; None if `old` was not renamed."""
        found = self._renamed.get((family, old))
        return found[0] if found else None

    def follows(self, family: str, old: str | None, new: str | None, pointer: str) -> bool:
        """Whether a reference changed only because what it names was renamed; the sentence of that then speaks for it too."""
        if old is None or (family, old) not in self._renamed:
            return False
        name, told = self._renamed[family, old]
        if name == new:
            told.more.append(pointer)
        return name == new

    def changes(self) -> list[Change]:
        """Everything told, neighbours joined."""
        return [_change(run) for run in _runs(self._told)]


def _runs(told: Sequence[Told]) -> list[list[Told]]:
    runs: list[list[Told]] = []
    latest: dict[tuple[str, ...], list[Told]] = {}
    for sentence in told:
        subject = sentence.subject
        key = (subject.noun, subject.place, sentence.kind, sentence.verb, sentence.many or "")
        run = latest.get(key) if sentence.many is not None and subject.number else None
        if run is not None and run[-1].subject.number == subject.number - 1:
            run.append(sentence)
            continue
        latest[key] = [sentence]
        runs.append(latest[key])
    return runs


def _change(run: Sequence[Told]) -> Change:
    first = run[0]
    if len(run) > 1:
        text = f"{first.verb}{first.subject.up_to(run[-1].subject.number)}{first.many}"
    else:
        text = f"{first.verb}{first.subject}{first.one}"
    more = [*first.more, *(pointer for told in run[1:] for pointer in (told.pointer, *told.more))]
    text = text[:1].upper() + text[1:] if first.subject.noun else text.removeprefix(": ")
    return Change(first.kind, first.pointer, text, as_json(first.before), as_json(first.after), tuple(more))
