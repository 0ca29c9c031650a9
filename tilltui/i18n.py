"""The cashier's language: gettext of the standard library, switchable while the till runs.

English is the source. Messages carry named fields only, filled after translating:
``_("Total: {amount}").format(amount=...)``. What is evaluated at import (titles, bindings, help) is marked
with ``N_`` and translated where it is shown.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from gettext import NullTranslations
from pathlib import Path
from typing import Any, NamedTuple

from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, TillError
from tilltui.translations import Catalogue

__all__ = [
    "DOMAIN",
    "LANGUAGES",
    "LOCALE_DIR",
    "N_",
    "Explanation",
    "_",
    "environment_language",
    "explain",
    "fill_in",
    "language",
    "ngettext",
    "set_language",
]

DOMAIN = "tilltui"
"""Name of the catalogue files."""

LOCALE_DIR = Path(__file__).parent / "locale"
"""Folder of ``LANGUAGE/LC_MESSAGES/tilltui.mo``."""

LANGUAGES: Mapping[str, str] = {"es": "Español", "en": "English", "pt": "Português"}
"""Languages of the till by code, each with its own name for itself."""


class _Current:
    """The language in force; one assignment switches it, so that threads need no lock."""

    code: str = "en"
    catalogue: NullTranslations = NullTranslations()


def set_language(code: str) -> None:
    """Speak ``code`` from now on, on every thread.

    Raises:
        ValueError: ``code`` is none of ``LANGUAGES``.
        FileNotFoundError: The catalogue is not installed.
    """
    if code not in LANGUAGES:
        raise ValueError(f"Unknown language {code!r}: expected one of {', '.join(LANGUAGES)}.")
    if code != _Current.code:
        file = LOCALE_DIR / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
        _Current.catalogue = NullTranslations() if code == "en" else Catalogue(file)
    _Current.code = code


def language() -> str:
    """Code of the language in force."""
    return _Current.code


def environment_language(environ: Mapping[str, str] = os.environ) -> str:
    """What ``LC_ALL``, ``LC_MESSAGES`` or ``LANG`` asks for; ``en`` when it is none of ours.

    >>> environment_language({"LANG": "es_CL.UTF-8"})
    'es'
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            code = environ[name][:2].lower()
            return code if code in LANGUAGES else "en"
    return "en"


def _(message: str) -> str:
    """Translate ``message``; the English itself where there is no translation."""
    return _Current.catalogue.gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate the form of the message that ``count`` needs."""
    return _Current.catalogue.ngettext(singular, plural, count)


class Explanation(NamedTuple):
    """An error as a person reads it: heading, what happened, and what to do (may be empty)."""

    title: str
    text: str
    hint: str


def fill_in(message: str, fields: Mapping[str, Any]) -> str:
    """Translate ``message`` and fill its fields.

    Text in a field is cleaned, for it comes from anywhere; where it is itself one of our messages (a reason
    marked with ``N_``) it is translated too.
    """
    translated = _(message)
    if not fields:
        return translated
    safe = {
        key: value if isinstance(value, int | float) else clean(_(str(value)), MAX_NOTE)
        for key, value in fields.items()
    }
    return translated.format(**safe)


def explain(error: TillError) -> Explanation:
    """An error in the language in force, its fields filled in and cleaned."""
    return Explanation(
        _(error.title), fill_in(error.message, error.fields), fill_in(error.hint, error.fields)
    )
