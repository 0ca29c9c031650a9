"""The one door: everything that a person can do at the till is a command of one of its rooms, with its right.

The screen, the command line, the scripted sale and the tests come through it. A command returns a value or
raises ``TillError``; what happened is published after the commit, and the wiring says who hears of it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tilltui.domain.people.rights import Right
from tilltui.i18n import set_language
from tilltui.services.cards.charges import CardTill
from tilltui.services.day.shift import Shift
from tilltui.services.devices.device_till import DeviceTill
from tilltui.services.events import Events, LanguageChanged, TillLeft
from tilltui.services.goods.catalogue import Catalogue
from tilltui.services.paper.papers import Papers
from tilltui.services.paying.paying import Paying
from tilltui.services.people.customers import Customers
from tilltui.services.people.locking import Locking
from tilltui.services.returns.goods_back import GoodsBack
from tilltui.services.selling.correcting import Correcting
from tilltui.services.selling.open_sale import OpenSale
from tilltui.services.selling.parking import Parking
from tilltui.services.selling.ringing import Ringing
from tilltui.services.session import Session, command

if TYPE_CHECKING:
    from tilltui.services.devices.devices import Devices
    from tilltui.services.paper.spool import Spool
    from tilltui.services.shop import Shop
    from tilltui.store.file.store import Store


@dataclass(eq=False)
class Selling:
    """The commands on the basket.

    Attributes:
        ringing: Brings something into it.
        correcting: Changes what is in it.
        parking: Puts it aside, and takes it back.
    """

    ringing: Ringing
    correcting: Correcting
    parking: Parking


@dataclass(eq=False)
class People:
    """The commands on people.

    Attributes:
        customers: Who buys.
        locking: Who is at the till.
    """

    customers: Customers
    locking: Locking


class Register:
    """Every command, by its room.

    Args:
        store: Where everything is kept.
        shop: The shop.
        session: Who is at the till.
        events: Who hears what was done.
        devices: What is on a cable.
        spool: The print jobs.
        background: One thread for short work that waits for the disk.
        say: Translates what stands on paper.

    Attributes:
        session: Who is at the till.
        events: Who hears what was done.
        sale: The open sale.
        selling: Commands on the basket.
        paying: Commands that take money, and close the sale.
        cards: Commands at the card terminals.
        returns: Commands on goods that come back.
        goods: Commands on the catalogue.
        people: Commands on customers, and on who is at the till.
        day: Commands on the shift.
        paper: Commands on papers.
        devices: Commands on devices.
    """

    def __init__(
        self,
        store: Store,
        shop: Shop,
        session: Session,
        events: Events,
        devices: Devices,
        spool: Spool,
        background: Executor,
        say: Callable[[str], str],
    ) -> None:
        self.session = session
        self.events = events
        printer = devices.receipt_printer
        sale = self.sale = OpenSale(store, shop, session, lambda error: events.failed(error))
        self.selling = Selling(Ringing(sale), Correcting(sale), Parking(sale, events))
        self.paying = Paying(sale, events, printer)
        self.cards = CardTill(sale, devices.cards)
        self.returns = GoodsBack(sale)
        self.goods = Catalogue(store, shop, session)
        self.people = People(Customers(sale), Locking(store, session, background))
        self.day = Shift(sale, events, say, printer)
        self.paper = Papers(store, spool, devices, session, events, background)
        self.devices = DeviceTill(devices, session)

    @command(Right.LANGUAGE)
    def speak(self, code: str) -> None:
        """Speak another language from now on.

        Args:
            code: ``es``, ``en`` or ``pt``.
        """
        set_language(code)
        self.events.publish(LanguageChanged(code))

    @command(Right.CLOSE_TILL)
    def leave(self) -> None:
        """Close the till; an open sale is kept."""
        self.events.publish(TillLeft())
