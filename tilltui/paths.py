"""Where the till's files live.

Folders follow the platform (``platformdirs``) unless ``[till] data_dir`` says otherwise. A folder that is
made here has mode 0700: sales and keys are nobody else's.
"""

from __future__ import annotations

from pathlib import Path

import platformdirs

from tilltui.errors import N_, ConfigError

APP = "tilltui"
"""Name of our folder below the platform's."""

CONFIG_NAME = "till.toml"
"""Name of the settings file, wherever it is."""

BOOT_CONFIGS = (Path("/boot/firmware/till.toml"), Path("/boot/till.toml"))
"""The settings file on an appliance's boot partition, which any PC can edit; Debian 12's place first."""


def make_private(folder: Path) -> Path:
    """Make ``folder`` and its parents; what is made has mode 0700.

    Raises:
        ConfigError: It cannot be made.
    """
    try:
        for part in (*reversed(folder.parents), folder):
            if not part.exists():
                part.mkdir(mode=0o700, exist_ok=True)
        if not folder.is_dir():
            raise NotADirectoryError(20, "is not a folder", str(folder))
    except OSError as e:
        raise ConfigError(
            N_("The folder {folder} cannot be made: {reason}."),
            hint=N_("Check its permissions, or choose another with data_dir in [till]."),
            folder=folder,
            reason=e.strerror or e,
        ) from e
    return folder


def data_dir(configured: str = "") -> Path:
    """The folder of the sales file, logs and backups, made if need be.

    Args:
        configured: ``[till] data_dir``; empty for the platform's data folder.

    Raises:
        ConfigError: It cannot be made.
    """
    return make_private(data_path(configured))


def data_path(configured: str = "") -> Path:
    """Where ``data_dir`` would be; not made."""
    if configured:
        return Path(configured).expanduser().absolute()
    return platformdirs.user_data_path(APP, appauthor=False)


def config_dir() -> Path:
    """The platform's configuration folder, where ``till.toml`` is looked for last; not made."""
    return platformdirs.user_config_path(APP, appauthor=False)


def cache_dir() -> Path:
    """The folder for what can be made again, made if need be.

    Raises:
        ConfigError: It cannot be made.
    """
    return make_private(platformdirs.user_cache_path(APP, appauthor=False))


def log_file(data: Path) -> Path:
    """The till's log below its data folder; the folder is made if need be.

    Raises:
        ConfigError: The folder cannot be made.
    """
    return make_private(data / "logs") / "till.log"
