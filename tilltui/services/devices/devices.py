"""Everything on a cable, and everything that sends: made from the settings, started and stopped together.

A device or uploader whose plug-in or settings are wrong is left out with a warning; the rest works.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from tilltui import plugins
from tilltui.config.load import driver_settings
from tilltui.config.problems import Problems
from tilltui.config.schema import Config, DeviceSection, Till
from tilltui.domain.clock import now_ms
from tilltui.domain.money.money import Currency
from tilltui.domain.paper.job_state import JobState
from tilltui.errors import DeviceError, TillError
from tilltui.ports import CustomerDisplay, DeviceEvent, Drawer, Emit, FiscalRegime, Scale, Scanner
from tilltui.services.devices.drawers import Drawers
from tilltui.services.paper.print_routes import label_printer, receipt_printer
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui.store.paper import jobs

if TYPE_CHECKING:
    from tilltui.services.cards.desk import CardDesk, CardEvent
    from tilltui.services.devices.display import CustomerLines
    from tilltui.services.devices.weighing import WeighingDesk
    from tilltui.services.paper.printing import PrintWorker
    from tilltui.services.paper.spool import Spool
    from tilltui.services.upload.worker import SyncStatus, SyncWorker

log = logging.getLogger(__name__)


class Devices:
    """The devices of a till.

    Args:
        config: The settings.
        store: For print jobs and the outbox.

    Attributes:
        warnings: What was wrong with them.
        left_out: Those that could not be made, for their driver or their settings.
        scanners: By name.
        printers: Print workers by name.
        drawers: By name.
        uploaders: Sync workers by name.
        cards: Desks of card terminals by name.
        scales: By name.
        displays: Customer displays by name.
        weighing: Weighs on the first scale; ``None`` where there is none.
        customer: What the customers read; ``None`` where there is no display.
    """

    def __init__(self, config: Config, store: Store, config_file: str = "") -> None:
        self.warnings: list[TillError] = []
        self.scanners: dict[str, Scanner] = {}
        self.printers: dict[str, PrintWorker] = {}
        self._drawers = Drawers(store, lambda event: self._emit(event))
        self.drawers: Mapping[str, Drawer] = self._drawers.by_name
        self.uploaders: dict[str, SyncWorker] = {}
        self.cards: dict[str, CardDesk] = {}
        self.scales: dict[str, Scale] = {}
        self.displays: dict[str, CustomerDisplay] = {}
        self.weighing: WeighingDesk | None = None
        self.customer: CustomerLines | None = None
        self.fiscal: FiscalRegime | None = None
        self.left_out: list[DeviceSection] = []
        self._config = config
        self._store = store
        self._file = config_file
        self._emit: Emit = quiet

    @property
    def receipt_printer(self) -> str:
        """Name of the printer for receipts; empty: there is none (``routing.receipt_printer``)."""
        return receipt_printer(self._config.of_kind("printer"))

    @property
    def label_printer(self) -> str:
        """Name of the printer for shelf labels; empty: there is none (``routing.label_printer``)."""
        return label_printer(self._config.of_kind("printer"))

    def make_fiscal(self) -> None:
        """Make the fiscal regime; without it there are no legal parts, which is said."""
        self.fiscal = self._made(self._config.fiscal)

    def start(
        self,
        emit: Emit,
        spool: Spool,
        uploaded: Callable[[SyncStatus], None],
        charged: Callable[[CardEvent], object] = lambda event: None,
    ) -> None:
        """Make and start everything; returns at once.

        Args:
            emit: Takes devices' events, from any thread.
            spool: The print jobs.
            uploaded: Told of each change of an uploader, from its thread.
            charged: Told of each step of a card's charge, from its desk's thread.
        """
        self._emit = emit
        for section in self._config.of_kind("printer"):
            printer = self._made(section)
            if printer is not None:
                from tilltui.services.paper.printing import PrintWorker

                worker = PrintWorker(printer, spool)
                self.printers[section.name] = worker
                worker.start(emit)
        for section in self._config.of_kind("drawer"):
            drawer = self._made(section)
            if drawer is not None:
                try:
                    self._drawers.add(drawer, self.printers, str(section.options.get("printer", "")))
                except DeviceError as error:
                    self.warnings.append(error)
        for section in self._config.of_kind("scanner"):
            scanner = self._made(section)
            if scanner is not None:
                self.scanners[section.name] = scanner
                scanner.start(emit)
        self._start_scales(emit)
        self._start_displays(emit)
        for section in self._config.of_kind("terminal"):
            from tilltui.services.cards.desk import CardDesk

            terminal = self._made(section)
            if terminal is not None:
                desk = CardDesk(terminal, self._store, charged, training=self._config.till.training)
                self.cards[section.name] = desk
                desk.start()
        for section in self._config.of_kind("uploader"):
            uploader = self._made(section)
            if uploader is not None:
                from tilltui.services.upload.outbox import StoreOutbox
                from tilltui.services.upload.worker import SyncWorker

                sync = SyncWorker(uploader, StoreOutbox(self._store), uploaded)
                self.uploaders[section.name] = sync
                sync.start()

    def _start_scales(self, emit: Emit) -> None:
        for section in self._config.of_kind("scale"):
            from tilltui.services.devices.weighing import WeighingDesk, tares_of

            scale = self._made(section)
            if scale is not None:
                self.scales[section.name] = scale
                scale.start(emit)
                self.weighing = self.weighing or WeighingDesk(scale, tares_of(section.options))

    def _start_displays(self, emit: Emit) -> None:
        for section in self._config.of_kind("display"):
            display = self._made(section)
            if display is None:
                continue
            attach = getattr(display, "attach", None)
            if attach is not None:
                worker = self.printers.get(str(section.options.get("printer", "")))
                if worker is not None:
                    attach(worker.display)
            self.displays[section.name] = display
            display.start(emit)

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

    def of_kind(self, kind: str) -> Mapping[str, object]:
        """What was made of one kind, by name; what was left out is not in it."""
        made: dict[str, Mapping[str, object]] = {
            "scanner": self.scanners,
            "printer": self.printers,
            "drawer": self.drawers,
            "scale": self.scales,
            "display": self.displays,
            "terminal": self.cards,
            "uploader": self.uploaders,
        }
        return made.get(kind, {})

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
        """Stop everything; may be called twice."""
        for scanner in self.scanners.values():
            scanner.stop()
        for scale in self.scales.values():
            scale.stop()
        for display in self.displays.values():
            display.clear()
            display.stop()
        self._drawers.stop()
        for worker in self.printers.values():
            worker.stop()
        for desk in self.cards.values():
            desk.stop()
        for sync in self.uploaders.values():
            sync.stop()

    def sold(self) -> None:
        """A sale is on disk: print it and send it."""
        for worker in self.printers.values():
            worker.wake()
        for sync in self.uploaders.values():
            sync.wake()
        for desk in self.cards.values():
            desk.sold()

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
            plugin = plugins.load(section.kind, section.driver)
            problems = Problems(self._file)
            settings = driver_settings(section, plugin.Settings, problems)
            for problem in problems:
                log.warning("%s: %s", problem.key, problem.error)
            self.warnings.extend(problem.error for problem in problems)
            if settings is not None:
                return plugin(section.name, settings)
        except TillError as error:
            log.warning("%s is left out: %s", section.key, error)
            self.warnings.append(error)
        self.left_out.append(section)
        return None


def quiet(event: DeviceEvent) -> bool:
    """Take an event and do nothing with it; for commands without a screen."""
    log.debug("%s", event)
    return True
