from __future__ import annotations

import os
import threading
import time
import tty
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui_drivers.terminals import stx
from tilltui_drivers.terminals.stx import (
    ACK,
    ETX,
    MAX_FRAME,
    NAK,
    STX,
    Control,
    Deframer,
    Frame,
    LinkLost,
    StxLink,
    Times,
)
from tilltui_drivers.transport.serial.port import Line, SerialTransport

TEXT = st.binary(max_size=60).map(lambda raw: bytes(b for b in raw if b not in (STX, ETX)))
FAST = Times(write=0.5, ack=0.15, gap=0.05, answer=0.3, most=1.0)


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(places)]


@pytest.mark.parametrize(
    ("data", "wire"),
    [
        (b"0100", "02 30 31 30 30 03 02"),
        (b"0800", "02 30 38 30 30 03 0b"),
        (b"0300", "02 30 33 30 30 03 00"),
        (b"0200|12500|A00123|||1|", "02" + b"0200|12500|A00123|||1|".hex() + "03 77"),
        (b"1200|10|", "02 31 32 30 30 7c 31 30 7c 03 01"),
        (b"0250|", "02 30 32 35 30 7c 03 78"),
        (b"0200|123|", "02 30 32 30 30 7c 31 32 33 7c 03 31"),
    ],
)
def test_frames_are_those_of_the_manual(data: bytes, wire: str) -> None:
    assert stx.frame(data) == bytes.fromhex(wire)


@given(st.lists(st.one_of(TEXT, st.sampled_from(list(Control))), max_size=6), st.lists(st.integers(0, 999)))
def test_any_split_gives_the_same(items: list[bytes | Control], cuts: list[int]) -> None:
    wire = b"".join(stx.frame(i) if isinstance(i, bytes) else bytes([i.value]) for i in items)
    deframer = Deframer()
    found = [event for piece in split(wire, cuts) for event in deframer.feed(piece)]
    assert found == [Frame(i, True) if isinstance(i, bytes) else i for i in items]
    assert not deframer.inside


@given(st.binary(max_size=400), TEXT, st.lists(st.integers(0, 999)))
def test_after_any_garbage_the_second_frame_is_understood(noise: bytes, data: bytes, cuts: list[int]) -> None:
    deframer = Deframer()
    wire = noise + stx.frame(data) * 2
    found = [event for piece in split(wire, cuts) for event in deframer.feed(piece)]
    assert found[-1] == Frame(data, True)
    assert len(found) <= len(wire)


@given(TEXT.filter(bool), st.integers(0, 10**6), st.integers(1, 255))
def test_a_changed_byte_is_never_a_good_frame(data: bytes, place: int, change: int) -> None:
    wire = bytearray(stx.frame(data))
    place = 1 + place % (len(wire) - 1)
    wire[place] ^= change
    for event in Deframer().feed(bytes(wire)):
        assert event != Frame(data, True)
        if isinstance(event, Frame) and event.good:
            # A byte that became STX starts a shorter frame; its sum can be right by chance.
            assert STX in wire[1:-1] or ETX in wire[1:-2]


def test_memory_is_bounded_and_an_endless_frame_is_bad() -> None:
    deframer = Deframer()
    deframer.feed(bytes([STX]))
    for _ in range(100):
        assert deframer.feed(b"x" * 4096) == []
        assert len(deframer._data) <= MAX_FRAME
    assert deframer.feed(bytes([ETX, stx.lrc(b"")])) == [Frame(b"", False)]


class Peer:
    """The other end of the line: waits for bytes, then says something."""

    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path = os.ttyname(self.slave)
        self.heard = bytearray()
        self._threads: list[threading.Thread] = []

    def after(self, *script: tuple[int, bytes]) -> None:
        """For each step: wait for so many bytes more, then say that."""

        def play() -> None:
            for count, answer in script:
                wanted = len(self.heard) + count
                while len(self.heard) < wanted:
                    self.heard += os.read(self.master, wanted - len(self.heard))
                for piece in answer.split(b"~"):
                    os.write(self.master, piece)

        thread = threading.Thread(target=play, name="peer", daemon=True)
        thread.start()
        self._threads.append(thread)

    def done(self) -> bytes:
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()
        return bytes(self.heard)

    def close(self) -> None:
        os.close(self.slave)
        os.close(self.master)


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture
def link(peer: Peer) -> Iterator[StxLink]:
    transport = SerialTransport(Line(peer.path), device="card")
    transport.open(time.monotonic() + 1)
    yield StxLink(transport, FAST)
    transport.dispose()


