"""Sizes: modules of a folder, lines of a file, lines of a function."""

from __future__ import annotations

from tests.proofs.house.figure import Figure, largest
from tests.proofs.house.source import Function, Tree


def fullest_folders(tree: Tree, limit: int) -> Figure:
    """Modules that a folder holds beside its ``__init__``."""
    sizes = {folder: (len(inside), "") for folder, inside in tree.folders.items()}
    return largest("folder", "modules a folder", limit, sizes)


def longest_files(tree: Tree, limit: int) -> Figure:
    """Lines a file."""
    sizes = {module.name: (len(module.lines), "") for module in tree.modules.values()}
    return largest("file", "lines a file", limit, sizes)


def longest_functions(tree: Tree, limit: int) -> Figure:
    """Lines a function, from its ``def`` to its end."""
    sizes: dict[str, tuple[int, str]] = {}
    for module in tree.modules.values():
        for node in module.nodes:
            if isinstance(node, Function):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                sizes[f"{module.name}:{node.lineno} {node.name}"] = (lines, "")
    return largest("function", "lines a function", limit, sizes)
