"""The protocols by the name that the settings use; only the one that is named is imported."""

from __future__ import annotations

import importlib
from typing import Literal

from tilltui_drivers.scales.engine import Engine

Protocol = Literal["toledo8217", "nci", "torrey", "stream", "cas", "sma", "dialog06", "adam", "magellan"]
"""Names of the protocols."""

_ENGINES: dict[Protocol, tuple[str, str]] = {
    "toledo8217": ("toledo8217", "Toledo8217"),
    "nci": ("nci", "Nci"),
    "torrey": ("lines", "Torrey"),
    "stream": ("lines", "TextStream"),
    "cas": ("cas", "Cas"),
    "sma": ("sma", "Sma"),
    "dialog06": ("dialog06", "Dialog06"),
    "adam": ("adam", "Adam"),
    "magellan": ("magellan", "Magellan"),
}

NAMES: tuple[Protocol, ...] = tuple(_ENGINES)
"""All of them."""


def engine(name: Protocol, unit: str = "kg") -> Engine:
    """Make the engine of a protocol."""
    module, attribute = _ENGINES[name]
    made: Engine = getattr(importlib.import_module(f"tilltui_drivers.scales.{module}"), attribute)(unit)
    return made