REQUEST = stx.frame(b"0100")
A, N = bytes([ACK]), bytes([NAK])


def soon() -> float:
    return time.monotonic() + 2


def test_the_ack_follows_the_check_of_the_sum(peer: Peer, link: StxLink) -> None:
    good = stx.frame(b"0210|00|")
    bad = good[:-1] + bytes([good[-1] ^ 1])
    peer.after((len(REQUEST), A + bad), (1, good), (1, b""))
    link.send(b"0100", twice=False)
    assert link.receive(soon()) == b"0210|00|"
    assert peer.done() == REQUEST + N + A


def test_a_frame_that_breaks_off_is_asked_for_again(peer: Peer, link: StxLink) -> None:
    good = stx.frame(b"0210|00|")
    peer.after((len(REQUEST), A + good[:5]), (1, good), (1, b""))
    link.send(b"0100", twice=False)
    assert link.receive(soon()) == b"0210|00|"
    assert peer.done() == REQUEST + N + A


def test_a_request_is_sent_three_times_at_most_when_it_is_refused(peer: Peer, link: StxLink) -> None:
    peer.after(*[(len(REQUEST), N)] * 3)
    with pytest.raises(LinkLost, match="does not take") as lost:
        link.send(b"0100", twice=False)
    assert lost.value.sent
    assert peer.done() == REQUEST * 3


@pytest.mark.parametrize(("twice", "times"), [(True, 3), (False, 1)])
def test_silence_is_answered_by_another_try_only_where_that_is_harmless(
    peer: Peer, link: StxLink, twice: bool, times: int
) -> None:
    peer.after((len(REQUEST) * times, b""))
    with pytest.raises(LinkLost, match="no acknowledgement"):
        link.send(b"0100", twice=twice)
    assert peer.done() == REQUEST * times


def test_glued_frames_come_one_by_one_and_each_is_acknowledged(peer: Peer, link: StxLink) -> None:
    frames = [b"0900|78|", b"0900|81|", b"0210|00|"]
    peer.after((len(REQUEST), A + b"".join(map(stx.frame, frames))), (3, b""))
    link.send(b"0100", twice=False)
    assert [link.receive(soon()) for _ in frames] == frames
    assert peer.done() == REQUEST + A * 3


def test_what_lay_in_the_line_is_taken_and_kept_apart(peer: Peer, link: StxLink) -> None:
    os.write(peer.master, b"noise" + stx.frame(b"0210|old|"))
    peer.after((1 + len(REQUEST), A))
    link.send(b"0100", twice=False)
    assert link.early == [b"0210|old|"]
    assert peer.done() == A + REQUEST


def test_three_damaged_answers_are_enough(peer: Peer, link: StxLink) -> None:
    bad = stx.frame(b"0210|00|")[:-1] + b"\x55"
    peer.after((len(REQUEST), A + bad), (1, bad), (1, bad))
    link.send(b"0100", twice=False)
    with pytest.raises(LinkLost, match="damaged"):
        link.receive(soon())
    assert peer.done() == REQUEST + N + N


def test_a_flood_ends_with_the_deadline(peer: Peer, link: StxLink) -> None:
    stop = threading.Event()

    def flood() -> None:
        os.set_blocking(peer.master, False)
        while not stop.is_set():
            try:
                os.write(peer.master, b"\xff" * 512)
            except BlockingIOError:
                stop.wait(0.001)

    thread = threading.Thread(target=flood, name="flood", daemon=True)
    thread.start()
    try:
        with pytest.raises(LinkLost):
            link.send(b"0100", twice=False)
        assert link.receive(time.monotonic() + 0.2) is None
    finally:
        stop.set()
        thread.join(5)


def test_a_line_that_is_gone_says_whether_anything_was_sent(peer: Peer, link: StxLink) -> None:
    link._line._transport.close()
    with pytest.raises(LinkLost) as lost:
        link._line.write(b"x", sent=False)
    assert not lost.value.sent
