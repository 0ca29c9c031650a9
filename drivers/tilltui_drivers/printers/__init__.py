"""Receipt printers: elements become lines, lines become bytes, bytes are delivered and confirmed."""
