"""Languages: the till's own functions, the catalogue tool on a small tree, and the real catalogues."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui import i18n
from tilltui.errors import DeviceOffline, TillError

ROOT = Path(__file__).resolve().parent.parent


def _load_tool() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("i18n_tool", str(ROOT / "scripts" / "i18n"))
    spec = importlib.util.spec_from_loader("i18n_tool", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["i18n_tool"] = module  # dataclasses look there
    loader.exec_module(module)
    return module


tool = _load_tool()

SOURCE = """
from x import N_, _, ngettext
title = N_("Paper is out")
def f(n, name):
    _(title)
    _("Total: {amount}").format(amount=n)
    return ngettext("{count} item", "{count} items", n).format(count=n)
"""

SPANISH = {
    'msgid "Paper is out"\nmsgstr ""': 'msgid "Paper is out"\nmsgstr "Se acabó el papel"',
    'msgid "Total: {amount}"\nmsgstr ""': 'msgid "Total: {amount}"\nmsgstr "Total: {amount}"',
    'msgstr[0] ""': 'msgstr[0] "{count} artículo"',
    'msgstr[1] ""': 'msgstr[1] "{count} artículos"',
}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = i18n.language()
    i18n.set_language("en")
    yield
    i18n.set_language(before)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project, translated whole."""
    (tmp_path / "tilltui").mkdir()
    (tmp_path / "drivers").mkdir()
    (tmp_path / "tilltui" / "a.py").write_text(SOURCE, "utf-8")
    tool.update(tmp_path)
    for language in tool.LANGUAGES:
        rewrite(po(tmp_path, language), SPANISH)
    tool.update(tmp_path)
    return tmp_path


def po(root: Path, language: str = "es") -> Path:
    return root / "tilltui" / "locale" / language / "LC_MESSAGES" / "tilltui.po"


def rewrite(path: Path, changes: dict[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


# The till's own functions


def test_a_language_is_switched_for_every_thread(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "LOCALE_DIR", tree / "tilltui" / "locale")
    i18n.set_language("es")
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(i18n._("Paper is out")))
    thread.start()
    thread.join(5)
    assert seen == ["Se acabó el papel"]
    assert i18n.language() == "es"
    assert i18n.ngettext("{count} item", "{count} items", 2) == "{count} artículos"
    assert i18n.ngettext("{count} item", "{count} items", 1) == "{count} artículo"
    assert i18n._("") == ""
    assert i18n._("not in there") == "not in there"
    i18n.set_language("en")
    assert i18n._("Paper is out") == "Paper is out"


def test_an_unknown_language_changes_nothing() -> None:
    with pytest.raises(ValueError, match="'fr': expected one of es, en, pt"):
        i18n.set_language("fr")
    assert i18n.language() == "en"


@pytest.mark.parametrize("code", list(i18n.LANGUAGES))
def test_every_language_is_installed(code: str) -> None:
    i18n.set_language(code)
    assert i18n._(TillError.title)


def test_an_error_is_explained_in_the_language_in_force() -> None:
    error = DeviceOffline(
        "{device} is away for {n} s", device="prin\x1b[2Jter\u202e", hint="Plug {device} in.", n=3
    )
    assert i18n.explain(error) == (
        "A device has a problem",
        "prin[2Jter is away for 3 s",
        "Plug prin[2Jter in.",
    )
    i18n.set_language("es")
    assert i18n.explain(error).title == "Un dispositivo tiene un problema"


def test_a_reason_that_is_a_message_is_translated_too() -> None:
    i18n.set_language("es")
    error = TillError("{reason}: {name}", reason=TillError.title, name="Rosita")
    assert i18n.explain(error).text == "Algo salió mal: Rosita"


def test_fields_with_braces_stay_text() -> None:
    assert i18n.explain(TillError("no {name}", name="{x}")).text == "no {x}"
    assert i18n.explain(TillError("50 % {")).text == "50 % {"


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"LANG": "es_CL.UTF-8"}, "es"),
        ({"LANG": "es_CL", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE", "LC_MESSAGES": "pt_BR"}, "pt"),
        ({}, "en"),
    ],
)
def test_the_environment_names_a_language(environ: dict[str, str], code: str) -> None:
    assert i18n.environment_language(environ) == code


# The tool, on a small tree


