from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual import events
from textual.app import App, ComposeResult

from tests.ui.glyph_check import assert_console_safe, screen_lines
from tilltui.ui.shell.theme import SIXTEEN, TRUE_COLOUR, apply_theme
from tilltui.ui.widgets.choice import Choice
from tilltui.ui.widgets.choice_list import ChoiceList
from tilltui.ui.widgets.form_field import FormField


class Form(App[None]):
    def __init__(self, theme: str = SIXTEEN, **options: object) -> None:
        super().__init__()
        apply_theme(self, theme)
        self.options = options
        self.heard: list[tuple[str, str]] = []
        self.keys: list[str] = []

    def compose(self) -> ComposeResult:
        yield FormField("Nota:", **self.options)  # type: ignore[arg-type]

    def on_form_field_changed(self, message: FormField.Changed) -> None:
        self.heard.append(("changed", message.value))

    def on_form_field_submitted(self, message: FormField.Submitted) -> None:
        self.heard.append(("submitted", message.value))

    def on_key(self, event: events.Key) -> None:
        self.keys.append(event.key)


async def test_typing_editing_and_enter() -> None:
    app = Form()
    async with app.run_test(size=(40, 5)) as pilot:
        field = app.query_one(FormField)
        field.focus()
        await pilot.press(
            "a", "ñ", "c", "left", "backspace", "x", "end", "space", "d", "home", "delete", "enter"
        )
        assert app.heard[-1] == ("submitted", "xc d")
        assert app.keys == []
        await pilot.press("f2", "down", "escape", "ctrl+u")
        assert app.keys == ["f2", "down", "escape"]
        assert field.value == ""
        assert_console_safe(app)


async def test_the_cursor_comes_and_goes_with_the_focus() -> None:
    app = Form(value="ab")
    async with app.run_test(size=(40, 5)) as pilot:
        field = app.query_one(FormField)

        def reversed_cells() -> list[str]:
            strips = app.screen._compositor.render_strips()
            return [s.text for strip in strips for s in strip if s.style is not None and s.style.reverse]

        app.set_focus(None)
        await pilot.pause()
        assert reversed_cells() == []
        field.focus()
        await pilot.pause()
        assert reversed_cells() == [" "]
        app.set_focus(None)
        await pilot.pause()
        assert reversed_cells() == []


async def test_a_pin_is_never_on_the_screen() -> None:
    app = Form(masked=True, limit=6, accepts=str.isdigit)
    async with app.run_test(size=(40, 5)) as pilot:
        app.query_one(FormField).focus()
        await pilot.press(*"12x345678")
        assert app.query_one(FormField).value == "123456"
        text = "".join(screen_lines(app))
        assert "******" in text
        assert "1" not in text


async def test_hostile_paste_becomes_one_plain_line() -> None:
    app = Form(TRUE_COLOUR, compact=True)
    async with app.run_test(size=(40, 3)) as pilot:
        field = app.query_one(FormField)
        field.focus()
        await pilot.pause()
        field.post_message(events.Paste("[/foo]\x1b[2J\r\n[@click=app.quit]\u202e"))
        await pilot.pause()
        assert field.value == "[/foo][2J [@click=app.quit]".replace("J [", "J  [")
        assert "[/foo][2J" in screen_lines(app)[0]
        assert_console_safe(app)


async def test_the_still_cursor_sends_nothing() -> None:
    app = Form()
    async with app.run_test(size=(40, 5)) as pilot:
        field = app.query_one(FormField)
        field.focus()
        await pilot.pause()
        drawn: list[int] = []
        original = field.render_line
        field.render_line = lambda y: (drawn.append(y), original(y))[1]  # type: ignore[method-assign, func-returns-value]
        await pilot.pause(0.7)
        assert drawn == []
        await pilot.press("a")
        assert drawn == [0]


FIELD_KEYS = st.sampled_from(
    ["a", "b", "7", "left", "right", "home", "end", "backspace", "delete", "ctrl+u", "ñ"]
)


