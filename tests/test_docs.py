"""What the documents say is so: commands, scripts, links, keys, settings, messages, pictures."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tilltui import plugins
from tilltui.cli import main
from tilltui.commands import COMMANDS
from tilltui.config import reference
from tilltui.config.schema import DEVICE_KINDS
from tilltui.errors import TillError
from tilltui.i18n import _, set_language
from tilltui.services.cards.card_messages import CardDoubt, CardRefused
from tilltui.services.selling.lines import UnknownCode
from tilltui.ui.sale.actions import ACTION_IDS, PAY, SELL, Action
from tilltui.ui.sale.key_map import key_name

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md")))
PICTURES = ("sale", "paying", "change", "find", "error", "help")

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SCRIPT = re.compile(r"\bscripts/([a-z][\w-]*)")
_COMMAND = re.compile(r"(?:\btilltui|scripts/run) ([a-z]+)\b(?!\.|/)")
_TEST = re.compile(r"\btests/[\w/.-]*\w")


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def code_of(page: Path) -> str:
    """What stands in blocks and between backticks on a page."""
    text = text_of(page)
    blocks = [block for _language, block in _FENCED.findall(text)]
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", _FENCED.sub("", text))])


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


# Commands, scripts, links


def test_every_command_stands_in_the_readme() -> None:
    readme = code_of(ROOT / "README.md")
    missing = [name for name in COMMANDS if not re.search(rf"\btilltui {name}\b", readme)]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_of_a_page_exists(page: Path) -> None:
    commands = ROOT / "tilltui" / "commands"
    named = set(_COMMAND.findall(code_of(page)))
    missing = {n for n in named if not any((commands / f"{n}{end}.py").exists() for end in ("", "_"))}
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_script_and_test_of_a_page_exists(page: Path) -> None:
    text = text_of(page)
    scripts = [ROOT / "scripts" / name for name in _SCRIPT.findall(text)]
    tests = [ROOT / name for name in _TEST.findall(text)]
    assert not [str(path) for path in (*scripts, *tests) if not path.exists()]
    assert all(os.access(path, os.X_OK) for path in scripts)


def anchors(page: Path) -> set[str]:
    """Names of a page's headings, as a browser of the repository makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    broken = []
    for link in _LINK.findall(_FENCED.sub("", text_of(page))):
        if "://" in link:
            continue
        path, _hash, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        inside = target.is_relative_to(ROOT) and target.exists()
        if not inside or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


def test_the_index_names_every_page_and_every_picture_is_used() -> None:
    index = text_of(DOCS / "README.md")
    pages = [path.name for path in DOCS.glob("*.md") if path.name != "README.md"]
    assert not [name for name in pages if f"({name})" not in index]
    everything = "".join(map(text_of, PAGES))
    assert not [path.name for path in (DOCS / "pictures").iterdir() if path.name not in everything]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_names_no_folder_of_somebodys_machine(page: Path) -> None:
    found = re.findall(r"(?:/home/\w+|/Users/\w+|/root/|/work/|/tmp/|[A-Z]:\\)[\w/.-]*", text_of(page))
    assert not found


# Keys


def key_table(actions: Sequence[Action], say: Callable[[str], str]) -> list[str]:
    """Rows of a guide: key, label, what it does; keys that do the same in one row."""
    grouped: list[tuple[list[str], str, str]] = []
    for action in actions:
        label, help_text = say(action.label) if action.label else "", say(action.help)
        if grouped and grouped[-1][1:] == (label, help_text):
            grouped[-1][0].append(key_name(action.key))
        else:
            grouped.append(([key_name(action.key)], label, help_text))
    rows = []
    for keys, label, help_text in grouped:
        shown = f"<kbd>{keys[0]}</kbd>" + (f" … <kbd>{keys[-1]}</kbd>" if len(keys) > 1 else "")
        rows.append(f"| {shown} | {label} | {help_text} |")
    return rows


