"""The drawer, opened by hand."""

from __future__ import annotations

from tilltui.domain.text import clean
from tilltui.errors import TillError
from tilltui.i18n import _
from tilltui.services.flow import Flow
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Ask


async def drawer(sale: Conversation) -> None:
    """Open the drawer without a sale, after asking why."""

    def open_it(values: Values) -> Flow[None]:
        return sale.register.devices.open_drawer(clean(values["reason"]) or _("no reason given"))

    question = Question("reason", _("Why:"), hint=_("change, wrong key ..."))
    opening = await Ask(_("Open the drawer"), [question], open_it)
    if opening is not None:
        await opened(sale, opening)


async def opened(sale: Conversation, opening: Flow[None]) -> None:
    """Wait for the drawer; a failure is said, not repeated."""
    try:
        await opening
    except TillError as error:
        sale.face.say(error, level="warning")
