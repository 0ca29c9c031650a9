"""``kill -9`` at random moments loses nothing that was accepted and doubles nothing."""

from __future__ import annotations

from tests.support import store_kills as kills


def test_two_hundred_kills_lose_nothing_and_double_nothing() -> None:
    found = kills.run(200, seed=1, fresh=25)
    assert found.pop("kills") == 200
    assert found.pop("sales") > 500
    # Some kills must fall between the commit and the word to the parent, or the moments are not random.
    assert found.pop("unsaid") > 5
    assert not found, found