def tables(page: Path) -> list[list[str]]:
    """The rows of each table of a page that begin with a key."""
    found: list[list[str]] = [[]]
    for line in text_of(page).splitlines():
        if line.startswith("| <kbd>"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [rows for rows in found if rows]


@pytest.fixture
def speaking() -> Iterator[Callable[[str], None]]:
    yield set_language
    set_language("en")


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_guides_keys_are_the_tills_keys(language: str, speaking: Callable[[str], None]) -> None:
    speaking(language)
    expected = [key_table(SELL, _), key_table(PAY, _)]
    found = tables(DOCS / f"cashier.{language}.md")
    wanted = "\n\n".join("\n".join(rows) for rows in expected)
    assert found == expected, f"put these rows into docs/cashier.{language}.md:\n\n{wanted}"


def test_keys_that_settings_examples_change_exist() -> None:
    changed = {key for settings in toml_blocks() for key in settings.get("keys", {})}
    assert changed <= ACTION_IDS


# Settings


def toml_blocks() -> list[dict[str, dict[str, object]]]:
    return [
        tomllib.loads(block)
        for page in PAGES
        for language, block in _FENCED.findall(text_of(page))
        if language == "toml"
    ]


NAMED_SECTIONS = {*DEVICE_KINDS, *dict(reference.NAMED)}
"""Sections whose names have a name of the shop's own after a dot."""


def known_settings(section: str, driver: str) -> set[str]:
    """Settings of a section, by the schema or by its driver."""
    sections = dict((*reference.SECTIONS, *reference.NAMED))
    if section in sections:
        return {setting.key for setting in reference.settings(sections[section])}
    return {"driver", *(s.key for s in reference.settings(plugins.load(section, driver).Settings))}


def test_settings_in_the_pages_exist() -> None:
    blocks = toml_blocks()
    assert len(blocks) > 5
    for settings in blocks:
        for section, value in settings.items():
            if section in ("keys", "taxes"):
                continue
            devices = value.values() if section in NAMED_SECTIONS else [value]
            for device in devices:
                assert isinstance(device, dict)
                unknown = device.keys() - known_settings(section, str(device.get("driver", "")))
                assert not unknown, f"[{section}]"


def set_up_blocks() -> list[str]:
    return [text for language, text in _FENCED.findall(text_of(DOCS / "install.md")) if language == "toml"]


@pytest.mark.parametrize("number", range(len(set_up_blocks())))
def test_settings_of_the_set_up_page_work(
    number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], speaking: Callable[[str], None]
) -> None:
    text = set_up_blocks()[number].replace("/var/lib/tilltui", str(tmp_path / "data"))
    if "[shop]" not in text:
        text += '\n[shop]\nname = "Almacén Rosita"\n'
    if 'printer = "receipt"' in text and "[printer.receipt]" not in text:
        text += '\n[printer.receipt]\ndriver = "escpos"\nhost = "192.168.1.50"\n'
    if "data_dir" not in text:
        text = text if "[till]" in text else f"{text}\n[till]\n"
        text = text.replace("[till]\n", f'[till]\ndata_dir = "{tmp_path / "data"}"\n')
    if 'logo = "logo.png"' in text:
        shutil.copy(DOCS / "pictures" / "receipt.png", tmp_path / "logo.png")
    (tmp_path / "till.toml").write_text(text, "utf-8")
    assert main(["check", "--config", str(tmp_path / "till.toml")]) == 0, capsys.readouterr()


def test_sections_that_pages_name_exist() -> None:
    known = {*dict(reference.SECTIONS), *NAMED_SECTIONS, "keys", "taxes", "fiscal"}
    for page in PAGES:
        for name in re.findall(r"\[([a-z]+)(?:\.[\w-]+)?\]", code_of(page)):
            assert name in known, f"[{name}] in {name_of(page)}"


# Messages


