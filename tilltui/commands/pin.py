"""``tilltui pin``: a forgotten PIN is set anew by whoever may write the sales file; the journal says so."""

from __future__ import annotations

import argparse
import getpass
import os
import pwd
import warnings

from tilltui.commands.closed_till import closed_till
from tilltui.commands.settings import shop_config
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError, StoreError
from tilltui.i18n import _
from tilltui.services.flow import through
from tilltui.services.people.pin import checked_pin
from tilltui.services.shop import shop_of

MAX_USER = 60
"""Most characters of a user's name in the journal."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Sets the PIN that unlocks the till when it is forgotten: asks for a new one twice and shows "
        "neither. The journal keeps who did it and when, and head office gets that record. Close the till "
        "first. Whoever knows the PIN changes it at the till, F12."
    )
    parser.add_argument(
        "--operator", type=int, default=1, metavar="NUMBER", help=_("whose; without it the till's own, 1")
    )
    parser.add_argument("--remove", action="store_true", help=_("take the PIN away instead"))


def run(args: argparse.Namespace) -> int:
    """Set the PIN, or take it away.

    Raises:
        TillError: The till is open, there is no terminal or no such operator, or it is no PIN.
    """
    config = shop_config(args.config)
    with closed_till(config, shop_of(config), "pin") as till:
        locking = till.register.people.locking
        locking.check_operator(args.operator)
        new = "" if args.remove else _asked()
        through(locking.reset(args.operator, new, _user()))
    print(_("The PIN is set.") if new else _("There is no PIN any more."))
    return 0


def _asked() -> str:
    """A new PIN, keyed twice at the terminal and shown nowhere.

    Raises:
        SaleError: The two differ, or it is no PIN.
        StoreError: There is no terminal to key it at.
    """
    with warnings.catch_warnings():
        # Without a terminal getpass would read it in sight, or out of a script that keeps it.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            new = checked_pin(getpass.getpass(_("New PIN:") + " "))
            again = getpass.getpass(_("Once more:") + " ").strip()
        except (getpass.GetPassWarning, EOFError) as error:
            raise StoreError(
                N_("The PIN must be keyed at a terminal."), hint=N_("Run this where there is a keyboard.")
            ) from error
    if new != again:
        raise SaleError(N_("The two new PINs differ."), hint=N_("Key the same one twice."))
    return new


def _user() -> str:
    """The user whom the system knows this process as, and whom ``sudo`` says it was before."""
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # a container without that user
        name = str(number)
    before = clean(os.environ.get("SUDO_USER", ""), MAX_USER)
    return clean(f"{name} ({before})" if before else name, MAX_USER)
