"""The settings of a shop that is set up, for commands that make no sense in the demo shop."""

from __future__ import annotations

from pathlib import Path

from tilltui.config.load import load
from tilltui.config.schema import Config
from tilltui.errors import N_, ConfigError
from tilltui.i18n import set_language


def shop_config(path: Path | None) -> Config:
    """Read the settings and speak the shop's language from now on.

    Raises:
        ConfigError: There are none, or the till cannot open with them.
    """
    reading = load(path)
    if reading is None or reading.config is None:
        raise ConfigError(
            N_("There is no settings file yet: this would be lost with the demo shop."),
            hint=N_("Make one with “tilltui init”."),
        )
    set_language(reading.config.shop.language)
    return reading.config
