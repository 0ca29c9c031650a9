"""What has to be asked before something rings: a weight, a price, a name."""

from __future__ import annotations

import pytest

from tests.support.flows import BREAD, MILK, OPEN, YERBA, Start, Talk, driven, leaves_nothing, not_allowed
from tilltui.domain.people.rights import Right
from tilltui.domain.selling.line import Entry
from tilltui.errors import AmountError, SaleError
from tilltui.services.devices.weighing import Weighed
from tilltui.services.flow import Flow
from tilltui.services.selling.lines import NeedsPrice, NeedsWeight
from tilltui.services.session import NotAllowed
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.selling.ringing import ask_what_is_missing, find, open_item, repeat
from tilltui.ui.flows.steps import Find, Weigh
from tilltui.ui.sale.state import Mode

NO_WEIGHT = "Pan hallulla: no weight was given, it was not rung."
NO_PRICE = "Varios: no price was given, it was not rung."


def missing(code: str, quantity: int | None = None) -> Start:
    """Scan what needs a question first, and ask it."""

    def start(sale: Conversation) -> Flow[None]:
        try:
            sale.register.selling.ringing.scan(code, quantity=quantity)
        except (NeedsWeight, NeedsPrice) as need:
            return ask_what_is_missing(sale, need, Entry.SCAN)
        raise AssertionError("nothing is missing")

    return start


@pytest.fixture
def scale(talk: Talk) -> Talk:
    """There is a scale."""
    talk.till.devices.weighing = object()  # type: ignore[assignment]
    return talk


# A weight


def test_a_keyed_weight(talk: Talk) -> None:
    went = driven(missing(BREAD)(talk.sale), {"weight": "0,450"})
    assert went.last.about == "$1.990 per kg"
    assert talk.lines == [("Pan hallulla", 450, 896)]
    assert talk.face.shown == ["rung"]


@pytest.mark.parametrize("weight", ["", "x", "0", "-1", "99999999"])
def test_a_weight_that_cannot_be_keeps_the_form(talk: Talk, weight: str) -> None:
    went = driven(missing(BREAD)(talk.sale), {"weight": weight}, {"weight": "1"})
    assert [isinstance(error, AmountError | SaleError) for error in went.refused] == [True]
    assert talk.lines == [("Pan hallulla", 1000, 1990)]


@pytest.mark.parametrize(("keyed", "quantity"), [(False, 450), (True, 300)])
def test_a_weight_of_the_scale(scale: Talk, keyed: bool, quantity: int) -> None:
    went = driven(missing(BREAD)(scale.sale), Weighed(quantity, keyed=keyed))
    step = went.last
    assert isinstance(step, Weigh)
    assert (step.name, step.unit, step.price) == ("Pan hallulla", "kg", "$1.990 per kg")
    assert [line.quantity for line in scale.sale.basket.lines] == [quantity]
    assert scale.face.shown == ["rung"]


def test_what_no_scale_can_weigh_is_keyed(scale: Talk) -> None:
    query = "UPDATE product SET unit = 'm' WHERE sku = 'B1'"
    scale.till.store.run(lambda connection: connection.execute(query))
    driven(missing(BREAD)(scale.sale), {"weight": "2"})
    assert scale.lines == [("Pan hallulla", 2000, 3980)]


# A price


def test_a_keyed_price(talk: Talk) -> None:
    driven(missing(OPEN)(talk.sale), {"price": "x"}, {"price": ""}, {"price": "500"})
    assert talk.lines == [("Varios", 1000, 500)]


def test_with_the_quantity_that_was_keyed_before(talk: Talk) -> None:
    driven(missing(OPEN, 3000)(talk.sale), {"price": "500"})
    assert talk.lines == [("Varios", 3000, 1500)]


# By name


def test_found_by_its_name(talk: Talk) -> None:
    talk.state.mode = Mode.DONE
    talk.state.buffer.pending = 2000
    went = driven(find(talk.sale, "y"), "erba")
    assert isinstance(went.last, Find)
    assert went.last.text == "y"
    assert talk.lines == [("Yerba mate 500 g", 2000, 6980)]
    assert talk.state.buffer.pending is None
    assert talk.state.mode is Mode.SELL


