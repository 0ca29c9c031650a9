"""Bad input, bad settings, bad disks at the real program: said in words, nothing lost, selling goes on."""

from __future__ import annotations

import os
import resource
import sqlite3
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ledger import books
from tests.support.program import Till, amount, environment, open_terminal, shows_large
from tests.support.shop import GEM, MATE, MILK, TestShop, ean

CTRL_U = "\x15"

MORTAL = """
import ctypes, os, sys
libc = ctypes.CDLL(None)
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: with them root ignores every mode
    libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; fails for those who have none to drop
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Runs a program for which a file's mode counts, whoever runs the tests."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TestShop]:
    shop = TestShop.make(tmp_path, office=False)
    yield shop
    shop.close()


@pytest.fixture
def till(shop: TestShop) -> Iterator[Till]:
    till = Till(shop)
    yield till
    till.close()


def refused(shop: TestShop, *, prefix: tuple[str, ...] = ()) -> str:
    """Start a till that must not open; what it says, after checking that it says it briefly."""
    with open_terminal(shop, prefix=prefix) as terminal:
        assert terminal.wait_end(20) == 1
        words = terminal.words
        assert "Traceback" not in words
        return words


def put_away(till: Till, message: str) -> None:
    """See a message in the bar, and put it away with Esc."""
    till.wait(message)
    till.hands_free()
    till.press("escape")
    till.wait(lambda text: message not in text)


# Codes and amounts


def test_an_unknown_code_is_added_with_one_key(till: Till, shop: TestShop) -> None:
    code = ean(4711)
    till.send(code)
    till.wait(f"No product has the code {code}")
    till.press("f7")
    till.answer("New item", "Galletas", "890", "", "")
    till.rung()
    till.scan(code)
    till.exact(1780)
    assert till.quit() == 0
    assert [sale.total for sale in books(shop).sales] == [1780]


@pytest.mark.parametrize("price", ["0", "-500"])
def test_nothing_is_sold_for_nothing_or_less(till: Till, shop: TestShop, price: str) -> None:
    till.scan(MILK)
    till.press("/")
    till.answer("What it is:", "", price)
    till.wait("needs a price above zero")
    till.press("escape")
    till.wait(lambda text: "What it is:" not in text)
    till.exact(1150)
    assert till.quit() == 0
    assert [sale.total for sale in books(shop).sales] == [1150]


def test_amounts_beyond_the_tills_are_refused_and_the_basket_stays(till: Till, shop: TestShop) -> None:
    till.scan(MILK)
    till.type("99999*")
    till.wait("99999 x")
    till.send(MATE.code)
    put_away(till, "99999 pieces are too many")
    till.type("999*")
    till.wait("999 x")
    till.send(GEM.code)
    put_away(till, "more than the till can carry")
    till.press("f3")
    till.answer("Quantity:", "", CTRL_U + "99999999999999")
    till.wait("more than the till can carry")
    till.press("escape")
    till.wait(lambda text: "Quantity:" not in text)
    till.wait(lambda text: shows_large(text, 1150))
    till.exact(1150)
    assert till.quit() == 0
    assert [sale.total for sale in books(shop).sales] == [1150]


def test_the_dearest_thing_is_sold_once_and_not_twice(till: Till, shop: TestShop) -> None:
    till.scan(GEM)
    till.send(GEM.code)
    put_away(till, "more than the till can carry")
    till.send(MILK.code)
    put_away(till, "more than the till can carry")
    till.press("f9")
    till.answer("Last four digits", "")
    till.wait(f"Total {amount(GEM.price)}")
    assert till.quit() == 0
    kept = books(shop)
    assert [sale.total for sale in kept.sales] == [GEM.price]
    assert kept.findings == []


def test_control_characters_from_the_scanner_do_not_reach_the_terminal(till: Till, shop: TestShop) -> None:
    till.scan(MILK)
    till.send("\x1b[2J\x1b[31m7801\x9b2J")
    put_away(till, "No product has the code")
    text = till.wait("Leche entera 1 L")
    assert "TOTAL" in text
    till.exact(1150)
    assert till.quit() == 0


# Disks


def test_a_disk_that_takes_no_more_refuses_the_sale_and_sells_it_once_there_is_room(
    till: Till, shop: TestShop
) -> None:
    till.scan(MATE)
    till.exact(3490)
    till.scan(MILK)
    till.begin_payment(1150)
    pid = till.terminal.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    till.press("f10")
    text = till.wait(lambda text: "!" in text and "TO PAY" in text, 20)
    assert "disk" in text
    assert "Traceback" not in text
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
    till.hands_free()
    while "! " in till.terminal.text:
        seen = till.terminal.text
        till.press("escape")
        till.wait(lambda text, seen=seen: text != seen)  # type: ignore[misc]
    text = till.wait(lambda text: "TOTAL" in text or "TO PAY" in text)
    till.press(*(["f10"] if "TO PAY" in text else ["f10", "f10"]))
    till.paid(0)
    assert till.quit() == 0
    kept = books(shop)
    assert [sale.total for sale in kept.sales] == [3490, 1150]
    assert kept.findings == []


def test_a_data_folder_that_cannot_be_written_is_said(shop: TestShop) -> None:
    shop.write()
    modes = {path: path.stat().st_mode for path in (shop.data, *shop.data.rglob("*"))}
    for path, mode in modes.items():
        path.chmod(stat.S_IMODE(mode) & 0o555)
    try:
        words = refused(shop, prefix=(sys.executable, "-c", MORTAL))
    finally:
        for path, mode in modes.items():
            path.chmod(stat.S_IMODE(mode))
    assert str(shop.data) in words
    assert "ermission" in words
    assert books(shop).sales == []


def test_a_read_only_database_of_this_user_is_made_writable_and_sells(shop: TestShop) -> None:
    (shop.data / "till.db").chmod(0o400)
    till = Till(shop, prefix=(sys.executable, "-c", MORTAL))
    try:
        till.scan(MILK)
        till.exact(1150)
        assert till.quit() == 0
    finally:
        till.close()
    assert [sale.total for sale in books(shop).sales] == [1150]


@pytest.mark.parametrize("place", [0, 4096 * 3 + 100])
def test_a_damaged_database_is_said_and_left_as_it_is(shop: TestShop, place: int) -> None:
    shop.write()
    database = shop.data / "till.db"
    with database.open("r+b") as file:
        file.seek(place)
        file.write(os.urandom(4000))
    damaged = database.read_bytes()
    words = refused(shop)
    assert "damaged" in words or "not a till's database" in words
    assert str(database) in words
    assert database.read_bytes() == damaged


def test_a_database_of_a_newer_version_is_refused(shop: TestShop) -> None:
    shop.write()
    connection = sqlite3.connect(shop.data / "till.db")
    connection.execute("PRAGMA user_version = 9999")
    connection.commit()
    connection.close()
    assert "newer" in refused(shop)


def test_a_second_till_on_the_same_data_says_who_holds_it(till: Till, shop: TestShop) -> None:
    till.scan(MILK)
    words = refused(shop)
    assert "Another program is using this till's data" in words
    assert f"till, process {till.terminal.process.pid}" in words
    till.exact(1150)


def test_another_tills_data_are_not_taken(shop: TestShop) -> None:
    shop.till["id"] = "2"
    shop.write()
    assert "belongs to till 1, not to till 2" in refused(shop)


# Settings


def test_several_mistakes_in_the_settings_are_all_said(shop: TestShop) -> None:
    shop.config.write_text(
        '[shop]\nnane = "X"\ncountry = "Chile"\n[till]\nid = "one two"\ntheme = "blue"\n'
        '[scaner.front]\ndriver = "serial"\n'
    )
    words = refused(shop)
    for key in ("shop.nane", "shop.country", "till.id", "till.theme", "scaner", "shop.name"):
        assert key in words


def test_settings_that_are_no_toml_name_the_line(shop: TestShop) -> None:
    shop.config.write_text('[shop]\nname = "X\n')
    assert "line 2" in refused(shop)


def test_settings_that_are_not_there_are_said(shop: TestShop) -> None:
    assert str(shop.config) in refused(shop)


def test_plug_ins_that_do_not_load_are_said_and_the_rest_sells(shop: TestShop) -> None:
    plugins = shop.folder / "plugins"
    (plugins / "torn-1.0.dist-info").mkdir(parents=True)
    (plugins / "torn-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: torn\nVersion: 1\n"
    )
    (plugins / "torn-1.0.dist-info" / "entry_points.txt").write_text(
        "[tilltui.printer]\ntorn = torn:Printer\n"
    )
    (plugins / "torn.py").write_text("import a_module_that_nobody_has\n")
    shop.extra = (
        '[printer.receipt]\ndriver = "torn"\n\n[printer.kitchen]\ndriver = "escops"\n\n'
        '[scanner.back]\ndriver = "serial"\nport = "/dev/none"\nbaud = 9600\n'
    )
    path = environment(shop.folder / "home")["PYTHONPATH"]
    till = Till(shop, env={"PYTHONPATH": f"{path}{os.pathsep}{plugins}"})
    try:
        for message in ("baud", "torn", "escops"):  # in the order of the kinds
            till.wait(lambda text, message=message: "! " in text and message in text)  # type: ignore[misc]
            seen = till.terminal.text
            till.press("escape")
            till.wait(lambda text, seen=seen: text != seen)  # type: ignore[misc]
        till.scan(MILK)
        till.exact(1150)
        assert till.quit() == 0
    finally:
        till.close()
    assert len(books(shop).sales) == 1


# Practice


def test_practice_counts_nowhere(shop: TestShop) -> None:
    shop.till["training"] = True
    till = Till(shop)
    try:
        till.wait("TRAINING")
        till.scan(MILK)
        till.exact(1150)
        assert till.quit() == 0
    finally:
        till.close()
    kept = books(shop)
    assert kept.grand_total == 0
    assert kept.findings == []
