"""A program, confined: this module is run by itself, gives up what it may, and becomes the program.

In: terms, a JSON object that `programs.py` writes, and the command. Out: the command, in the same
process, with limits; and where the kernel lets an ordinary user, without a network (user and
network namespaces), and seeing of the file system what it is given only (Landlock). It imports
little, and nothing of Triptych: it is started for every program.
"""

import ctypes
import json
import os
import resource
import signal
import stat
import sys

_NO_NEW_PRIVILEGES, _END_WITH_PARENT = 38, 1  # prctl(2)
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # unshare(2)
_RULESET, _RULE, _RESTRICT = 444, 445, 446  # the calls of landlock(7), the same on all machines
_RIGHTS = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}
"""What Landlock can refuse, by its version: all that is done to files; connections since 4."""
_LATEST = 0xFFFF
_READ, _OF_FILES = 0x1 | 0x4 | 0x8, 0x1 | 0x2 | 0x4 | 0x4000
"""To run, to read, to list; and what a rule for a single file may grant, to cut it short too."""
_SYSTEM = (
    "/usr /lib /lib32 /lib64 /libx32 /bin /sbin /nix /gnu /etc/ld.so.cache /etc/fonts"
    " /etc/alternatives /etc/ghostscript /etc/papersize /etc/localtime /var/lib/ghostscript"
    " /var/cache/fontconfig /dev/urandom /dev/zero"
).split()
"""Programs, libraries and typefaces: what any of the programs reads."""


def main(
    command: list[str], *, folder: str, reads: list[str], room: dict[str, int] | None,
    seconds: int, output: int,
) -> None:  # fmt: skip
    """Become the command under its terms: those of `programs.run_program`."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_END_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, output)
    if seconds:
        _limit(resource.RLIMIT_CPU, seconds, seconds + 1)  # it is told, and then killed
    if room:
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _limit(resource.RLIMIT_NOFILE, room["files"])
        if room["memory"]:
            _limit(resource.RLIMIT_DATA, room["memory"])
        if os.geteuid() == 0:  # who needs no namespace of users, and no system counts its processes
            libc.unshare(_NEW_NETWORK)
        elif libc.unshare(_NEW_USER | _NEW_NETWORK) == 0:
            # In a namespace of its own, its processes alone are counted.
            _limit(resource.RLIMIT_NPROC, room["processes"])
        _see_only(libc, reads, folder)
    os.execv(command[0], command)


def _limit(kind: int, soft: int, hard: int = 0) -> None:
    given = resource.getrlimit(kind)[1]
    asked = (soft, hard or soft)
    bounded = asked if given == resource.RLIM_INFINITY else [min(most, given) for most in asked]
    resource.setrlimit(kind, (bounded[0], bounded[1]))


def _see_only(libc: ctypes.CDLL, reads: list[str], folder: str) -> None:
    """Let this process see the system's programs, what it is to read, and a folder to write in."""
    version = libc.syscall(_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return
    rights = _RIGHTS.get(version, _LATEST)
    asked = (ctypes.c_uint64 * 2)(rights, 3 if version >= 4 else 0)  # and no TCP
    size = ctypes.c_size_t(16 if version >= 4 else 8)
    ruleset = libc.syscall(_RULESET, ctypes.byref(asked), size, 0)
    if ruleset < 0:
        return
    for path in (*_SYSTEM, *reads):
        _grant(libc, ruleset, path, _READ)
    for path in (folder, "/dev/null"):
        _grant(libc, ruleset, path, rights)
    libc.syscall(_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _grant(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # this machine has no such thing
        return
    rights &= -1 if stat.S_ISDIR(os.fstat(handle).st_mode) else _OF_FILES
    rule = rights.to_bytes(8, sys.byteorder) + handle.to_bytes(4, sys.byteorder)
    libc.syscall(_RULE, ruleset, 1, ctypes.c_char_p(rule), 0)
    os.close(handle)


if __name__ == "__main__":
    main(sys.argv[2:], **json.loads(sys.argv[1]))