def test_a_whole_translation_passes(tree: Path) -> None:
    assert tool.check(tree) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({'msgstr "Se acabó el papel"': 'msgstr ""'}, "empty: 'Paper is out'"),
        ({'msgstr "Total: {amount}"': 'msgstr "Total: {monto}"'}, "other placeholders: 'Total: {amount}'"),
        ({'msgstr "Total: {amount}"': 'msgstr "Total:"'}, "other placeholders"),
        ({'msgstr "Total: {amount}"': 'msgstr "Total: {amount:>9}"'}, "other placeholders"),
        ({'msgstr "Total: {amount}"': 'msgstr "Total: {amount"'}, "is no format string"),
        ({'"{count} artículos"': '"{} artículos"'}, "field without a name"),
        ({'"Se acabó el papel"': '"Se acabó el papel "'}, "other spaces at its ends"),
        (
            {'#: tilltui/a.py\nmsgid "Paper': '#: tilltui/a.py\n#, fuzzy\nmsgid "Paper'},
            "fuzzy: 'Paper is out'",
        ),
        ({'msgid "Paper is out"': 'msgid "Paper is gone"'}, "missing: 'Paper is out'"),
        ({'msgid "Paper is out"': 'msgid "Paper is gone"'}, "stale: 'Paper is gone'"),
        ({'"Se acabó el papel"': '"No hay papel"'}, "tilltui.mo is not up to date"),
    ],
)
def test_a_faulty_translation_is_named(tree: Path, changes: dict[str, str], fault: str) -> None:
    rewrite(po(tree), changes)
    assert any(line.startswith("es: ") and fault in line for line in tool.check(tree))
    assert tool.main(["--check", "--root", str(tree)]) == 1


def test_a_new_message_is_missing_until_translated_and_the_old_ones_stay(tree: Path) -> None:
    (tree / "drivers" / "b.py").write_text('N_("Cover is open")\n_("Paper is out")\n', "utf-8")
    faults = tool.check(tree)
    assert "es: missing: 'Cover is open'" in faults
    assert "tilltui.pot is not up to date: run scripts/i18n" in faults
    tool.update(tree)
    assert tool.check(tree) == ["es: empty: 'Cover is open'", "pt: empty: 'Cover is open'"]
    assert '#: drivers/b.py\n#: tilltui/a.py\nmsgid "Paper is out"\nmsgstr "Se acabó' in po(tree).read_text(
        "utf-8"
    )


def test_a_gone_message_is_dropped(tree: Path) -> None:
    (tree / "tilltui" / "a.py").write_text('N_("Paper is out")\n', "utf-8")
    assert any("stale: 'Total: {amount}'" in line for line in tool.check(tree))
    tool.update(tree)
    assert tool.check(tree) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('_(f"Total {x}")', "must be one literal text"),
        ('N_("a" + b)', "must be one literal text"),
        ("N_(name)", "must be one literal text"),
        ('_("{} items")', "field without a name"),
        ('_("{0} items")', "field without a name"),
        ('_("{count items")', "is no format string"),
        ('ngettext("a", "b")', "a singular, a plural and a count"),
        ('_("")', "must be one literal text"),
    ],
)
def test_a_message_that_cannot_be_translated_is_refused(
    tree: Path, line: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "tilltui" / "b.py").write_text(f"x = {line}\n", "utf-8")
    assert tool.main(["--check", "--root", str(tree)]) == 1
    assert "tilltui/b.py:1" in (err := capsys.readouterr().err)
    assert fault in err


_texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t"\\'), min_size=1
).filter(lambda text: text.strip() == text)


@given(st.dictionaries(_texts, _texts, max_size=5))
def test_texts_survive_both_file_formats(
    tmp_path_factory: pytest.TempPathFactory, pairs: dict[str, str]
) -> None:
    import gettext
    import io

    catalogue = {key: tool.Message(key, words=[value]) for key, value in sorted(pairs.items())}
    file = tmp_path_factory.getbasetemp() / "any.po"
    file.write_text(tool.po_text(catalogue, "es"), "utf-8")
    assert {key: m.words for key, m in tool.read_po(file).items()} == {k: [v] for k, v in pairs.items()}
    compiled = gettext.GNUTranslations(io.BytesIO(tool.mo_bytes(catalogue, "es")))
    assert {key: compiled.gettext(key) for key in pairs} == pairs


# The real catalogues


def test_every_message_of_the_till_is_translated() -> None:
    assert tool.check(ROOT) == []
