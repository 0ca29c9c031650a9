from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from tests.ui.glyph_check import screen_lines
from tilltui.ui.shell.theme import SIXTEEN, apply_theme
from tilltui.ui.widgets.cells import fit, plain, width_of, wrap
from tilltui.ui.widgets.line_widget import Line, LineWidget, Run, _changed_span
from tilltui.ui.widgets.sale.total_panel import TotalPanel
from tilltui.ui.widgets.sale.values import TotalView


class Sheet(LineWidget):
    STYLE_PREFIX = "status"
    COMPONENT_CLASSES = {"status--a", "status--b"}  # noqa: RUF012 - as Textual declares it
    DEFAULT_CSS = "Sheet { height: 5; width: 1fr; & > .status--a { text-style: bold; } }"

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.asked: list[Region] = []

    def paint(self, width: int, height: int) -> Sequence[Line]:
        return self.lines

    def render_line(self, y: int) -> Strip:
        return super().render_line(y)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Sheet:
        assert not layout or not self.is_mounted or not self.asked
        self.asked.extend(regions)
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self


class SheetApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        apply_theme(self, SIXTEEN)

    def compose(self) -> ComposeResult:
        yield Sheet()


async def test_only_changed_lines_are_refreshed_and_only_up_to_the_change() -> None:
    app = SheetApp()
    async with app.run_test(size=(20, 5)) as pilot:
        sheet = app.query_one(Sheet)
        sheet.lines = [(Run(fit("one", 20)),), (Run(fit("two", 20), "a"),), (Run(fit("9 items", 20)),)]
        sheet.show()
        await pilot.pause()
        sheet.asked.clear()
        sheet.show()
        assert sheet.asked == []
        sheet.lines[2] = (Run(fit("8 items", 20)),)
        sheet.show()
        assert sheet.asked == [Region(0, 2, 1, 1)]
        await pilot.pause()
        assert screen_lines(app)[2] == fit("8 items", 20)
        sheet.asked.clear()
        sheet.lines[1] = (Run(fit("two", 20), "b"),)
        sheet.lines.append((Run("new"),))
        sheet.show()
        assert sheet.asked == [Region(0, 1, 20, 1), Region(0, 3, 20, 1)]
        await pilot.pause()
        assert screen_lines(app)[3] == fit("new", 20)
        del sheet.lines[1:]
        sheet.show()
        await pilot.pause()
        assert [line.strip() for line in screen_lines(app)] == ["one", "", "", "", ""]


RUNS = st.lists(
    st.tuples(st.text("ab 牛", max_size=6), st.sampled_from(["", "x"])).map(lambda pair: Run(*pair)),
    max_size=4,
).map(tuple)


def _cells(line: Line) -> list[tuple[str, str]]:
    return [
        (character, run.role) for run in line for character in run.text for _ in range(width_of(character))
    ]


@given(RUNS, RUNS)
def test_a_cropped_repaint_covers_every_change(old: Line, new: Line) -> None:
    width = 30
    cells = [_cells((*line, Run(" " * width, "end")))[:width] for line in (old, new)]
    start, count = _changed_span(old, new, width)
    assert start >= 0
    assert count > 0
    assert all(start <= i < start + count for i in range(width) if cells[0][i] != cells[1][i])


async def test_the_panel_after_any_sequence_is_as_if_painted_at_once() -> None:
    class PanelApp(SheetApp):
        def compose(self) -> ComposeResult:
            yield TotalPanel()

    app = PanelApp()
    async with app.run_test(size=(24, 12)) as pilot:
        panel = app.query_one(TotalPanel)
        for amount in ("$0", "$990", "$12.990", "$13.990", "$113.990", "$1.113.990", "$990", "-$5"):
            panel.set_view(TotalView("TOTAL", amount, f"{len(amount)} artículos", customer=amount[::-1]))
            await pilot.pause()
            painted = ["".join(run.text for run in line) for line in panel.paint(24, 12)]
            assert screen_lines(app)[: len(painted)] == painted
            assert screen_lines(app)[5 - 1 + 1].strip().startswith(str(len(amount)))


@given(st.text(), st.integers(0, 60), st.sampled_from(["left", "right", "center"]))
def test_fitted_text_is_exact_and_harmless(text: str, width: int, align: str) -> None:
    fitted = fit(text, width, align)
    assert width_of(fitted) == width
    assert fitted.isprintable()


@given(st.text())
def test_plain_text_is_printable_and_stays(text: str) -> None:
    once = plain(text)
    assert once.isprintable()
    assert plain(once) == once
    once.encode("utf-8")


@given(st.text(), st.integers(1, 40), st.integers(1, 5))
def test_wrapped_lines_are_exact(text: str, width: int, most: int) -> None:
    lines = wrap(text, width, most)
    assert len(lines) <= most
    assert all(width_of(line) == width for line in lines)


def test_what_was_never_text_is_gone() -> None:
    assert (
        plain("a\x1b]0;x\x07\x9b31m\u202e\u2066\u200d\ufe0f\ud800\x7f\ufeff\u2028\nb\tc") == "a]0;x31m  b c"
    )
    assert plain("ß ñ Á 牛 é") == "ß ñ Á 牛 é"
