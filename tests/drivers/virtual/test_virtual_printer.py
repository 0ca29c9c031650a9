from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from tilltui.domain.paper.elements import QR, Cut, Text
from tilltui.errors import DeviceError, OutcomeUnknown
from tilltui.ports import Delivered, Job
from tilltui_drivers.virtual.printers.printer import VirtualPrinter


def deliver(printer: VirtualPrinter, job_id: int = 7) -> Delivered:
    payload = printer.render([Text("Ñandú", right="₡1.290"), QR("https://x.cl"), Cut()])
    sent: list[str] = []
    delivery = printer.deliver(Job(payload, job_id, lambda: sent.append("sending"), sent.append))
    assert sent == ["sending"]
    return delivery.outcome


def test_a_receipt_becomes_text_and_picture(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    printer = VirtualPrinter("receipt", VirtualPrinter.Settings(folder=str(folder), profile="POS-58"))
    assert deliver(printer) is Delivered.CONFIRMED
    assert sorted(path.name for path in folder.iterdir()) == ["receipt-000007.png", "receipt-000007.txt"]
    assert (folder / "receipt-000007.txt").read_text() == "Ñandú" + " " * 21 + "¢1.290\n"
    (code,) = zxingcpp.read_barcodes(Image.open(folder / "receipt-000007.png"))
    assert code.text == "https://x.cl"


def test_kicks_are_written_down(tmp_path: Path) -> None:
    printer = VirtualPrinter("receipt", VirtualPrinter.Settings(folder=str(tmp_path)))
    printer.kick(0)
    printer.kick(5)
    lines = (tmp_path / "drawer.log").read_text().splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["receipt pin 2", "receipt pin 5"]
    with pytest.raises(DeviceError, match="pin 3"):
        printer.kick(3)


def test_a_folder_that_cannot_be_made_is_offline(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    printer = VirtualPrinter("receipt", VirtualPrinter.Settings(folder=str(tmp_path / "file")))
    with pytest.raises(DeviceError, match="file"):
        deliver(printer)
    with pytest.raises(DeviceError):
        printer.kick(2)


def test_a_full_disk_is_doubt_and_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer = VirtualPrinter("receipt", VirtualPrinter.Settings(folder=str(tmp_path)))

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutcomeUnknown, match="No space"):
        deliver(printer)
    assert list(tmp_path.iterdir()) == []
