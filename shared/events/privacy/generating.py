"""`python -m shared.events.privacy.generating`: write what the registry of operations says of parameters to `parameters.json`.

The registry is the only place that says what an operation takes. A copy of what matters here is kept as a file, because taking in
events must not load the media engine; a test holds it to the registry."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic.alias_generators import to_snake

from shared.events.privacy.parameters import Rule
from shared.events.privacy.vocabulary import RULES

_LEAST, _MOST = -1e6, 1e6
"""Of numbers for which an operation has no limit."""


def main() -> None:
    """Write the file."""
    RULES.write_text(as_text())


def as_text() -> str:
    """The file as it must be: for each operation its parameters, by their names in Python, and the rules that they refer to."""
    from shared.media.operations import describe_operations

    operations: dict[str, dict[str, int]] = {}
    rules: list[Rule] = []
    for operation in sorted(describe_operations(), key=lambda operation: operation.name):
        found = operations[operation.name] = {}
        definitions = operation.params.get("$defs", {})
        for name, schema in sorted(operation.params.get("properties", {}).items()):
            rule = _rule(schema, definitions)
            if rule is not None:
                if rule not in rules:
                    rules.append(rule)
                found[to_snake(name)] = rules.index(rule)
    lines = ",\n".join(f"  {json.dumps(rule)}" for rule in rules)
    per_operation = ",\n".join(f"  {json.dumps(name)}: {json.dumps(found)}" for name, found in operations.items())
    return f'{{"rules": [\n{lines}\n],\n"operations": {{\n{per_operation}\n}}}}\n'


def _rule(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Rule | None:
    """What a value that fits the schema may be told as; None for free text and for what is neither numbers nor a word."""
    if "anyOf" in schema:
        found = [rule for option in schema["anyOf"] if (rule := _rule(option, definitions)) is not None]
        return found[0] if len(found) == 1 else None
    if "enum" in schema or "const" in schema:
        return {"words": list(schema.get("enum", [schema.get("const")]))}
    match schema.get("type"):
        case "integer" | "number":
            return _range(schema)
        case "boolean":
            return {"truth": True}
        case "array":
            return _list(schema, definitions)
    return None


def _range(schema: Mapping[str, Any]) -> Rule:
    least = schema.get("minimum", schema.get("exclusiveMinimum", _LEAST))
    return {"least": least, "most": schema.get("maximum", schema.get("exclusiveMaximum", _MOST))}


def _list(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Rule | None:
    """Of a list of numbers that all have the same limits."""
    items = schema.get("prefixItems") or [schema.get("items", {})]
    each = [_rule(item, definitions) for item in items]
    first = each[0]
    if first is None or "least" not in first or any(rule != first for rule in each):
        return None
    return {**first, "length": schema.get("maxItems", len(items))}


if __name__ == "__main__":
    main()
