"""The tests of the bench that ``--driver`` names; collected by ``tilltui_drivers.pytest_plugin``."""

from __future__ import annotations

from tilltui_drivers import pytest_plugin
from tilltui_drivers.contract.choose import contract_for

for _bench in pytest_plugin.chosen():
    _tests = contract_for(_bench)
    globals()[_tests.__name__] = _tests
