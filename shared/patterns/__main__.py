"""`python -m shared.patterns mine | evaluate FILE …`: patterns of sequences that stand in a file. No cloud is needed."""

import sys
from collections.abc import Sequence
from importlib import import_module

_COMMANDS = {
    "mine": ("shared.patterns.mining.command", "find the patterns that sequences share"),
    "evaluate": ("shared.patterns.recommending.command", "compare models that recommend the next item"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the first argument names with the others; its exit status. 2 if there is no such command."""
    name, *rest = list(sys.argv[1:] if argv is None else argv) or [""]
    if name not in _COMMANDS:
        asked = name in {"-h", "--help"}
        print(_usage(), file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    module, _ = _COMMANDS[name]
    return int(import_module(module).main(rest) or 0)


def _usage() -> str:
    lines = [f"  {name:<10}{purpose}" for name, (_, purpose) in _COMMANDS.items()]
    return "\n".join(["usage: python -m shared.patterns COMMAND FILE …", "", *lines, "", "COMMAND --help says more."])


if __name__ == "__main__":
    sys.exit(main())
