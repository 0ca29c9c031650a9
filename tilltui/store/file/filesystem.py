"""Which file systems can keep a sale over a power cut."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tilltui.errors import N_, StoreError

UNSAFE = frozenset(
    [
        "tmpfs", "ramfs", "overlay", "aufs", "squashfs", "iso9660",
        "9p", "virtiofs", "vboxsf", "vmhgfs", "prl_fs",
        "vfat", "msdos", "exfat", "ntfs", "ntfs3", "hfs", "hfsplus",
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "lustre", "afs", "davfs",
    ]
)  # fmt: skip
"""Types that forget at power-off, lie about syncs, or cannot lock. So does FUSE (``fuseblk``, ``fuse.*``)."""

BLOCK = 4096
"""Bytes of the smallest block that is taken.

SQLite maps its shared memory file and touches one byte of each 4,096 to have room for it. Where blocks are
smaller the rest is a hole: on a full disk the kernel ends whoever writes into it (SIGBUS, mmap(2)).
"""

_OCTAL = re.compile(r"\\([0-7]{3})")


def filesystem_of(path: Path, mountinfo: str | None = None) -> str:
    """Type of the file system that holds ``path`` (proc_pid_mountinfo(5)); empty where it cannot be told.

    Args:
        path: An existing file or folder.
        mountinfo: Text of ``/proc/self/mountinfo``, read if not given.
    """
    if mountinfo is None:
        try:
            mountinfo = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return ""
    target = path.resolve()
    best, found = -1, ""
    for row in mountinfo.splitlines():
        left, _, right = row.partition(" - ")
        fields, kind = left.split(" "), right.split(" ", 1)[0]
        if len(fields) < 5:
            continue
        # The kernel writes space, tab, line feed and backslash of a name as three octal digits.
        mount = Path(_OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[4]))
        depth = len(mount.parts)
        if depth >= best and (mount == target or mount in target.parents):
            best, found = depth, kind
    return found


def check_filesystem(path: Path) -> None:
    """Refuse a folder whose file system cannot keep a sale.

    Raises:
        StoreError: It is one of ``UNSAFE``, or its blocks are too small.
    """
    kind = filesystem_of(path)
    if kind in UNSAFE or kind.startswith("fuse"):
        raise StoreError(
            N_("{path} lies on {kind}, which can lose sales when the power goes."),
            hint=N_("Set data_dir under [till] to a folder on a local ext4, xfs or btrfs disk."),
            path=str(path),
            kind=kind,
        )
    size = os.statvfs(path).f_bsize
    if size < BLOCK:
        raise StoreError(
            N_("{path} lies on a file system with blocks of {size} bytes: a full disk would end the till."),
            hint=N_("Make it with blocks of 4096 ('mkfs.ext4 -b 4096'), or set data_dir to another disk."),
            path=str(path),
            size=size,
        )
