"""What stands on the screen while the till opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tilltui import i18n, wiring
from tilltui.i18n import set_language


class OpenedError(Exception):
    """The till would open now."""


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    before = i18n.language()
    set_language("en")
    yield
    set_language(before)


def test_the_first_words_are_in_the_shops_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "till.toml"
    settings.write_text('[shop]\nname = "Rosita"\nlanguage = "es"\n', "utf-8")

    def opened(reading: object) -> None:
        raise OpenedError

    monkeypatch.setattr(wiring, "make_till", opened)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "linux")
    with pytest.raises(OpenedError):
        wiring.open_till(settings)
    assert "abriendo la caja" in capsys.readouterr().out
