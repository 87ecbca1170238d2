"""The tree of reasons itself: codes under codes, with labels, written as an outline that people can edit.

One line a code, ``code | French | English``, two spaces further in for each level::

    billing | Facturation | Billing
      bill-unclear | Facture incomprise | Bill not understood
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from contacts.reasons import Leaf, word_key

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
INDENT = 2
LONGEST_LABEL = 200
MOST_NODES = 1000


@dataclass(frozen=True)
class Node:
    """One code of the tree; ``parent`` "" stands at the first level."""

    code: str
    parent: str
    fr: str
    en: str

    def label(self, language: str) -> str:
        return self.en if language == "en" else self.fr


class BadTree(Exception):
    """An outline that is no tree: ``code`` says why, ``line`` where (from 1; 0: as a whole)."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(f"{code} {line}")
        self.code = code
        self.line = line


def read_outline(text: str) -> list[Node]:
    """The nodes of an outline, in its order. Raises BadTree.

    Codes: ``empty-tree``, ``too-many-reasons``, and with a line ``reason-line``, ``reason-code``, ``reason-twice``,
    ``reason-indent``, ``reason-label``.
    """
    nodes: list[Node] = []
    path: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            depth = _depth(line, len(path), number)
            node = _node(line, path[depth - 1] if depth else "", number)
            if any(node.code == other.code for other in nodes):
                raise BadTree("reason-twice", number)
            path[depth:] = [node.code]
            nodes.append(node)
    if not nodes:
        raise BadTree("empty-tree")
    if len(nodes) > MOST_NODES:
        raise BadTree("too-many-reasons")
    return nodes


def _depth(line: str, deepest: int, number: int) -> int:
    written = line.expandtabs(INDENT)
    spaces = len(written) - len(written.lstrip())
    if spaces % INDENT or spaces // INDENT > deepest:
        raise BadTree("reason-indent", number)
    return spaces // INDENT


def _node(line: str, parent: str, number: int) -> Node:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 3:
        raise BadTree("reason-line", number)
    code, fr, en = parts
    if not CODE.fullmatch(code):
        raise BadTree("reason-code", number)
    if not (fr and en) or max(len(fr), len(en)) > LONGEST_LABEL:
        raise BadTree("reason-label", number)
    return Node(code, parent, fr, en)


def as_outline(nodes: Sequence[Node]) -> str:
    """The outline that ``read_outline`` reads back to the same nodes."""
    depth: dict[str, int] = {"": -1}
    lines = []
    for node in nodes:
        depth[node.code] = depth[node.parent] + 1
        lines.append(f"{' ' * INDENT * depth[node.code]}{node.code} | {node.fr} | {node.en}\n")
    return "".join(lines)


def from_json(stored: Iterable[Mapping[str, Any]]) -> list[Node]:
    return [Node(**node) for node in stored]


def as_json(nodes: Iterable[Node]) -> list[dict[str, Any]]:
    return [asdict(node) for node in nodes]


def leaves(nodes: Sequence[Node]) -> dict[str, Leaf]:
    """The leaves by code, in the order of the tree, each with its first level."""
    group: dict[str, str] = {}
    for node in nodes:
        group[node.code] = group.get(node.parent, node.code)
    inner = {node.parent for node in nodes}
    return {node.code: Leaf(node.code, group[node.code]) for node in nodes if node.code not in inner}


def own_words(nodes: Sequence[Node]) -> dict[tuple[str, str], Leaf]:
    """What stands for a leaf in every log: its code, and its labels where only one leaf has them."""
    found = leaves(nodes)
    labels = [(word_key(label), node.code) for node in nodes if node.code in found for label in {node.fr, node.en}]
    counted = [key for key, _code in labels]
    unique = {("", key): found[code] for key, code in labels if counted.count(key) == 1}
    return unique | {("", code): leaf for code, leaf in found.items()}


def missing(before: Sequence[Node], after: Sequence[Node]) -> list[str]:
    """The codes of ``before`` that ``after`` no longer has, in their order."""
    kept = {node.code for node in after}
    return [node.code for node in before if node.code not in kept]