@cache
def said() -> frozenset[str]:
    """Every text constant of the program."""
    files = [*(ROOT / "tilltui").rglob("*.py"), *(ROOT / "drivers").rglob("*.py")]
    trees = (ast.parse(path.read_text("utf-8")) for path in files)
    return frozenset(
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def kinds(error: type[TillError]) -> Iterable[type[TillError]]:
    yield error
    for kind in error.__subclasses__():
        yield from kinds(kind)


def test_every_kind_of_error_has_its_section() -> None:
    page = text_of(DOCS / "troubleshooting.md")
    mine = [kind for kind in kinds(TillError) if kind.__module__.startswith("tilltui.")]
    assert {CardRefused, CardDoubt, UnknownCode} <= set(mine)
    missing = {kind.title for kind in mine if f"\n## {kind.title}\n" not in page}
    assert not missing


def test_every_message_of_the_page_is_one_of_the_till() -> None:
    rows = re.findall(r"^\| “(.+?)” \|", text_of(DOCS / "troubleshooting.md"), re.MULTILINE)
    assert len(rows) > 30
    assert not [row for row in rows if row not in said()]


@pytest.mark.parametrize(("language", "quoted"), [("es", "«(.+?)»"), ("en", "“(.+?)”")])
def test_the_guides_quote_the_screen_as_it_is(
    language: str, quoted: str, speaking: Callable[[str], None]
) -> None:
    speaking(language)
    labels = {_(text) for text in said()}
    found = set(re.findall(quoted, " ".join(text_of(DOCS / f"cashier.{language}.md").split())))
    assert len(found) == 8
    assert found <= labels


# How it is built


def threads() -> Iterator[str]:
    """Names of the threads that the program starts; NAME for what the settings call a device."""
    folders = [ROOT / "tilltui", ROOT / "drivers"]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    for tree in (ast.parse(path.read_text("utf-8")) for path in files):
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("Thread", "threading.Thread"):
                name = next((word.value for word in call.keywords if word.arg == "name"), None)
                assert name is not None, "a thread without a name"
                yield re.sub(r"\{[^}]*\}", "NAME", ast.literal_eval(ast.unparse(name).removeprefix("f")))


def test_the_architecture_names_every_thread() -> None:
    page = text_of(DOCS / "architecture.md")
    # A serial line's worker is called after its kind, and the doctor's end with their command; what a virtual
    # device does at the other end of a cable is no thread of a till.
    names = {name for name in threads() if not name.startswith("virtual-")} - {"NAME-NAME", "doctor-NAME"}
    assert len(names) > 8
    assert not {name for name in names if f"`{name}`" not in page}


def test_the_architecture_names_every_room_and_every_migration() -> None:
    page = text_of(DOCS / "architecture.md")
    table = page.partition("| room | ")[2].partition("\n\n")[0]
    named = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    floors = [ROOT / "tilltui" / floor for floor in ("domain", "services", "store")]
    rooms = {file.parent.name for floor in floors for file in floor.glob("*/__init__.py")} - {"migrations"}
    assert named == rooms
    steps = [path.stem for path in (ROOT / "tilltui/store/migrations").glob("m*.py")]
    assert not [step for step in steps if f"`{step}`" not in page]


# Figures


def test_the_readme_quotes_figures_that_pass() -> None:
    quoted = re.search(r"## How fast\n(.*?)^## ", text_of(ROOT / "README.md"), re.DOTALL | re.MULTILINE)
    assert quoted is not None
    # What stands in brackets explains the row.
    rows = re.findall(r"^\| ([^|(]+?)(?: \([^)]*\))? \| ([^|]*\d[^|]*) \|$", quoted[1], re.MULTILINE)
    assert len(rows) > 8
    measured = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \| pass \|", text_of(DOCS / "performance.md"), re.MULTILINE
    )
    assert not set(rows) - set(measured), "put today's passing figures into README.md"


# Pictures


def test_the_pictures_are_drawn_by_the_running_till(tmp_path: Path) -> None:
    ran = subprocess.run(
        [ROOT / "scripts" / "pictures", "--folder", tmp_path], capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    for name in PICTURES:
        words = " ".join(ElementTree.parse(tmp_path / f"{name}.svg").getroot().itertext())
        assert "F1" in words or "Esc" in words, name
    assert (tmp_path / "receipt.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in (DOCS / "pictures").iterdir())
