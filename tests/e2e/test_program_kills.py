"""The whole program killed at random moments: no accepted sale is lost, doubled, or printed twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.kills import Campaign
from tests.support.shop import TestShop
from tilltui_drivers.virtual.printers.printer_device import VirtualPrinterDevice


@pytest.mark.parametrize("seed", [1, 2])
def test_a_till_that_is_killed_keeps_every_sale_once(tmp_path: Path, seed: int) -> None:
    with VirtualPrinterDevice() as printer:
        shop = TestShop.make(tmp_path, printer_port=printer.serve_tcp())
        try:
            campaign = Campaign(shop, printer, seed)
            campaign.run(13)
        finally:
            shop.close()
    assert campaign.found["kills"] == 13
    assert campaign.found["sales"] > 13
