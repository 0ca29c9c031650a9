from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sysfs_tree import FakeMachine
from tilltui_drivers.contract.bench import eventually
from tilltui_drivers.discovery.listing import look
from tilltui_drivers.discovery.watcher import Change, Plugged, Unplugged, Watcher, kernel_socket


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


@pytest.fixture
def changes() -> queue.Queue[Change]:
    return queue.Queue()


@pytest.fixture
def word() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Our end of the kernel's line, and the watcher's."""
    kernel, ear = socket.socketpair(type=socket.SOCK_DGRAM)
    ear.setblocking(False)
    yield kernel, ear
    kernel.close()


def next_of(changes: queue.Queue[Change]) -> Change:
    return changes.get(timeout=15)


def plug(machine: FakeMachine, port: str = "1-1", name: str = "ttyACM0") -> None:
    machine.tty(name, machine.usb(port, "0c2e", "0001", serial=port), by_id=f"usb-{port}")


def test_looks_find_what_comes_and_goes(machine: FakeMachine, changes: queue.Queue[Change]) -> None:
    plug(machine)
    watcher = Watcher(lambda c: changes.put(c) is None, machine.roots, poll=0.02, word=lambda: None)
    watcher.start()
    first = next_of(changes)
    assert isinstance(first, Plugged)
    assert first.found.path.endswith("usb-1-1")
    machine.pull("1-1")
    gone = next_of(changes)
    while not isinstance(gone, Unplugged):  # a look may fall into the middle of the pulling
        gone = next_of(changes)
    assert gone.found.key == first.found.key
    watcher.stop()


def test_the_kernels_word_is_heard_at_once(
    machine: FakeMachine, changes: queue.Queue[Change], word: tuple[socket.socket, socket.socket]
) -> None:
    kernel, ear = word
    watcher = Watcher(lambda c: changes.put(c) is None, machine.roots, poll=3600, word=lambda: ear)
    watcher.start()
    watcher.start()
    plug(machine)
    kernel.send(b"add@/devices/pci0/usb1/1-1")
    change = next_of(changes)
    assert isinstance(change, Plugged)
    assert len([t for t in threading.enumerate() if t.name == "plug-watcher"]) == 1
    watcher.stop()
    watcher.stop()
    assert not [t for t in threading.enumerate() if t.name == "plug-watcher"]


def test_whoever_wants_no_more_is_told_no_more(machine: FakeMachine, changes: queue.Queue[Change]) -> None:
    plug(machine)
    plug(machine, "1-2", "ttyACM1")

    def only_one(change: Change) -> bool:
        changes.put(change)
        return False

    watcher = Watcher(only_one, machine.roots, poll=0.02, word=lambda: None)
    watcher.start()
    next_of(changes)
    for thread in threading.enumerate():
        if thread.name == "plug-watcher":
            thread.join(15)
            assert not thread.is_alive()
    assert changes.empty()


def test_the_kernels_socket_opens_or_is_done_without() -> None:
    line = kernel_socket()
    if line is not None:
        with line:
            assert line.getsockname()[1] == 1  # the kernel's own group
            assert not line.getblocking()


def test_at_rest_it_sleeps(
    machine: FakeMachine, changes: queue.Queue[Change], word: tuple[socket.socket, socket.socket]
) -> None:
    plug(machine)
    watcher = Watcher(lambda c: changes.put(c) is None, machine.roots, word=lambda: word[1])
    watcher.start()
    assert next_of(changes) == Plugged(look(machine.roots)[0], already=True)
    [thread] = [t for t in threading.enumerate() if t.name == "plug-watcher"]
    task = Path(f"/proc/self/task/{thread.native_id}")
    assert eventually(lambda: (task / "stat").read_text().rpartition(")")[2].split()[0] == "S")
    before = woken(task)
    threading.Event().wait(2.0)
    assert woken(task) <= before + 1
    watcher.stop()


def woken(task: Path) -> int:
    """How often a thread has waited for something."""
    [line] = [line for line in (task / "status").read_text().splitlines() if line.startswith("voluntary")]
    return int(line.split()[1])


def test_a_storm_of_words_does_not_keep_a_closing_till_waiting(
    machine: FakeMachine, changes: queue.Queue[Change], word: tuple[socket.socket, socket.socket]
) -> None:
    kernel, ear = word
    plug(machine)
    watcher = Watcher(lambda c: changes.put(c) is None, machine.roots, word=lambda: ear)
    watcher.start()
    next_of(changes)
    ended = threading.Event()

    def storm() -> None:
        while not ended.wait(0.02):
            with contextlib.suppress(OSError):  # the watcher has gone
                kernel.send(b"change@/devices/battery")

    sender = threading.Thread(target=storm)
    sender.start()
    threading.Event().wait(0.5)
    began = time.monotonic()
    watcher.stop()
    assert time.monotonic() - began < 1.5
    assert not [t for t in threading.enumerate() if t.name == "plug-watcher"]
    ended.set()
    sender.join(15)
