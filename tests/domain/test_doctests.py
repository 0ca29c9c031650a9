"""Every example in the domain's docstrings is true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import tilltui.domain

MODULES = sorted(info.name for info in pkgutil.walk_packages(tilltui.domain.__path__, "tilltui.domain."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0


def test_examples_are_found() -> None:
    finder = doctest.DocTestFinder()
    examples = {
        name: sum(len(test.examples) for test in finder.find(importlib.import_module(name)))
        for name in MODULES
    }
    assert examples["tilltui.domain.money.rounding"] >= 2
    assert sum(examples.values()) >= 10
