"""The driver on a pseudo terminal, against the virtual devices, whatever the cable does."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tilltui.ports import BarcodeScanned, DeviceState, Weighing, Weight, WeightRead
from tilltui_drivers.contract.bench import ScaleBench, TillEar
from tilltui_drivers.contract.scale import ScaleContract
from tilltui_drivers.scales.protocols import NAMES, Protocol, engine
from tilltui_drivers.scales.serial import SerialScale, SerialScaleSettings
from tilltui_drivers.virtual.scales.scale_device import Trouble, VirtualScaleDevice, Voice
from tilltui_drivers.virtual.scales.voices import (
    VOICES,
    CasVoice,
    MagellanVoice,
    NciVoice,
    Toledo8217Voice,
    TorreyVoice,
)

STABLE = Weighing.STABLE


class Rig:
    """A driver and its virtual device."""

    def __init__(self, protocol: Protocol, folder: Path, voice: Callable[[], Voice] | None = None) -> None:
        self.virtual = VirtualScaleDevice(voice or VOICES[protocol], folder / "usb-scale")
        self.virtual.plug_in()
        # The Adam must be asked rarely because it beeps; a virtual device does not.
        manners = replace(engine(protocol).manners, poll=min(0.2, engine(protocol).manners.poll))
        if protocol == "adam":
            manners = replace(manners, patience=0.2)
        elif protocol == "torrey":
            manners = replace(manners, patience=0.6, silence=1.5, reopen=2.0)
        self.scale = SerialScale(
            "deli", SerialScaleSettings(str(self.virtual.path), protocol), manners=manners
        )
        self.till = TillEar()

    def start(self) -> Rig:
        self.scale.start(self.till.emit)
        self.till.until(DeviceState.READY)
        return self

    def next(self, state: Weighing, grams: int | None = None) -> Weight:
        def fits(event: WeightRead) -> bool:
            return event.weight.state is state and grams in (None, event.weight.grams)

        return self.till.next(WeightRead, fits).weight

    def close(self) -> None:
        self.scale.stop()
        self.virtual.close()


@pytest.fixture
def rigs(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    made: list[Rig] = []

    def make(protocol: Protocol, voice: Callable[[], Voice] | None = None) -> Rig:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Rig(protocol, folder, voice))
        return made[-1]

    yield make
    for rig in made:
        rig.close()


@pytest.mark.parametrize("protocol", NAMES)
def test_every_protocol_weighs_to_the_gram(rigs: Callable[..., Rig], protocol: Protocol) -> None:
    rig = rigs(protocol).start()
    rig.scale.watch(True)
    for grams in (755, 1250, 30):
        rig.virtual.put(grams)
        weight = rig.next(STABLE, grams)
        assert (weight.tare, type(weight.grams)) == (0, int)
        assert abs(weight.at - time.monotonic()) < 5


@pytest.mark.parametrize("protocol", NAMES)
def test_every_protocol_never_calls_a_moving_weight_stable(
    rigs: Callable[..., Rig], protocol: Protocol
) -> None:
    rig = rigs(protocol).start()
    rig.virtual.put(500, moving=True)
    rig.scale.watch(True)
    seen: list[Weight] = []
    threading.Event().wait(1.2)
    seen = [event.weight for event in rig.till.taken() if isinstance(event, WeightRead)]
    assert STABLE not in {weight.state for weight in seen}
    rig.virtual.put(500)
    rig.next(STABLE, 500)


@pytest.mark.parametrize("protocol", [name for name in NAMES if name != "adam"])
def test_too_heavy_and_below_zero(rigs: Callable[..., Rig], protocol: Protocol) -> None:
    rig = rigs(protocol).start()
    rig.scale.watch(True)
    rig.virtual.put(16_000)
    rig.next(Weighing.OVER)
    rig.virtual.put(-40)
    rig.next(Weighing.UNDER)
    rig.virtual.put(0)
    rig.next(Weighing.ZERO)


@pytest.mark.parametrize(
    ("protocol", "voice"),
    [
        ("toledo8217", lambda: Toledo8217Voice(once=True)),
        ("nci", lambda: NciVoice(second=True)),
        ("cas", lambda: CasVoice(short=True)),
        ("cas", lambda: CasVoice(lead=b"\x81")),
        ("torrey", lambda: TorreyVoice(bare=True)),
        ("magellan", lambda: MagellanVoice(ncr=True)),
    ],
)
def test_the_other_dialects(rigs: Callable[..., Rig], protocol: Protocol, voice: Callable[[], Voice]) -> None:
    rig = rigs(protocol, voice).start()
    rig.virtual.put(1250)
    rig.scale.watch(True)
    rig.next(STABLE, 1250)
    rig.virtual.put(640)
    rig.next(STABLE, 640)


@pytest.mark.parametrize("protocol", ["toledo8217", "nci", "sma", "torrey"])
def test_net_weights_are_taken_as_they_are(rigs: Callable[..., Rig], protocol: Protocol) -> None:
    rig = rigs(protocol).start()
    rig.virtual.plate.tare = 250
    rig.virtual.put(1250)
    rig.scale.watch(True)
    rig.next(STABLE, 1000)


def test_tare_by_the_till(rigs: Callable[..., Rig]) -> None:
    rig = rigs("toledo8217").start()
    rig.virtual.put(250)
    rig.scale.watch(True)
    rig.next(STABLE, 250)
    rig.scale.tare(None)
    assert rig.next(Weighing.ZERO).tare == 250
    rig.virtual.put(1250)
    assert rig.next(STABLE, 1000).tare == 250
    rig.scale.tare(100)
    assert rig.next(STABLE, 1150).tare == 100
    rig.scale.tare(0)
    rig.next(STABLE, 1250)


@pytest.mark.parametrize("protocol", ["toledo8217", "nci", "sma"])
def test_zero_reaches_the_scale(rigs: Callable[..., Rig], protocol: Protocol) -> None:
    rig = rigs(protocol).start()
    rig.virtual.put(-30)
    rig.scale.watch(True)
    rig.next(Weighing.UNDER)
    rig.scale.zero()
    rig.next(Weighing.ZERO)


ONCE: tuple[Protocol, ...] = ("adam", "dialog06")
"""Those whose scales say each weight once: what was not read then is not said again."""

TROUBLES = {
    "trickle": Trouble(trickle=True),
    "garbage": Trouble(garbage=b"\xff\x00ST"),
    "delay": Trouble(delay=0.3),
    "parity": Trouble(parity=0.02),
}


@pytest.mark.parametrize(
    ("protocol", "trouble"),
    [
        pytest.param(protocol, trouble, id=f"{name}-{protocol}")
        for name, trouble in TROUBLES.items()
        for protocol in NAMES
        if not (trouble.parity and protocol in ONCE)
    ],
)
def test_a_bad_line_weighs_right_or_not_at_all(
    rigs: Callable[..., Rig], protocol: Protocol, trouble: Trouble
) -> None:
    if trouble.garbage and protocol in ("torrey", "stream", "magellan"):
        # Text without a beginning of its own: garbage in front makes every line noise, which is said.
        rig = rigs(protocol)
        rig.virtual.trouble = trouble
        rig.start().scale.watch(True)
        rig.next(Weighing.ERROR)
        return
    rig = rigs(protocol)
    rig.virtual.trouble = trouble
    rig.start()
    rig.virtual.put(1250)
    rig.scale.watch(True)
    seen: list[WeightRead] = []
    rig.till.next(WeightRead, lambda event: seen.append(event) or event.weight.state is STABLE)  # type: ignore[func-returns-value]
    assert {event.weight.grams for event in seen if event.weight.state is STABLE} == {1250}


@pytest.mark.parametrize("protocol", ONCE)
def test_what_is_said_once_and_was_not_read(rigs: Callable[..., Rig], protocol: Protocol) -> None:
    rig = rigs(protocol)
    rig.virtual.trouble = Trouble(parity=0.2)
    rig.start()
    rig.virtual.put(1250)
    rig.scale.watch(True)
    told = rig.till.next(WeightRead, lambda event: event.weight.state is not Weighing.MOTION).weight
    assert told.state in (Weighing.ERROR, Weighing.SILENT)
    rig.virtual.trouble = Trouble()
    rig.virtual.put(0)  # the goods are lifted and laid down again
    rig.virtual.put(755)
    assert rig.till.next(WeightRead, lambda event: event.weight.state is STABLE).weight.grams == 755


def test_half_answers_are_silence_in_the_end_and_the_scale_recovers(rigs: Callable[..., Rig]) -> None:
    rig = rigs("toledo8217")
    rig.virtual.trouble = Trouble(cut=4)
    rig.start()
    rig.virtual.put(500)
    rig.scale.watch(True)
    assert rig.next(Weighing.SILENT)
    rig.till.until(DeviceState.DEGRADED)
    rig.virtual.trouble = Trouble()
    rig.next(STABLE, 500)


def test_a_mute_scale_is_said_and_found_again(rigs: Callable[..., Rig]) -> None:
    rig = rigs("cas").start()
    rig.virtual.put(500)
    rig.scale.watch(True)
    rig.next(STABLE, 500)
    rig.virtual.trouble = Trouble(mute=True)
    rig.next(Weighing.SILENT)
    assert rig.till.until(DeviceState.DEGRADED).reason == "silent"
    rig.virtual.trouble = Trouble()
    rig.next(STABLE, 500)


def test_a_scale_that_speaks_something_else_is_a_fault(rigs: Callable[..., Rig]) -> None:
    rig = rigs("toledo8217")
    rig.virtual.trouble = Trouble(nonsense=b"ST,GS,+00001.250,kg\r\n")
    rig.start().scale.watch(True)
    rig.next(Weighing.ERROR)


def test_unplugged_while_weighing_and_back(rigs: Callable[..., Rig]) -> None:
    rig = rigs("nci").start()
    rig.virtual.put(500)
    rig.scale.watch(True)
    for _ in range(2):
        rig.next(STABLE, 500)
        rig.virtual.unplug()
        event = rig.till.until(DeviceState.FAILED)
        assert event.reason in ("unplugged", "missing")
        rig.next(Weighing.SILENT)
        rig.virtual.plug_in()
    rig.next(STABLE, 500)


def test_somebody_who_begins_to_weigh_without_a_scale_is_told_at_once(rigs: Callable[..., Rig]) -> None:
    rig = rigs("nci")
    rig.virtual.unplug()
    rig.scale.start(rig.till.emit)
    rig.till.until(DeviceState.FAILED)
    before = time.monotonic()
    rig.scale.watch(True)
    rig.next(Weighing.SILENT)
    assert time.monotonic() - before < 0.5


def test_torrey_has_its_port_opened_again_after_a_silence(
    rigs: Callable[..., Rig], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    rig = rigs("torrey").start()
    rig.virtual.trouble = Trouble(mute=True)
    rig.scale.watch(True)
    rig.next(Weighing.SILENT)
    threading.Event().wait(1.0)
    rig.virtual.trouble = Trouble()
    rig.virtual.put(278)
    rig.next(STABLE, 278)
    assert "its port is opened again" in caplog.text


@pytest.mark.parametrize("protocol", NAMES)
def test_nobody_weighs_nobody_asks_and_nothing_is_done(rigs: Callable[..., Rig], protocol: Protocol) -> None:
    rig = rigs(protocol).start()
    rig.virtual.trouble = Trouble(mute=True)  # the virtual device's own writing is not the driver's
    waited = threading.Event()
    before = resource.getrusage(resource.RUSAGE_SELF)
    waited.wait(1.0)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert rig.virtual.questions() == 0
    assert after.ru_nvcsw - before.ru_nvcsw <= 8 + 12 * (protocol == "stream")
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.05


def test_what_a_stream_said_before_is_not_heard(rigs: Callable[..., Rig]) -> None:
    rig = rigs("stream").start()
    rig.virtual.put(500)
    threading.Event().wait(0.7)
    rig.virtual.put(900)
    rig.scale.watch(True)
    assert rig.next(STABLE).grams == 900
    rig.scale.watch(False)
    threading.Event().wait(0.3)
    rig.virtual.unplug()
    rig.till.until(DeviceState.FAILED)


def test_codes_come_over_a_magellans_cable_also_while_nobody_weighs(tmp_path: Path) -> None:
    voice = MagellanVoice()
    rig = Rig("magellan", tmp_path, lambda: voice).start()
    rig.virtual._say(voice.message(b"S08F7801234567894"))
    event = rig.till.next(BarcodeScanned)
    assert (event.text, event.source, event.symbology) == ("7801234567894", "deli", "]E0")
    rig.close()


class ToledoBench(ScaleBench):
    """An 8217 on a cable."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.virtual = VirtualScaleDevice(Toledo8217Voice, folder / "usb-scale")

    def driver(self) -> SerialScale:
        # A pseudo terminal that was open before refuses 7 bits with parity; a serial line does not.
        return SerialScale(self.name, SerialScaleSettings(str(self.virtual.path), bytesize=8, parity="N"))

    def plug_in(self) -> None:
        self.virtual.plug_in()

    def unplug(self) -> None:
        self.virtual.unplug()

    def put(self, grams: int) -> None:
        self.virtual.put(grams)

    def noise(self) -> None:
        self.virtual._say(b"\x00\xff" * 700 + b"\r")

    def close(self) -> None:
        self.virtual.close()


class TestSerialScale(ScaleContract):
    bench_class = ToledoBench
