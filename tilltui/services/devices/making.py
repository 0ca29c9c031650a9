"""A driver out of its section of the settings."""

from __future__ import annotations

from typing import Any

from tilltui import plugins
from tilltui.config.load import driver_settings
from tilltui.config.problems import Problem, Problems
from tilltui.config.schema import DeviceSection


def make(section: DeviceSection, file: str) -> tuple[Any, list[Problem]]:
    """The driver of a section, and what is wrong with its settings; ``None`` where that is too much.

    Args:
        section: Its section.
        file: The settings file; relative paths start from its folder.

    Raises:
        TillError: Its plug-in does not load, or refuses its settings.
    """
    plugin = plugins.load(section.kind, section.driver)
    problems = Problems(file)
    settings = driver_settings(section, plugin.Settings, problems)
    return (None if settings is None else plugin(section.name, settings)), list(problems)
