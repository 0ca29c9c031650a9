"""The house's figures as text: the worst first, in eighty columns."""

from __future__ import annotations

from tests.proofs.house.figure import Figure, Row
from tests.proofs.house.report import as_text

LINES = Figure("lines", "lines of a thing", 12, 3, tuple(Row(f"t.{n}", 12, "long", True) for n in range(12)))
FILES = Figure("files", "files", 4, 9, (Row("t.a", 4), Row("t.b", note="of old"), Row("t.c"), Row("t.d")))
WORDS = Figure("words", "words", 1, None, (Row("t.a", 1, "x" * 67), Row("t.b", 1, "y" * 68)))

START = f"""\
figure          seen  limit          what is counted
{"-" * 80}
lines             12      3  BROKEN  lines of a thing
files              4      9  holds   files
words              1      -  told    words

lines: lines of a thing
 !   12 t.0  long
"""


def test_it_shows_the_worst() -> None:
    text = as_text([LINES, FILES, WORDS], everything=False)
    assert text.startswith(START)
    _, lines, files, words = text.split("\n\n")
    assert lines.splitlines()[10:] == [
        " !   12 t.9  long",
        "        and 2 more that are too many: --all shows them",
    ]
    shown = ["      4 t.a", "        t.b  of old", "        t.c", "        and 1 more"]
    assert files.splitlines()[1:] == shown
    assert words.splitlines()[1:] == [f"      1 t.a  {'x' * 67}", "      1 t.b", f"          {'y' * 68}"]


def test_it_counts_what_is_left_when_all_is_shown() -> None:
    text = as_text([LINES, FILES], everything=True)
    assert text.count(" !   12 t.") == 12
    assert text.endswith("\n        t.c\n        t.d")
    assert " more" not in text
