from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tilltui import paths
from tilltui.errors import ConfigError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_made_is_private_and_what_was_there_stays(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    made = paths.data_dir(str(tmp_path / "a" / "b"))
    assert made == tmp_path / "a" / "b"
    assert (mode(made), mode(made.parent), mode(tmp_path)) == (0o700, 0o700, 0o755)
    assert paths.data_dir(str(made)) == made


def test_the_platforms_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    assert paths.data_dir() == tmp_path / "DATA" / "tilltui"
    assert paths.cache_dir() == tmp_path / "CACHE" / "tilltui"
    assert paths.config_dir() == tmp_path / "CONFIG" / "tilltui"
    assert not paths.config_dir().exists()
    assert paths.log_file(paths.data_dir()) == tmp_path / "DATA" / "tilltui" / "logs" / "till.log"


def test_a_file_in_the_way_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("", "utf-8")
    for folder in ("a", "a/b"):
        with pytest.raises(ConfigError, match="cannot be made"):
            paths.data_dir(str(tmp_path / folder))
