"""Comparisons put together: all of them, any of them, not one. What is built here is always in one canonical shape."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from surveys.comparisons import Answers, Comparison, Test


@dataclass(frozen=True)
class Not:
    inner: "Node"


@dataclass(frozen=True)
class All:
    """Two parts or more, none of them an All itself."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Any:
    """Two parts or more, none of them an Any itself."""

    parts: tuple["Node", ...]


Node = Comparison | Not | All | Any


def all_of(*nodes: Node) -> Node:
    """``and``: one node alone is itself, and an ``and`` inside an ``and`` is one."""
    return nodes[0] if len(nodes) == 1 else All(tuple(_flat(All, nodes)))


def any_of(*nodes: Node) -> Node:
    """``or``: one node alone is itself, and an ``or`` inside an ``or`` is one."""
    return nodes[0] if len(nodes) == 1 else Any(tuple(_flat(Any, nodes)))


def _flat(kind: type[All] | type[Any], nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield from node.parts if isinstance(node, kind) else (node,)


def leaves(node: Node) -> Iterator[Comparison]:
    """Its comparisons, from left to right."""
    if isinstance(node, Comparison):
        yield node
    elif isinstance(node, Not):
        yield from leaves(node.inner)
    else:
        for part in node.parts:
            yield from leaves(part)


def mapped(node: Node, change: Callable[[Comparison], Comparison]) -> Node:
    """The same with every comparison changed."""
    if isinstance(node, Comparison):
        return change(node)
    if isinstance(node, Not):
        return Not(mapped(node.inner, change))
    return type(node)(tuple(mapped(part, change) for part in node.parts))


def depth(node: Node) -> int:
    """How far connectives stand inside one another; 0 for a comparison."""
    if isinstance(node, Comparison):
        return 0
    parts = (node.inner,) if isinstance(node, Not) else node.parts
    return 1 + max(map(depth, parts))


def test_of(node: Node) -> Test:
    """The node as one function of the answers."""
    if isinstance(node, Comparison):
        return node.test()
    if isinstance(node, Not):
        inner = test_of(node.inner)
        return lambda answers: not inner(answers)
    tests = tuple(map(test_of, node.parts))
    if len(tests) == 2:  # the usual number, without a generator
        first, second = tests
        if isinstance(node, All):
            return lambda answers: first(answers) and second(answers)
        return lambda answers: first(answers) or second(answers)
    return _all(tests) if isinstance(node, All) else _any(tests)


def _all(tests: tuple[Test, ...]) -> Test:
    def hold(answers: Answers) -> bool:
        return all(test(answers) for test in tests)

    return hold


def _any(tests: tuple[Test, ...]) -> Test:
    def holds(answers: Answers) -> bool:
        return any(test(answers) for test in tests)

    return holds


def written(node: Node) -> str:
    """The node as it is written, which reads back as an equal one. ``and`` binds tighter than ``or``."""
    if isinstance(node, Comparison):
        return str(node)
    if isinstance(node, Not):  # SurveyJS has no word "not"
        return f"!({written(node.inner)})"
    if isinstance(node, Any):
        return " or ".join(map(written, node.parts))
    return " and ".join(f"({written(part)})" if isinstance(part, Any) else written(part) for part in node.parts)
