"""Which file systems can keep a sale over a power cut."""

from __future__ import annotations

from pathlib import Path

from tilltui.errors import N_, StoreError

UNSAFE = frozenset(
    ["tmpfs", "ramfs", "overlay", "aufs", "9p", "virtiofs", "vboxsf", "vmhgfs", "vfat", "msdos", "exfat", "ntfs", "ntfs3", "fuseblk", "nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "fuse.sshfs", "fuse.mergerfs", "davfs", "squashfs", "iso9660"]
)
"""Types that forget at power-off, lie about syncs, or cannot lock."""


def filesystem_of(path: Path, mountinfo: str | None = None) -> str:
    """Type of the file system that holds ``path``, as in proc_pid_mountinfo(5); empty where it cannot be told.

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
        fields, kind = left.split(), right.split(" ", 1)[0]
        if len(fields) < 5:
            continue
        mount = Path(fields[4].encode().decode("unicode_escape", errors="replace"))
        depth = len(mount.parts)
        if depth >= best and (mount == target or mount in target.parents):
            best, found = depth, kind
    return found


def check_filesystem(path: Path) -> None:
    """Refuse a folder whose file system cannot keep a sale.

    Raises:
        StoreError: It is one of ``UNSAFE``.
    """
    kind = filesystem_of(path)
    if kind in UNSAFE:
        raise StoreError(
            N_("{path} lies on {kind}, which can lose sales when the power goes."),
            hint=N_("Set data_dir under [till] to a folder on a local ext4, xfs or btrfs disk."),
            path=str(path),
            kind=kind,
        )
