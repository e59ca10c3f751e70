"""What names mean at a place in the source."""

from dataclasses import dataclass, field, replace

from .syntax import Function, Match

GLOBALS = ("request", "resource")


@dataclass(frozen=True, slots=True)
class Definition:
    """A function with the scope that it was declared in."""

    function: Function
    scope: "Scope"


@dataclass(frozen=True, slots=True)
class Scope:
    """`captures` are the wildcards around, outermost first; a name twice means the inner one. `variables` are the parameters
    and bindings of the function around, in order, and hide wildcards."""

    captures: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    functions: dict[str, Definition] = field(default_factory=dict)

    def inside(self, functions: tuple[Function, ...], match: Match | None = None) -> "Scope":
        """The scope of a block that declares these functions. They see each other, and what is around."""
        names = tuple(part.name for part in match.pattern if not isinstance(part, str)) if match else ()
        inner = Scope(self.captures + names, (), dict(self.functions))
        inner.functions.update({function.name: Definition(function, inner) for function in functions})
        return inner

    def within(self, variables: tuple[str, ...]) -> "Scope":
        """The scope inside a function, where these are known."""
        return replace(self, variables=variables)

    def variable(self, name: str) -> int | None:
        """The place of a parameter or binding."""
        return len(self.variables) - 1 - self.variables[::-1].index(name) if name in self.variables else None

    def capture(self, name: str) -> int | None:
        """The place of a wildcard."""
        return len(self.captures) - 1 - self.captures[::-1].index(name) if name in self.captures else None

    def knows(self, name: str) -> bool:
        """Whether `name` is a variable here."""
        return name in GLOBALS or name in self.variables or name in self.captures
