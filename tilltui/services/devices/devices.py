"""Everything on a cable, and everything that sends: made from the settings, started and stopped together.

A device or uploader whose plug-in or settings are wrong is left out with a warning; the rest works.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from tilltui.config.schema import Config, DeviceSection, Till
from tilltui.domain.clock import now_ms
from tilltui.domain.money.money import Currency
from tilltui.domain.paper.job_state import JobState
from tilltui.errors import DeviceError, TillError
from tilltui.ports import CustomerDisplay, DeviceEvent, Drawer, Emit, FiscalRegime, Scale, Scanner
from tilltui.ports.kinds import KINDS, Try
from tilltui.services.devices.drawers import Drawers
from tilltui.services.devices.making import make
from tilltui.services.paper.print_routes import label_printer, receipt_printer
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui.store.paper import jobs

if TYPE_CHECKING:
    from tilltui.services.cards.desk import CardDesk, CardEvent
    from tilltui.services.devices.display import CustomerLines
    from tilltui.services.devices.weighing import Weigher
    from tilltui.services.paper.printing import PrintWorker
    from tilltui.services.paper.spool import Spool
    from tilltui.services.upload.worker import SyncStatus, SyncWorker

log = logging.getLogger(__name__)


class Devices:
    """The devices of a till.

    Args:
        config: The settings.
        store: For print jobs and the outbox.
        config_file: Where the settings stand; relative paths start from its folder.

    Attributes:
        warnings: What was wrong with them.
        left_out: Those that could not be made, for their driver or their settings.
        weighing: Weighs on the first scale; ``None`` where there is none.
        customer: What the customers read; ``None`` where there is no display.
        fiscal: The fiscal regime, once it is made.
    """

    def __init__(self, config: Config, store: Store, config_file: str = "") -> None:
        self.warnings: list[TillError] = []
        self.left_out: list[DeviceSection] = []
        self.weighing: Weigher | None = None
        self.customer: CustomerLines | None = None
        self.fiscal: FiscalRegime | None = None
        self._drivers: dict[tuple[str, str], object] = {}
        self._running: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
        self._drawers = Drawers(store, lambda event: self._emit(event))
        self._stops = ExitStack()
        self._config = config
        self._store = store
        self._file = config_file
        self._emit: Emit = quiet

    # What runs, by the shop's own names

    @property
    def scanners(self) -> Mapping[str, Scanner]:
        """The scanners."""
        return self._running["scanner"]

    @property
    def printers(self) -> Mapping[str, PrintWorker]:
        """The workers of the printers."""
        return self._running["printer"]

    @property
    def drawers(self) -> Mapping[str, Drawer]:
        """The drawers."""
        return self._running["drawer"]

    @property
    def scales(self) -> Mapping[str, Scale]:
        """The scales."""
        return self._running["scale"]

    @property
    def displays(self) -> Mapping[str, CustomerDisplay]:
        """The customer displays."""
        return self._running["display"]

    @property
    def cards(self) -> Mapping[str, CardDesk]:
        """The desks of the card terminals."""
        return self._running["terminal"]

    @property
    def uploaders(self) -> Mapping[str, SyncWorker]:
        """The workers of the uploaders."""
        return self._running["uploader"]

    def of_kind(self, kind: str) -> Mapping[str, object]:
        """What runs of one kind, by name; what was left out is not in it."""
        return self._running.get(kind, {})

    def tries(self, kind: str, name: str) -> list[Try]:
        """What a person can do with a device to try it; nothing with one that was left out."""
        if name not in self.of_kind(kind):
            return []
        driver = self._drivers[kind, name]
        return [one for one in KINDS[kind].tries if one.needs is None or isinstance(driver, one.needs)]

    @property
    def receipt_printer(self) -> str:
        """Name of the printer for receipts; empty: there is none (``print_routes.receipt_printer``)."""
        return receipt_printer(self._config.of_kind("printer"))

    @property
    def label_printer(self) -> str:
        """Name of the printer for shelf labels; empty: there is none (``print_routes.label_printer``)."""
        return label_printer(self._config.of_kind("printer"))

    def make_fiscal(self) -> None:
        """Make the fiscal regime; without it there are no legal parts, which is said."""
        self.fiscal = self._made(self._config.fiscal)

    def start(
        self,
        emit: Emit,
        spool: Spool,
        uploaded: Callable[[SyncStatus], object],
        charged: Callable[[CardEvent], object] = lambda event: None,
    ) -> None:
        """Make and start everything; returns at once.

        Args:
            emit: Takes devices' events, from any thread.
            spool: The print jobs.
            uploaded: Told of each change of an uploader, from its thread.
            charged: Told of each step of a card's charge, from its desk's thread.
        """
        from tilltui.services.devices.starts import STARTS, Hands, start_device

        self._emit = emit
        hands = Hands(
            emit,
            spool,
            uploaded,
            charged,
            store=self._store,
            training=self._config.till.training,
            drawers=self._drawers,
            printers=self.printers,
            stops=self._stops,
        )
        for kind in KINDS:
            for section in self._config.of_kind(kind):
                driver = self._made(section)
                if driver is None:
                    continue
                try:
                    runs = STARTS.get(kind, start_device)(driver, section.name, hands)
                except DeviceError as error:
                    self.warnings.append(error)
                else:
                    self._drivers[kind, section.name] = driver
                    self._running[kind][section.name] = runs
        self._weigh()

    def _weigh(self) -> None:
        """Weigh on the first scale that runs."""
        for section in self._config.of_kind("scale"):
            if section.name in self.scales:
                from tilltui.services.devices.weighing import Weigher, tares_of

                self.weighing = Weigher(self.scales[section.name], tares_of(section.options))
                return

    def greet(self, currency: Currency, greeting: Sequence[str]) -> None:
        """Show who sells on the customer displays, from now on whenever nobody is served."""
        if self.displays:
            from tilltui.services.devices.display import CustomerLines

            self.customer = CustomerLines(list(self.displays.values()), currency, greeting)
            self.customer.idle()

    @property
    def sections(self) -> list[DeviceSection]:
        """What is set up, in the order of the file."""
        return list(self._config.devices)

    def cancel_paper(self, job_id: int) -> bool:
        """Take a print job back that waits; blocks for the disk.

        Returns:
            Whether it waited still; one that its printer has just begun is printed.
        """

        def work(connection: Connection) -> bool:
            row = jobs.job(connection, job_id)
            if row is None or not row.state.waits:
                return False
            jobs.set_state(connection, job_id, JobState.CANCELLED, now_ms(), reason="said by the cashier")
            return True

        return self._store.run(work)

    @property
    def till(self) -> Till:
        """Settings of the till itself."""
        return self._config.till

    def stop(self) -> None:
        """Stop everything, what was started last first; may be called twice."""
        self._stops.close()

    def feedback(self, source: str, ok: bool) -> None:
        """Tell a scanner whether its code was good."""
        scanner = self.scanners.get(source)
        if scanner is not None:
            scanner.feedback(ok)

    def open_drawer(self, reason: str, operator: tuple[int, str], *, for_sale: bool = False) -> Future[None]:
        """Open the first drawer, once, and record it; see ``Drawers.open``."""
        return self._drawers.open(reason, operator, for_sale=for_sale)

    def _made(self, section: DeviceSection) -> Any:
        """The plug-in of a section, or ``None`` with a warning."""
        try:
            driver, problems = make(section, self._file)
            for problem in problems:
                log.warning("%s: %s", problem.key, problem.error)
                self.warnings.append(problem.error)
            if driver is not None:
                return driver
        except TillError as error:
            log.warning("%s is left out: %s", section.key, error)
            self.warnings.append(error)
        self.left_out.append(section)
        return None


def quiet(event: DeviceEvent) -> bool:
    """Take an event and do nothing with it; for commands without a screen."""
    log.debug("%s", event)
    return True
