"""The lock: the operator's PIN, looked at behind the screen, set and taken away."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from tilltui.domain.people.rights import Right
from tilltui.errors import N_, SaleError
from tilltui.services.flow import Flow, Wait
from tilltui.services.session import Session, command
from tilltui.store.books import sale_lookups
from tilltui.store.file.store import Store

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from tilltui.services.people.pin import Pins


class Locking:
    """Commands around the PIN of who is at the till.

    Args:
        store: Where PINs are kept.
        session: Who is at the till.
        background: Where a hash may take its third of a second.
    """

    def __init__(self, store: Store, session: Session, background: Executor) -> None:
        self.session = session
        self._store = store
        self._background = background
        self._pins: Pins | None = None

    @property
    def pins(self) -> Pins:
        """The operators' PINs; loaded with the first lock."""
        if self._pins is None:
            from tilltui.services.people.pin import Pins

            self._pins = Pins(self._store)
        return self._pins

    @property
    def opens_locked(self) -> bool:
        """Whether the operator has a PIN: then pulling the plug must be no way round the lock."""
        return sale_lookups.has_pin(self._store.reader, self.session.operator.id)

    def has(self) -> bool:
        """Whether a PIN is wanted at all."""
        return self.pins.has(self.session.operator.id)

    def waits(self) -> int:
        """Seconds until the next try is looked at."""
        return self.pins.waits(self.session.operator.id)

    def check(self, pin: str) -> Future[bool]:
        """Look at a PIN behind the screen; asks for no right, for it is the way back in."""
        return self._background.submit(self.pins.check, self.session.operator.id, pin)

    @command(Right.OWN_PIN)
    def change(self, old: str, new: str, again: str) -> Flow[None]:
        """Set, change or, with an empty new one, take away the operator's own PIN.

        Raises:
            SaleError: The two new ones differ, or it is none; at once. The old one is wrong; awaited.
        """
        from tilltui.services.people.pin import checked_pin

        if new != again:
            raise SaleError(N_("The two new PINs differ."), hint=N_("Key the same one twice."))
        return self._change(old, checked_pin(new) if new else "")

    def check_operator(self, operator_id: int) -> None:
        """Raise ``SaleError`` where there is no such operator."""
        self.pins.check_operator(operator_id)

    @command(Right.ANY_PIN)
    def reset(self, operator_id: int, new: str, by: str) -> Flow[None]:
        """Set or, with an empty one, take away anybody's PIN without knowing the old one.

        Args:
            operator_id: Whose.
            new: The PIN; empty for none.
            by: Who does it, for the journal.

        Raises:
            SaleError: There is no such operator, or it is no PIN; awaited.
        """
        return self._reset(operator_id, new, by)

    async def _reset(self, operator_id: int, new: str, by: str) -> None:
        await Wait(self._background.submit(self.pins.reset, operator_id, new, by), hold=False)

    async def _change(self, old: str, new: str) -> None:
        await Wait(self._background.submit(self.pins.change, self.session.operator.id, old, new), hold=False)