async def _edit(keys: list[str], columns: int) -> None:
    app = Form(compact=True)
    async with app.run_test(size=(columns, 1)) as pilot:
        field = app.query_one(FormField)
        field.focus()
        text, at = "", 0
        for key in keys:
            match key:
                case "left" | "right" | "home" | "end":
                    at = {
                        "left": max(0, at - 1),
                        "right": min(len(text), at + 1),
                        "home": 0,
                        "end": len(text),
                    }[key]
                case "backspace":
                    text, at = text[: max(0, at - 1)] + text[at:], max(0, at - 1)
                case "delete":
                    text = text[:at] + text[at + 1 :]
                case "ctrl+u":
                    text, at = "", 0
                case _:
                    text, at = text[:at] + key + text[at:], at + 1
        await pilot.press(*keys)
        assert field.value == text
        strip = field.render_line(0)
        reversed_cells = [s.text for s in strip if s.style is not None and s.style.reverse]
        assert reversed_cells == [(text + " ")[at]]
        assert strip.cell_length == columns


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(FIELD_KEYS, max_size=14), st.sampled_from([14, 40]))
def test_a_field_follows_a_simple_model(keys: list[str], columns: int) -> None:
    asyncio.run(_edit(keys, columns))


class Menu(App[None]):
    def __init__(self, choices: list[Choice], theme: str = SIXTEEN, digits: bool = True) -> None:
        super().__init__()
        apply_theme(self, theme)
        self.choices = choices
        self.digits = digits
        self.picked: list[int] = []
        self.moved: list[int] = []
        self.keys: list[str] = []

    def compose(self) -> ComposeResult:
        yield ChoiceList(self.choices, digits=self.digits, placeholder="nada")

    def on_choice_list_picked(self, message: ChoiceList.Picked) -> None:
        self.picked.append(message.index)

    def on_choice_list_cursor_moved(self, message: ChoiceList.CursorMoved) -> None:
        self.moved.append(message.index)

    def on_key(self, event: events.Key) -> None:
        self.keys.append(event.key)


CHOICES = [Choice(f"Leche {n}", n, f"${n}", enabled=n != 3) for n in range(30)]


@pytest.mark.parametrize("theme", [SIXTEEN, TRUE_COLOUR])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (20, 6)])
async def test_a_menu_is_console_safe_and_picked_from(theme: str, size: tuple[int, int]) -> None:
    app = Menu([*CHOICES, Choice("\x1b[2J[/x][@click=app.quit]" * 4, 99, "\x07$1")], theme)
    async with app.run_test(size=size) as pilot:
        menu = app.query_one(ChoiceList)
        menu.focus()
        await pilot.press("down", "down", "enter", "1", "down", "down", "down", "enter", "f5")
        assert app.picked == [2, 0], "a choice that is off cannot be picked"
        assert app.keys == ["f5"]
        await pilot.press("end")
        assert app.moved[-1] == 30
        assert_console_safe(app)
        assert any(line.startswith(">") for line in screen_lines(app))
        menu.set_choices([])
        await pilot.press("down", "enter", "1")
        assert app.picked == [2, 0]
        assert menu.cursor == -1
        assert menu.chosen is None
        assert "nada" in screen_lines(app)[0]


async def test_digits_pick_what_stands_beside_them_on_a_later_page() -> None:
    app = Menu(CHOICES)
    async with app.run_test(size=(40, 6)) as pilot:
        app.query_one(ChoiceList).focus()
        await pilot.press(*["down"] * 8)
        line = next(line for line in screen_lines(app) if line[1] == "2")
        await pilot.press("2", "0")
        assert app.picked == [int(line.split()[2])], "0 names the tenth row, which this page does not have"


async def test_without_digits_they_go_to_the_screen_and_a_touch_picks() -> None:
    app = Menu(CHOICES, digits=False)
    async with app.run_test(size=(40, 6)) as pilot:
        app.query_one(ChoiceList).focus()
        await pilot.press("2")
        assert app.keys == ["2"]
        await pilot.click(ChoiceList, offset=(5, 4))
        await pilot.click(ChoiceList, offset=(5, 3))
        assert app.picked == [4]
