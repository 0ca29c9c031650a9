from __future__ import annotations

import logging
import stat
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui import log
from tilltui.config.schema import Config, DeviceSection, Shop

ROOT = Path(__file__).resolve().parent.parent
logger = logging.getLogger("tests.till")


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Puts the process's logging back: pytest itself uses it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    last, raising = logging.lastResort, logging.raiseExceptions
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.lastResort, logging.raiseExceptions = last, raising


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def test_each_file_begins_with_the_header_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "till.log"
    running = log.configure(path, "INFO", Config(Shop("Almacén Rosita")))
    logger.info("sold %d", 3)
    logger.debug("not this")
    running.stop()
    text = lines(path)
    assert text[0] == "# tilltui 0.1.0"
    assert text[1].startswith("# python 3.")
    assert "# shop.name = 'Almacén Rosita'" in text
    assert text[-1].endswith("Z INFO MainThread tests.till: sold 3")
    assert not any("not this" in line for line in text)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_full_file_is_followed_by_a_new_one_and_three_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MAX_BYTES", 2000)
    path = tmp_path / "till.log"
    running = log.configure(path)
    for i in range(200):
        logger.info("line %d", i)
    running.stop()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["till.log", "till.log.1", "till.log.2"]
    assert all(lines(p)[0].startswith("# tilltui") for p in tmp_path.iterdir())
    assert lines(path)[-1].endswith("line 199")


def test_secrets_stay_out_of_the_header() -> None:
    options = {
        "url": "https://till:hunter2@hq.example/in",
        "key_file": "/etc/hq.key",
        "password": "hunter2",
        "api_key": "k-1",
        "token": "",
        "nested": {"client_secret": "s-1"},
    }
    text = "\n".join(
        log.header(Config(Shop("X"), devices=(DeviceSection("uploader", "hq", "http", options),)))
    )
    assert "hunter2" not in text
    assert "k-1" not in text
    assert "s-1" not in text
    assert "devices.0.options.key_file = '/etc/hq.key'" in text
    assert "devices.0.options.password = (secret)" in text
    assert "devices.0.options.url = 'https://(secret)@hq.example/in'" in text
    assert "devices.0.options.token = (empty)" in text


def test_a_record_cannot_forge_a_line_or_move_the_cursor(tmp_path: Path) -> None:
    path = tmp_path / "till.log"
    running = log.configure(path)
    logger.warning("code %s", "a\n2026-01-01T00:00:00 ERROR forged\x1b[2J\u202e\x9b\udc80")
    running.stop()
    assert lines(path)[-1].endswith(r"code a\n2026-01-01T00:00:00 ERROR forged\x1b[2J\u202e\x9b\udc80")


def test_a_traceback_is_indented_and_escaped(tmp_path: Path) -> None:
    path = tmp_path / "till.log"
    running = log.configure(path)
    try:
        raise ValueError("bad\x1b[2J")
    except ValueError:
        logger.exception("it broke")
    running.stop()
    text = lines(path)
    start = next(i for i, line in enumerate(text) if line.endswith("it broke"))
    assert text[start + 1] == "    Traceback (most recent call last):"
    assert text[-1] == r"    ValueError: bad\x1b[2J"


def test_what_does_not_fit_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "QUEUE_RECORDS", 5)
    going_on = threading.Event()
    waiting = threading.Event()
    passed = threading.Event()
    emit = log._HeadedFile.emit

    def slow(self: log._HeadedFile, record: logging.LogRecord) -> None:
        waiting.set()
        assert going_on.wait(10)
        emit(self, record)
        if "more 4" in record.getMessage():
            passed.set()

    monkeypatch.setattr(log._HeadedFile, "emit", slow)
    path = tmp_path / "till.log"
    running = log.configure(path)
    logger.info("first")
    assert waiting.wait(10)
    for i in range(8):
        logger.info("more %d", i)
    going_on.set()
    assert passed.wait(10)
    logger.info("last")
    running.stop()
    text = "\n".join(lines(path))
    assert "3 log records did not fit." in text
    assert "more 4" in text
    assert "more 5" not in text
    assert "last" in text


def test_warnings_go_to_the_log(tmp_path: Path) -> None:
    path = tmp_path / "till.log"
    running = log.configure(path)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("odd thing", stacklevel=1)
        logging.captureWarnings(False)
    running.stop()
    assert any("py.warnings" in line and "odd thing" in line for line in lines(path))


def test_a_full_disk_does_not_keep_the_till_shut(tmp_path: Path) -> None:
    path = tmp_path / "till.log"
    path.symlink_to("/dev/full")
    running = log.configure(path)
    logger.info("opened")
    running.stop()
    assert not logging.getLogger().handlers


def test_stop_may_be_called_twice(tmp_path: Path) -> None:
    running = log.configure(tmp_path / "till.log")
    running.stop()
    running.stop()


def test_nothing_reaches_the_terminal(tmp_path: Path) -> None:
    code = f"""
import logging, warnings
from pathlib import Path
from tilltui import log
running = log.configure(Path({str(tmp_path / "till.log")!r}))
logging.getLogger("escpos").warning("library")
logging.getLogger("x").info("%d", "not a number")
warnings.warn("w")
running.stop()
logging.getLogger("late").error("after the end")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")


@given(st.text())
def test_escaped_text_prints_on_one_line(text: str) -> None:
    escaped = log.escape(text)
    assert len(escaped.splitlines()) <= 1
    escaped.encode("utf-8")  # no lone surrogate is left
    assert (escaped == text) or not text.isascii() or not text.isprintable()
