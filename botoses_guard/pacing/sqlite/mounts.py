"""Which file system a path is on."""

from __future__ import annotations

import os
import re

NETWORK_TYPES = frozenset(
    "9p afs beegfs ceph cifs coda davfs fuse.ceph fuse.ceph-fuse fuse.curlftpfs fuse.gcsfuse"
    " fuse.glusterfs fuse.goofys fuse.juicefs fuse.mountpoint-s3 fuse.rclone fuse.s3fs fuse.sshfs"
    " gfs2 glusterfs gpfs lustre ncpfs nfs nfs4 ocfs2 pvfs2 smb3 smbfs".split()
)
"""Types whose files several hosts may have open, each with memory of its own."""

_ESCAPED = re.compile(r"\\([0-7]{3})")


def network_type_of(path: str, table: str = "/proc/self/mountinfo") -> str | None:
    """The type of the file system of ``path`` when it is one of :data:`NETWORK_TYPES`.

    Args:
        path: of a file that need not be there yet.
        table: what is mounted, as proc_pid_mountinfo(5) has it; a system without it tells nothing.
    """
    try:
        with open(table, encoding="utf-8", errors="surrogateescape") as lines:
            kind = _type_of(os.path.realpath(path), lines.read())
    except OSError:
        return None
    return kind if kind in NETWORK_TYPES else None


def _type_of(path: str, table: str) -> str:
    longest, kind = "", ""
    for line in table.splitlines():
        mounted, _, source = line.partition(" - ")
        fields = mounted.split(" ")
        if len(fields) < 5 or not source:
            continue
        point = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 8)), fields[4])
        covers = path == point or path.startswith(point.rstrip("/") + "/")
        if covers and len(point) >= len(
            longest
        ):  # of two on one point the later one hides the other
            longest, kind = point, source.split(" ", 1)[0]
    return kind
