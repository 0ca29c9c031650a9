"""Sends the whole journal with the real worker and uploader: FOLDER URL KEY_FILE."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from tilltui.services.upload.outbox import StoreOutbox
from tilltui.services.upload.worker import IDLE_SECONDS, SyncWorker
from tilltui.store.file.store import Store
from tilltui.upload.http import HttpSettings, HttpUploader


def main() -> None:
    """Print the seconds from the first look at the journal to the last acknowledgement on disk."""
    folder, url, key = sys.argv[1:]
    store = Store.open(Path(folder), "1", safe_disk_only=False, ballast_bytes=0)
    worker = SyncWorker(
        HttpUploader("hq", HttpSettings(url, Path(key))), StoreOutbox(store), lambda status: None
    )
    cpu, started = time.process_time(), time.perf_counter()
    while worker.step() != IDLE_SECONDS:
        if worker.status.error is not None:
            raise worker.status.error
    answer = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu}
    worker.close()
    store.close()
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
