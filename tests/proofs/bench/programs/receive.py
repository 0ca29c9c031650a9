"""Head office of the tests in a process of its own: FOLDER. Prints its address and key, then serves."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.support.head_office import HeadOffice


def main() -> None:
    """Serve until the standard input ends, then say what came."""
    office = HeadOffice(Path(sys.argv[1]) / "office.db", b"0123456789abcdef0123456789abcdef").start()
    print(json.dumps({"url": office.url, "secret": office.secret}), flush=True)
    sys.stdin.read()
    print(
        json.dumps(
            {"records": len(office.arrivals()), "bytes": office.wire_bytes, "requests": office.requests}
        )
    )
    office.close()


if __name__ == "__main__":
    main()
