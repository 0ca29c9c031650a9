"""``tilltui check`` on what is printed: the logo, and the categories of a kitchen's printer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image as Pillow

from tilltui import cli
from tilltui.domain.goods.product import NewProduct
from tilltui.store.file.store import DATABASE, Store
from tilltui.store.goods import catalogue


def settings(tmp_path: Path, shop: str = "", rest: str = "") -> Path:
    path = tmp_path / "till.toml"
    data = json.dumps(str(tmp_path / "data"))
    path.write_text(f'[shop]\nname = "Rosita"\nlanguage = "en"\n{shop}\n[till]\ndata_dir = {data}\n{rest}\n')
    return path


def kitchen(tmp_path: Path, categories: str) -> Path:
    return settings(
        tmp_path, rest=f'[printer.kitchen]\ndriver = "virtual"\ncategories = {categories}\nfolder = "x"'
    )


def problems(path: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    code = cli.main(["check", "--json", "--config", str(path)])
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)["problems"]
    assert code == (1 if found else 0)
    return found


def with_products(tmp_path: Path, *names: str) -> None:
    store = Store.open(tmp_path / "data", "1", safe_disk_only=False, ballast_bytes=4096)
    rows = [NewProduct(str(n), f"x{n}", 1, "general", category=name) for n, name in enumerate(names)]
    store.run(lambda c: catalogue.put(c, rows, 1))
    store.close()


def test_a_good_logo_is_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Pillow.new("L", (600, 100)).save(tmp_path / "logo.png")
    assert problems(settings(tmp_path, 'logo = "logo.png"'), capsys) == []
    assert {path.name for path in tmp_path.iterdir()} == {"logo.png", "till.toml"}


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("none.png", None, "No such file"),
        ("~nobody-of-that-name/logo.png", None, "No such file"),
        ("text.png", b"no picture", "UnidentifiedImageError"),
        ("cut.png", b"\x89PNG\r\n\x1a\n" + bytes(30), "cannot be used"),
        ("large.png", b"x" * (4 * 1024 * 1024 + 1), "> 4 MiB"),
        ("folder", b"", "Is a directory"),
    ],
)
def test_a_logo_that_cannot_be_printed_is_a_warning(
    tmp_path: Path, name: str, content: bytes | None, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if name == "folder":
        (tmp_path / name).mkdir()
    elif content is not None:
        (tmp_path / name).write_bytes(content)
    (found,) = problems(settings(tmp_path, f'logo = "{name}"'), capsys)
    assert (found["severity"], found["key"]) == ("warning", "shop.logo")
    assert why in found["message"]
    assert "PNG or JPEG" in found["hint"]


def test_a_category_that_no_product_has_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_products(tmp_path, "Cocina", "", "Panadería")
    path = kitchen(tmp_path, '["cocina", "Cosina", "PANADERIA", "*"]')
    (found,) = problems(path, capsys)
    assert (found["severity"], found["key"]) == ("warning", "printer.kitchen.categories")
    assert "“Cosina”" in found["message"]
    assert found["hint"] == "Categories of the products: Cocina, Panadería."


@pytest.mark.parametrize("products", [False, True])
def test_without_products_there_is_nothing_to_compare(
    tmp_path: Path, products: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if products:
        with_products(tmp_path)
    assert problems(kitchen(tmp_path, '["Cosina"]'), capsys) == []
    assert (tmp_path / "data").exists() is products


def test_a_sales_file_that_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / DATABASE).write_bytes(b"no database, but long enough to be one" * 100)
    (found,) = problems(kitchen(tmp_path, '["Cosina"]'), capsys)
    assert found["key"] == "till.data_dir"
    assert DATABASE in found["message"]


def test_what_is_no_list_is_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_products(tmp_path, "Cocina")
    (found,) = problems(kitchen(tmp_path, '"Cocina"'), capsys)
    assert "must be a list" in found["message"]
