"""The protocols of the virtual scales, from the scale's side of the cable and from its manual."""

from __future__ import annotations

from tilltui_drivers.virtual.scales.scale_device import Plate, Voice


class Silent:
    """What all voices have: they speak only when asked."""

    period = 0.0

    def unasked(self, plate: Plate) -> bytes:
        """Nothing."""
        return b""


class Toledo8217Voice(Silent):
    """8217: a weight once, after that only its status until it changes, if ``once``."""

    def __init__(self, *, once: bool = False) -> None:
        self._once = once
        self._given: tuple[int, int] | None = None

    def answer(self, heard: bytes, plate: Plate) -> list[bytes]:
        """``W`` weighs, ``Z`` sets to zero, ``T`` takes a tare, ``C`` clears it; others are bad commands."""
        return [self._one(byte, plate) for byte in heard]

    def _one(self, byte: int, plate: Plate) -> bytes:
        net = 0x20 if plate.tare else 0
        match bytes([byte]):
            case b"W":
                return self._weight(plate, net)
            case b"Z":
                plate.grams = 0
            case b"T":
                plate.tare = plate.grams
            case b"C":
                plate.tare = 0
            case _:
                return b"\x02?\x40\r"
        return bytes((0x02, 0x3F, net | 0x10, 0x0D))

    def _weight(self, plate: Plate, net: int) -> bytes:
        status = (
            (0x01 * plate.moving) | (0x02 * plate.over) | (0x04 * (plate.net < 0)) | (0x08 * plate.faulty)
        )
        if status:
            self._given = None
            return bytes((0x02, 0x3F, status | net, 0x0D))
        now = (plate.grams, plate.tare)
        if self._once and self._given == now:
            return bytes((0x02, 0x3F, net, 0x0D))
        self._given = now
        return f"\x02{plate.net / 1000:06.3f}{'N' if net else ''}\r".encode()


class NciVoice(Silent):
    """SCP-01; with ``second`` SCP-02."""

    def __init__(self, *, second: bool = False) -> None:
        self._second = second
        self._held = b""

    def answer(self, heard: bytes, plate: Plate) -> list[bytes]:
        """``W CR``, ``S CR``, ``Z CR``."""
        *commands, self._held = (self._held + heard).split(b"\r")
        return [self._one(command, plate) for command in commands]

    def _one(self, command: bytes, plate: Plate) -> bytes:
        if command == b"Z":
            plate.grams = 0
        elif command not in (b"W", b"S"):
            return b"\n?\r\x03"
        h1 = 0x30 | (0x01 * plate.moving) | (0x02 * (plate.grams == 0)) | (0x08 * plate.faulty)
        h2 = 0x30 | (0x01 * (plate.net < 0)) | (0x02 * plate.over)
        status = bytes((h1, h2))
        if plate.tare:
            status = bytes((h1, h2 | 0x40, 0x34))
        weight = b""
        if command == b"W" and not plate.over and not plate.moving:
            weight = f"\n{plate.net / 1000:06.3f}{'KG' if self._second else 'kg'}\r".encode()
        return weight + (b"\nS" if self._second else b"\n") + status + b"\r\x03"


class CasVoice(Silent):
    """ENQ-DC1; with ``short`` the variant with six characters of weight."""

    def __init__(self, *, short: bool = False, lead: bytes = b"\x01") -> None:
        self._width = 6 if short else 7
        self._lead = lead
        self._enquired = False

    def answer(self, heard: bytes, plate: Plate) -> list[bytes]:
        """ENQ is acknowledged; DC1 after it gets the weight."""
        found = []
        for byte in heard:
            if byte == 0x05:
                self._enquired = True
                found.append(b"\x06")
            elif byte == 0x11 and self._enquired:
                self._enquired = False
                found.append(self._weight(plate))
            else:
                found.append(b"\x15")
        return found

    def _weight(self, plate: Plate) -> bytes:
        sign = "F" if plate.over else "-" if plate.grams < 0 else " "
        number = f"{abs(plate.grams) / 1000:.3f}".rjust(self._width)[: self._width]
        body = f"{'U' if plate.moving else 'S'}{sign}{number}kg".encode()
        check = 0
        for byte in body:
            check ^= byte
        return self._lead + b"\x02" + body + bytes([check, 0x03]) + b"\x04"


class TextVoice:
    """The stream ``ST,GS,+  1.250,kg``."""

    period = 0.1

    def answer(self, heard: bytes, plate: Plate) -> list[bytes]:
        """It does not listen."""
        return []

    def unasked(self, plate: Plate) -> bytes:
        """One line."""
        if plate.over:
            return b"OL,GS,+-------,kg\r\n"
        kind = "NT" if plate.tare else "GS"
        sign = "-" if plate.net < 0 else "+"
        return f"{'US' if plate.moving else 'ST'},{kind},{sign}{abs(plate.net) / 1000:9.3f},kg\r\n".encode()


class TorreyVoice(Silent):
    """Torrey: answers ``P``, alone or with CR LF as it was made."""

    def __init__(self, *, bare: bool = False) -> None:
        self._bare = bare
        self._held = b""
        self._wobble = 0

    def answer(self, heard: bytes, plate: Plate) -> list[bytes]:
        """``P`` prints; a moving plate shows another weight each time, and nothing says that it moves."""
        if self._bare:
            return [self._line(plate) for byte in heard if byte == 0x50 and heard.strip() == heard]
        *commands, self._held = (self._held + heard).split(b"\r\n")
        return [self._line(plate) for command in commands if command == b"P"]

    def _line(self, plate: Plate) -> bytes:
        if plate.over:
            return b"  SOBRE PESO\r"
        self._wobble = (self._wobble + 7) % 50 if plate.moving else 0
        value = plate.net + self._wobble
        words = " NETO" if plate.tare else ""
        return f"{' NEG' if value < 0 else ''}{abs(value) / 1000:7.3f} kg{words}\r".encode()


