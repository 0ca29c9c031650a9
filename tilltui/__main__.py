"""``python -m tilltui``."""

from __future__ import annotations

import sys

from tilltui.cli import main

if __name__ == "__main__":
    sys.exit(main())
