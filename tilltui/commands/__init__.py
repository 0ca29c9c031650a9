"""One module a subcommand, each with ``configure(parser)`` and ``run(args) -> int``.

``configure`` declares the arguments and sets ``parser.description`` in words a shopkeeper understands;
``run`` returns 0 (done) or 1 (the command's own "no"). ``args.config`` is the ``--config`` file or ``None``.
A module is imported when its command is used; ``import`` lives in ``import_.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tilltui.errors import N_

COMMANDS: Mapping[str, str] = {
    "init": N_("Write a settings file to start from"),
    "check": N_("Say everything that is wrong with the settings"),
    "doctor": N_("Say what is plugged in, what answers and what to set up; try a device out"),
    "import": N_("Read products from a CSV or XLSX file"),
    "export": N_("Write all products to a CSV or XLSX file"),
    "labels": N_("Print shelf labels of products, as after a new price list"),
    "report": N_("Show what the shift came to (x), or close it (z)"),
    "pin": N_("Set a forgotten PIN anew, at the closed till"),
    "audit": N_("Check that no sale is missing or was altered"),
    "backup": N_("Copy the sales to a folder or a USB stick"),
    "restore": N_("Put a backup in the place of the sales file"),
}
"""Name of each subcommand and one line of help, marked for translation."""
