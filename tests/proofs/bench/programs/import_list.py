"""Reads a product list into a new catalogue: FOLDER FILE."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from tilltui.services.goods.product_list.importing import import_file
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.store.file.store import Store


def main() -> None:
    """Print the seconds, the counts and the most memory."""
    store = Store.open(Path(sys.argv[1]), "1", safe_disk_only=False, ballast_bytes=0)
    started = time.perf_counter()
    report = import_file(store, Path(sys.argv[2]), CatalogueRules.of_country("CL"))
    seconds = time.perf_counter() - started
    store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "added": report.added, "refused": report.refused, "peak": peak}))


if __name__ == "__main__":
    main()
