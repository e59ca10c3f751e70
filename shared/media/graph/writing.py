"""Writing a graph of ffmpeg-python's as FFmpeg's arguments, filter after filter in chains.

ffmpeg-python does it too, in a time that grows with the square of the number of filters, and takes three times the words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ffmpeg.nodes import FilterNode, InputNode

Node = Any
"""A node of ffmpeg-python, which has no types."""

_IN_VALUE, _IN_GRAPH = "\\'=:", "\\'[],;"


@dataclass
class _Chain:
    """Filters that follow each other, with the pads that they read at their beginning."""

    pads: list[str]
    nodes: list[Node] = field(default_factory=list)


def write(outputs: Sequence[Any]) -> tuple[list[str], list[str], list[str]]:
    """The arguments of the inputs, the graphs of filters, and the arguments of the outputs (streams of ffmpeg-python).

    What nothing connects is a graph of its own, such as picture and sound: FFmpeg works on each in a thread of its own."""
    nodes = list(_in_order([output.node for output in outputs]))
    inputs = {id(node): number for number, node in enumerate(n for n in nodes if isinstance(n, InputNode))}
    readers: dict[int, list[Any]] = {}
    for node in nodes:
        for edge in node.incoming_edges:
            readers.setdefault(id(edge.upstream_node), []).append(edge)
    filters = [node for node in nodes if isinstance(node, FilterNode)]
    names: dict[tuple[int, object], str] = {}
    chains: dict[int, _Chain] = {}
    for node in filters:
        chain = _chain(node, chains, readers, inputs, names)
        chain.nodes.append(node)
        chains[id(node)] = chain
    graphs = [";".join(_text(chain, readers, names) for chain in group) for group in _connected(chains)]
    read = [argument for node in nodes if isinstance(node, InputNode) for argument in _input(node)]
    made = [argument for output in outputs for argument in _output(output.node, inputs, names)]
    return read, graphs, made


def _in_order(ends: Sequence[Node]) -> Iterator[Node]:
    """Every node that `ends` lead back to, each after those that it reads from."""
    seen: set[int] = set()
    for end in ends:
        waiting = [(end, iter(end.incoming_edges))]
        while waiting:
            node, edges = waiting[-1]
            edge = next(edges, None)
            if edge is None:
                waiting.pop()
                if id(node) not in seen:
                    seen.add(id(node))
                    yield node
            elif id(edge.upstream_node) not in seen:
                waiting.append((edge.upstream_node, iter(edge.upstream_node.incoming_edges)))


def _chain(
    node: Node, chains: dict[int, _Chain], readers: dict[int, list[Any]], inputs: dict[int, int], names: dict[Any, str]
) -> _Chain:
    """The chain that a filter goes on with, or a new one."""
    edges = node.incoming_edges
    if len(edges) == 1 and id(edges[0].upstream_node) in chains and len(readers[id(edges[0].upstream_node)]) == 1:
        return chains[id(edges[0].upstream_node)]
    return _Chain([f"[{_pad(edge, inputs, names)}]" for edge in edges])


def _connected(chains: dict[int, _Chain]) -> Iterable[list[_Chain]]:
    """Chains by filters, in groups that are connected with each other; in order within each."""
    leaders = {id(chain): id(chain) for chain in chains.values()}

    def leader(place: int) -> int:
        while leaders[place] != place:
            leaders[place] = place = leaders[leaders[place]]
        return place

    distinct = list({id(chain): chain for chain in chains.values()}.values())
    for chain in distinct:
        for edge in chain.nodes[0].incoming_edges:
            if id(edge.upstream_node) in chains:
                leaders[leader(id(chains[id(edge.upstream_node)]))] = leader(id(chain))
    groups: dict[int, list[_Chain]] = {}
    for chain in distinct:
        groups.setdefault(leader(id(chain)), []).append(chain)
    return groups.values()


def _pad(edge: Any, inputs: dict[int, int], names: dict[tuple[int, object], str]) -> str:
    """What a stream is called: of an input its number and the stream's, of a filter a name of its own."""
    source = edge.upstream_node
    if id(source) in inputs:
        return f"{inputs[id(source)]}" + (f":{edge.upstream_selector}" if edge.upstream_selector else "")
    return names.setdefault((id(source), edge.upstream_label), f"p{len(names)}")


def _text(chain: _Chain, readers: dict[int, list[Any]], names: dict[tuple[int, object], str]) -> str:
    read = sorted(readers[id(chain.nodes[-1])], key=lambda edge: str(edge.upstream_label).zfill(6))
    ends = [f"[{_pad(edge, {}, names)}]" for edge in read]
    if len(set(ends)) < len(ends):
        raise ValueError(f"what {chain.nodes[-1].name} gives is read more than once")
    return "".join([*chain.pads, ",".join(_filter(node, len(ends)) for node in chain.nodes), *ends])


def _filter(node: Node, ends: int) -> str:
    """A filter with its options. Every value is escaped twice, as FFmpeg reads it twice."""
    positional = [ends] if node.name in ("split", "asplit") else node.args
    options = [_escaped(value, _IN_VALUE) for value in positional]
    options += [f"{name}={_escaped(node.kwargs[name], _IN_VALUE)}" for name in sorted(node.kwargs)]
    return _escaped(f"{node.name}={':'.join(options)}" if options else node.name, _IN_GRAPH)


def _escaped(value: object, special: str) -> str:
    return "".join(f"\\{letter}" if letter in special else letter for letter in str(value))


def _input(node: Node) -> Iterator[str]:
    options = {"f" if name == "format" else name: value for name, value in node.kwargs.items() if name != "filename"}
    yield from _options(options)
    yield from ("-i", node.kwargs["filename"])


def _output(node: Node, inputs: dict[int, int], names: dict[tuple[int, object], str]) -> Iterator[str]:
    for edge in node.incoming_edges:
        pad = _pad(edge, inputs, names)
        yield from ("-map", pad if id(edge.upstream_node) in inputs else f"[{pad}]")
    options = {"f" if name == "format" else name: value for name, value in node.kwargs.items() if name != "filename"}
    yield from _options(options)
    yield node.kwargs["filename"]


def _options(options: dict[str, object]) -> Iterator[str]:
    for name in sorted(options):
        yield f"-{name}"
        if options[name] is not None:
            yield str(options[name])
