"""Puts the till together: settings, store, services, devices, screen. The heavy imports are inside."""

from __future__ import annotations

import gc
import logging
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tilltui import paths
from tilltui.i18n import _, set_language
from tilltui.splash import SPLASH

if TYPE_CHECKING:
    from tilltui.config.load import Reading
    from tilltui.config.schema import Config
    from tilltui.services.devices.devices import Devices
    from tilltui.services.devices.hotplug import Plugs
    from tilltui.services.till import Look, Till

log = logging.getLogger(__name__)


def open_till(config_file: Path | None = None) -> int:
    """Open the till: on a terminal its screen, otherwise a scripted sale of the demo shop.

    Args:
        config_file: ``--config``.

    Returns:
        The exit code.

    Raises:
        TillError: The settings or the database are wrong, in words.
    """
    # Nearly all that is made until the screen opens stays: looking for garbage in it costs 45 M instructions.
    gc.disable()
    try:
        return _open(config_file)
    finally:
        gc.enable()


def _open(config_file: Path | None) -> int:
    from tilltui.config.load import load

    reading = load(config_file)
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if on_terminal:
        if reading is not None and reading.config is not None:
            set_language(reading.config.shop.language)
        _splash()
    till = make_till(reading)
    try:
        if not on_terminal:
            from tilltui.headless import play

            _collect_again()
            return play(till)
        from tilltui.ui.shell.fast_textual import import_textual

        import_textual()
        from tilltui.ui.shell.app import run

        _collect_again()
        run(till)
    finally:
        till.close()
    return 0


def _collect_again() -> None:
    """Collect garbage from now on, but never look again at what was imported."""
    gc.freeze()
    gc.enable()


def make_till(reading: Reading | None) -> Till:
    """Make everything of a till but its screen.

    Args:
        reading: The settings, or ``None`` for the demo shop.

    Raises:
        TillError: It cannot be opened.
    """
    from tilltui import log as logs
    from tilltui.domain.people.operator import Operator
    from tilltui.services.devices.devices import Devices
    from tilltui.services.paper.logo import logo_of
    from tilltui.services.paper.spool import Spool
    from tilltui.services.shop import shop_of
    from tilltui.services.till import Till
    from tilltui.store.file.store import Store

    demo = reading is None
    reading = _with_known_keys(reading or _demo_reading())
    config = reading.config
    assert config is not None
    set_language(config.shop.language)
    data = paths.data_dir(config.till.data_dir)
    with ExitStack() as opened:
        log_thread = logs.configure(paths.log_file(data), config=config)
        opened.callback(log_thread.stop)
        shop = shop_of(config, demo=demo)
        store = Store.open(data, config.till.id, safe_disk_only=not demo)
        opened.callback(store.close)
        if demo:
            from tilltui.demo.shop import fill

            fill(store, shop)
        devices = Devices(config, store, str(reading.path))
        devices.make_fiscal()
        regime = devices.fiscal
        legal = regime.receipt_elements if regime is not None else lambda body: ()
        spool = Spool(store, shop, _, legal, logo_of(config.shop.logo, reading.path.parent, data))
        till = Till(
            shop,
            store,
            devices,
            spool,
            Operator(1, "Ana" if demo else ""),
            _,
            _look(reading, config),
            lambda: _plugs(config, devices),
            opened,
        )
        # From here on it is the till that closes everything, the log last.
        till.ends = opened.pop_all()
    return till


def _look(reading: Reading, config: Config) -> Look:
    """How the settings want the screen."""
    from tilltui.services.till import Look

    return Look(
        keys=dict(config.keys),
        warnings=[problem.error for problem in reading.problems],
        beep=config.till.beep,
        wedge_gap_ms=config.till.wedge_gap_ms if config.till.wedge else 0,
        theme=config.till.theme,
        lock_minutes=config.till.lock_minutes,
    )


def _demo_reading() -> Reading:
    """The settings of the demo shop, which stand in no file."""
    from tilltui.config.load import Reading
    from tilltui.config.problems import Problems
    from tilltui.demo.shop import demo_config

    return Reading(Path("demo"), demo_config(), Problems("demo"))


def _with_known_keys(reading: Reading) -> Reading:
    """The same settings; a key for an action that there is not is a warning."""
    from tilltui.config.problems import Severity
    from tilltui.ui.sale.actions import ACTION_IDS, unknown_actions

    for name in unknown_actions(reading.config.keys) if reading.config is not None else ():
        reading.problems.unknown(Severity.WARNING, f"keys.{name}", sorted(ACTION_IDS))
    return reading


def _plugs(config: Config, devices: Devices) -> Plugs:
    from tilltui.services.devices.hotplug import Plugs  # after the first picture

    return Plugs(config, devices)


def _splash() -> None:
    """Say below the till's name what it is waiting for."""
    if os.environ.get("TERM", "dumb") != "dumb":
        sys.stdout.write(f"{SPLASH}  {_('opening the till...')}\r\n")
        sys.stdout.flush()