class SmaVoice(Silent):
    """SCP-0499."""

    def __init__(self) -> None:
        self._held = b""

    def answer(self, heard: bytes, plate: Plate) -> list[bytes]:
        """``LF W CR``, ``LF Z CR``."""
        *commands, self._held = (self._held + heard).split(b"\r")
        return [self._one(command, plate) for command in commands]

    def _one(self, command: bytes, plate: Plate) -> bytes:
        if command == b"\nZ":
            plate.grams = 0
        elif command != b"\nW":
            return b"\n?\r"
        status = "E" if plate.faulty else "O" if plate.over else "U" if plate.net < 0 else " "
        if status == " " and plate.grams == 0 and not plate.moving:
            status = "Z"
        number = f"{plate.net / 1000:10.3f}" if status in " Z" else "-" * 10
        motion = "M" if plate.moving else " "
        return f"\n{status}1{'N' if plate.tare else 'G'}{motion} {number}kg_\r".encode()


class AdamVoice(Silent):
    """CBD: each weight once, nothing while the plate is empty or moving."""

    def __init__(self) -> None:
        self._held = b""
        self._given = 0

    def answer(self, heard: bytes, plate: Plate) -> list[bytes]:
        """``P CR LF`` prints, ``Z CR LF`` sets to zero."""
        *commands, self._held = (self._held + heard).split(b"\r\n")
        found = []
        for command in commands:
            if command == b"Z":
                plate.grams = 0
            if command == b"P" and not plate.moving and plate.grams != self._given:
                self._given = plate.grams
                if plate.grams:
                    found.append(f"GROSS {plate.grams / 1000:9.3f}kg\r\n".encode())
        return found


class MagellanVoice(Silent):
    """Scanner-scale; with ``ncr`` each message stands between STX and ETX."""

    def __init__(self, *, ncr: bool = False) -> None:
        self._ncr = ncr
        self._held = b""

    def answer(self, heard: bytes, plate: Plate) -> list[bytes]:
        """``S14 CR`` asks for the weight, or why there is none."""
        *commands, self._held = (self._held + heard).split(b"\r")
        return [self.message(self._status(plate)) for command in commands if command == b"S14"]

    def message(self, body: bytes) -> bytes:
        """Wrap a message as the cable carries it."""
        return b"\x02" + body + b"\x03" if self._ncr else body + b"\r"

    def _status(self, plate: Plate) -> bytes:
        if plate.faulty:
            return b"S140"
        if plate.moving:
            return b"S141"
        if plate.over:
            return b"S142"
        if plate.grams == 0:
            return b"S143"
        return f"S144{plate.grams:05d}".encode() if plate.grams > 0 else b"S145"


class Dialog06Voice(Silent):
    """Dialog 06: no weight without a price, no second answer before EOT, each weight once."""

    def __init__(self) -> None:
        self._held = b""
        self._price: int | None = None
        self._closed = True
        self._given: int | None = None
        self._why = b"00"

    def answer(self, heard: bytes, plate: Plate) -> list[bytes]:
        """EOT closes; STX record ETX sets; ENQ asks."""
        found = []
        for byte in heard:
            if self._held:
                self._held += bytes([byte])
                if byte == 0x03:
                    found.append(self._record(self._held[1:-1]))
                    self._held = b""
            elif byte == 0x02:
                self._held = b"\x02"
            elif byte == 0x04:
                self._closed = True
            elif byte == 0x05:
                found.append(self._weight(plate))
        return found

    def _record(self, record: bytes) -> bytes:
        fields = record.split(b"\x1b")
        if not self._closed:
            return b"\x15"
        self._closed = False
        if fields[0] == b"01" and len(fields) == 3 and fields[1].isdigit() and len(fields[1]) == 6:
            self._price = int(fields[1])
            return b"\x06"
        if fields[0] == b"08":
            return b"\x0209\x1b" + self._why + b"\x03"
        self._why = b"10"
        return b"\x15"

    def _weight(self, plate: Plate) -> bytes:
        why = self._reason(plate)
        self._closed = False
        if why:
            self._why = why
            self._given = self._given if why == b"21" else None
            return b"\x15"
        self._given = plate.grams
        assert self._price is not None
        amount = plate.grams * self._price // 1000
        return f"\x0202\x1b3\x1b{plate.grams:05d}\x1b{self._price:06d}\x1b{amount:06d}\x03".encode()

    def _reason(self, plate: Plate) -> bytes:
        if not self._closed or self._price is None:
            return b"22" if self._price is not None else b"11"
        if plate.moving:
            return b"20"
        if plate.over:
            return b"32"
        if plate.grams < 0:
            return b"31"
        if plate.grams < 20:
            return b"30"
        return b"21" if plate.grams == self._given else b""


VOICES: dict[str, type[Voice]] = {
    "toledo8217": Toledo8217Voice,
    "nci": NciVoice,
    "torrey": TorreyVoice,
    "stream": TextVoice,
    "cas": CasVoice,
    "sma": SmaVoice,
    "dialog06": Dialog06Voice,
    "adam": AdamVoice,
    "magellan": MagellanVoice,
}
"""The voice of each protocol, as most of its scales speak."""
