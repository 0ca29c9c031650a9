"""No accepted sale is lost in a power cut; and the harness sees the losses of weaker settings."""

from __future__ import annotations

import pytest

from tests.support import powercut


@pytest.mark.parametrize("mode", [mode for mode in powercut.MODES if mode.safe], ids=lambda mode: mode.name)
def test_no_accepted_sale_is_lost_and_none_is_half_there(mode: powercut.Mode) -> None:
    states = 250 if mode.journal else 600
    found = powercut.run(mode, states)
    assert found["ok"] == states, found


@pytest.mark.parametrize("mode", [mode for mode in powercut.MODES if not mode.safe], ids=lambda m: m.name)
def test_the_harness_sees_what_weaker_settings_lose(mode: powercut.Mode) -> None:
    found = powercut.run(mode, 60, sales=40)
    assert found["lost"] > 6, found