@pytest.mark.parametrize(
    ("name", "answer", "line"),
    [
        ("hallulla", {"weight": "0,5"}, ("Pan hallulla", 500, 995)),
        ("varios", {"price": "700"}, ("Varios", 2000, 1400)),
    ],
)
def test_found_and_asked(talk: Talk, name: str, answer: dict[str, str], line: tuple[str, int, int]) -> None:
    talk.state.buffer.pending = 2000 if "price" in answer else None
    driven(find(talk.sale), name, answer)
    assert talk.lines == [line]


def test_found_and_asked_and_left(talk: Talk) -> None:
    leaves_nothing(
        talk,
        find,
        "hallulla",
        {"weight": "1"},
        escaped={1: NO_WEIGHT},
        interrupted={1: NO_WEIGHT},
    )


# Once more, and without a code


def test_once_more(talk: Talk) -> None:
    talk.rung(MILK, YERBA).face.chosen = 0
    driven(repeat(talk.sale))
    assert [line[0] for line in talk.lines] == ["Leche entera 1 L", "Yerba mate 500 g", "Leche entera 1 L"]
    assert talk.face.shown == ["rung"]


def test_of_nothing(talk: Talk) -> None:
    with pytest.raises(SaleError):
        driven(repeat(talk.sale))


def test_without_a_code(talk: Talk) -> None:
    talk.state.buffer.text = "250"
    talk.state.buffer.pending = 4000
    talk.state.mode = Mode.DONE
    went = driven(open_item(talk.sale), {"price": ""}, {"name": "Bolsa"})
    assert [(one.name, one.value) for one in went.last.questions] == [("name", "Various"), ("price", "250")]
    assert talk.lines == [("Bolsa", 4000, 1000)]
    assert talk.state.buffer.pending is None
    assert talk.state.mode is Mode.SELL


def test_the_quantity_is_used_up_by_what_rings_alone(talk: Talk) -> None:
    talk.state.buffer.pending = 4000
    driven(open_item(talk.sale), {"price": "x"}, None)
    assert talk.state.buffer.pending == 4000
    # Refused by the command itself, not by what was keyed.
    not_allowed(talk, Right.OPEN_ITEM, open_item, {"price": "1"}, None)
    assert talk.state.buffer.pending == 4000


# Left, and without the right


@pytest.mark.parametrize(
    ("code", "answer", "said"), [(BREAD, {"weight": "1"}, NO_WEIGHT), (OPEN, {"price": "1"}, NO_PRICE)]
)
def test_left(talk: Talk, code: str, answer: object, said: str) -> None:
    leaves_nothing(talk, missing(code), answer, escaped={0: said}, interrupted={0: said})
    assert [shown.level for shown in talk.state.errors] == ["warning", "error"]


def test_left_at_the_scale(scale: Talk) -> None:
    said = {0: NO_WEIGHT}
    leaves_nothing(scale, missing(BREAD), Weighed(1), escaped=said, interrupted=said)
    assert [shown.level for shown in scale.state.errors] == ["warning", "error"]


@pytest.mark.parametrize(("start", "answer"), [(find, "yerba"), (open_item, {"price": "1"})])
def test_left_without_a_word(talk: Talk, start: Start, answer: object) -> None:
    leaves_nothing(talk, start, answer)


def test_without_the_right(talk: Talk) -> None:
    not_allowed(talk.rung(MILK), Right.SELL, repeat)
    not_allowed(talk, Right.OPEN_ITEM, open_item, {"price": "1"}, None)


def test_a_search_asks_for_the_right_itself(talk: Talk) -> None:
    talk.register.session.rights = frozenset()
    step = driven(find(talk.sale), None).last
    assert isinstance(step, Find)
    with pytest.raises(NotAllowed):
        step.search("yerba")


def test_what_was_found_is_rung_by_who_may(talk: Talk) -> None:
    flow, product = find(talk.sale), talk.product(YERBA)
    flow.send(None)
    talk.register.session.rights = frozenset()
    with pytest.raises(NotAllowed):
        flow.send(product)
    assert talk.lines == []


@pytest.mark.parametrize(("code", "answer"), [(BREAD, {"weight": "1"}), (OPEN, {"price": "1"})])
def test_a_right_that_went_while_it_was_asked(talk: Talk, code: str, answer: dict[str, str]) -> None:
    flow = missing(code)(talk.sale)
    before = talk.done()
    talk.register.session.rights = frozenset()
    went = driven(flow, answer, None)
    assert len(went.refused) == 1
    assert talk.done() == before
