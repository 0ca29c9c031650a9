"""What a conversation can ask of the cashier; plain values, which ``shell.host`` shows.

Each is awaited; ``None`` says that it was left with Esc. A scan or the lock raises ``Interrupted`` at the
``await``: the flow ends then, and can ask nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Generic, TypeVar

from tilltui.domain.frozen import frozen
from tilltui.domain.goods.product import Product
from tilltui.services.devices.weighing import Weighed, Weigher
from tilltui.services.flow import Step
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from tilltui.ui.sale.actions import Action
    from tilltui.ui.widgets.sale.values import ProductView

T = TypeVar("T")


class Pick(Step["T | None"], Generic[T]):
    """One of a list.

    Args:
        title: Heading.
        choices: What there is; a value is never ``None``.
    """

    def __init__(self, title: str, choices: Sequence[Choice[T]]) -> None:
        self.title = title
        self.choices = tuple(choices)


class PickLive(Step["T | None"], Generic[T]):
    """One of a list that changes while it is looked at.

    Args:
        title: Heading.
        offer: What there is at the moment.
        seen: Called when it is shown, and again when it changes.
    """

    def __init__(
        self, title: str, offer: Callable[[], Sequence[Choice[T]]], seen: Callable[[], object]
    ) -> None:
        self.title = title
        self.offer = offer
        self.seen = seen


class Ask(Step["T | None"], Generic[T]):
    """A form.

    Args:
        title: Heading.
        questions: The fields.
        take: Does what was asked for and gives the answer: its ``TillError`` is shown and the form stays, its
            ``NotAllowed`` asks for somebody's right over the form and does it then.
        about: A sentence over the fields.
    """

    def __init__(
        self, title: str, questions: Sequence[Question], take: Callable[[Values], T], *, about: str = ""
    ) -> None:
        self.title = title
        self.questions = tuple(questions)
        self.take = take
        self.about = about


class Show(Step[None]):
    """Lines of text, until they are put away."""

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        self.title = title
        self.lines = tuple(lines)


class ShowKeys(Step[None]):
    """What each key does here.

    Args:
        title: Heading.
        actions: The rows.
        labels: Their labels here, by id.
    """

    def __init__(self, title: str, actions: Sequence[Action], labels: dict[str, str]) -> None:
        self.title = title
        self.actions = tuple(actions)
        self.labels = labels


class ShowSheet(Step[str | None]):
    """A product's sheet; ``labels``: its shelf labels are wanted.

    Args:
        view: The product.
        labels: Whether there is a printer for labels.
    """

    def __init__(self, view: ProductView, *, labels: bool) -> None:
        self.view = view
        self.labels = labels


class Find(Step[Product | None]):
    """A product by its name.

    Args:
        search: Finds products.
        text: What was typed already.
    """

    def __init__(self, search: Callable[[str], Sequence[Product]], text: str = "") -> None:
        self.search = search
        self.text = text


class Weigh(Step[Weighed | None]):
    """The scale is watched until it has a weight to sell, or one is keyed.

    Args:
        desk: Weighs.
        name: Of the product.
        unit: Of the product.
        price: What a unit costs, as text.
    """

    def __init__(self, desk: Weigher, name: str, unit: str, price: str = "") -> None:
        self.desk = desk
        self.name = name
        self.unit = unit
        self.price = price


@frozen
class Ended(Generic[T]):
    """What a terminal did.

    Attributes:
        result: The attempt as it ended.
        here: The cashier still waited for it.
    """

    result: T
    here: bool


class AtTerminal(Step[Ended[T]], Generic[T]):
    """A card terminal works and a pop-up shows it: Esc cancels, Esc again leaves it, scans are kept.

    Args:
        terminal: Its name.
        title: Heading.
        amount: As formatted.
        future: The work.
        cancel: Gives it up; ``None`` where nothing can be given up.
    """

    def __init__(
        self,
        terminal: str,
        title: str,
        amount: str,
        future: Future[T],
        cancel: Callable[[], object] | None = None,
    ) -> None:
        self.terminal = terminal
        self.title = title
        self.amount = amount
        self.future = future
        self.cancel = cancel


class Locked(Step[Sequence[str]]):
    """The till is covered until the operator is back; the codes that were scanned meanwhile.

    Args:
        scanned: Told of each of them.
    """

    def __init__(self, scanned: Callable[[str], object]) -> None:
        self.scanned = scanned
