"""Writes each record as a file of its own: to a USB stick, a share, or a folder another program empties.

``FOLDER/till-1-0f3a.../000012000/till-1-0f3a...-000012345.json``: a folder for each till and epoch, in it one
for each thousand records (old FAT sticks search folders from end to end), names that sort as the records run.
The name depends on the record's identity alone, so a record that comes twice meets itself.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from tilltui.domain.frozen import frozen
from tilltui.errors import N_, UploadUnavailable
from tilltui.ports import OutboxRecord, Outcome, Uploader, Verdict
from tilltui.upload.envelope import record_line

PER_FOLDER = 1000
"""Records of one folder."""

MANY = 8
"""From this many files on the whole file system is synced once: three times as fast for a batch of 100."""


@frozen
class FolderSettings:
    """Settings of ``driver = "folder"``."""

    folder: Path
    """Where the files go. It must exist: a missing folder is a stick that is not plugged in."""

    mount: str = ""
    """Mount point that must be mounted before anything is written, such as ``/media/usb``.

    Without it the files would silently land on the till's own card while the stick is out.
    """


class FolderUploader(Uploader):
    """Files that are on the disk, and in its directory, before a record counts as accepted."""

    Settings: ClassVar[type[FolderSettings]] = FolderSettings

    def __init__(self, name: str, settings: FolderSettings) -> None:
        self.name = name
        self._folder = Path(settings.folder)
        self._mount = settings.mount
        self._known: set[Path] = set()

    def open(self) -> None:
        """See that the folder is there.

        Raises:
            UploadUnavailable: It is not, or its mount point is empty.
        """
        if self._mount and not os.path.ismount(self._mount):
            raise UploadUnavailable(
                N_("Nothing is mounted on {mount}"), hint=N_("Plug the USB stick in."), mount=self._mount
            )
        if not self._folder.is_dir():
            raise UploadUnavailable(
                N_("The folder {folder} is not there"),
                hint=N_("Plug the USB stick in, or correct folder in till.toml."),
                folder=str(self._folder),
            )

    def send(self, batch: Sequence[OutboxRecord]) -> list[Outcome]:
        """Write the batch: all files, then a sync of each, then all names, then a sync of the folders.

        Raises:
            UploadUnavailable: The disk is full, gone or read-only; what was written so far does no harm.
        """
        self.open()
        try:
            return self._write(batch)
        except OSError as error:
            raise self._in_words(error) from error

    def close(self) -> None:
        """Nothing is held between batches."""

    def path_of(self, record: OutboxRecord) -> Path:
        """Where a record's file is."""
        # quote() leaves letters, digits and "_.-~": safe on FAT, and no way out of the folder.
        stem = f"till-{quote(record.till, safe='')}-{quote(record.epoch, safe='')}"
        thousand = record.seq // PER_FOLDER * PER_FOLDER
        return self._folder / stem / f"{thousand:09d}" / f"{stem}-{record.seq:09d}.json"

    def _write(self, batch: Sequence[OutboxRecord]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        fresh: list[tuple[int, Path, Path]] = []
        folders: dict[Path, None] = {}
        try:
            for record in batch:
                path = self.path_of(record)
                if path.parent not in folders:
                    self._make(path.parent)
                    folders[path.parent] = None
                line = record_line(record, full=True)
                found = _read(path, len(line))
                if found is not None and found != line and _is_whole(found):
                    reason = f"{path.name} is there with other content"
                    outcomes.append(Outcome(record.seq, Verdict.FORK, reason))
                    continue
                outcomes.append(Outcome(record.seq, Verdict.ACCEPTED))
                if found == line:
                    continue
                if found is not None:
                    # A stick pulled out in mid-write leaves a torn file: kept aside, and no fork.
                    os.replace(path, path.with_suffix(".damaged"))
                temporary = path.with_suffix(".tmp")
                fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
                fresh.append((fd, temporary, path))
                _write_all(fd, line)
            sync_files([fd for fd, _, _ in fresh])
        finally:
            for fd, _, _ in fresh:
                os.close(fd)
        for _, temporary, path in fresh:
            os.replace(temporary, path)
        for folder in folders:
            # Also where nothing is new: an earlier attempt may have died before this very sync.
            _sync_folder(folder)
        return outcomes

    def _make(self, folder: Path) -> None:
        """Make a record folder and its parent, and make them durable."""
        if folder in self._known and folder.is_dir():
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Also where it was there: the power may have gone between the making and this.
        _sync_folder(folder.parent)
        _sync_folder(self._folder)
        self._known.add(folder)

    def _in_words(self, error: OSError) -> UploadUnavailable:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            message, hint = N_("The disk of {folder} is full"), N_("Use an empty USB stick or make room.")
        elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            message = N_("The folder {folder} cannot be written to")
            hint = N_("Check the switch of the stick and the rights of the folder.")
        else:
            message = N_("The folder {folder} cannot be used: {why}")
            hint = N_("Take the stick out and plug it in again, or use another.")
        why = error.strerror or type(error).__name__
        return UploadUnavailable(message, hint=hint, folder=str(self._folder), why=why)


def _read(path: Path, expected: int) -> bytes | None:
    """The file's bytes, enough of them to see whether it is the same; ``None`` if there is none."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        return file.read(max(expected * 2, 1 << 20))
    return None


def _is_whole(content: bytes) -> bool:
    """Whether a file is a complete record, as against one that was torn while it was written."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and isinstance(data.get("hash"), str)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def sync_files(fds: Sequence[int]) -> None:
    """Put open files of one file system on the disk.

    Raises:
        OSError: One of them is not there for sure.
    """
    if len(fds) >= MANY:
        import ctypes

        # Python has no os.syncfs. Write errors are reported since Linux 5.8 (syncfs(2)); older kernels, and
        # systems without the call, sync file by file.
        syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
        if syncfs is not None and _linux() >= (5, 8):
            if syncfs(fds[0]) != 0:
                code = ctypes.get_errno()
                raise OSError(code, os.strerror(code))
            return
    for fd in fds:
        os.fsync(fd)


def _linux() -> tuple[int, ...]:
    system = os.uname()
    if system.sysname != "Linux":
        return (0, 0)
    return tuple(int(part) for part in re.findall(r"\d+", system.release)[:2])


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    except OSError as error:
        # FAT over FUSE and some shares cannot sync a directory; its files are synced all the same.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(fd)
