"""A wire to a service: it counts what goes over it, and may fail, or be cut, at any byte.

It has no threads: while it waits for the process at its one end, it hands on what that and the
service say. So processes can be forked from here at any time.
"""

from __future__ import annotations

import os
import re
import selectors
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, cast

from triptych.diagnostics import Exit, TriptychError

Fault = Literal["unavailable", "answer lost"]
"""A request that the service refuses for now (503), or one that it heeds without our hearing so."""

_UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Ran:
    """How a process ended: killed, or with an exit code; and how many bytes went by, to and fro."""

    killed: bool
    code: int
    gone: int


@dataclass(slots=True)
class _Call:
    """A connection: who calls, the service's end, and how far a request has come by."""

    caller: socket.socket
    service: socket.socket
    head: bytes = b""
    body: int = 0  # bytes yet to come
    fault: Fault | None = None


class Wire:
    """Leads from a port of its own, `endpoint`, to that of a service on this machine."""

    def __init__(self, service: str) -> None:
        self._port = int(service.rpartition(":")[2])
        self._door = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def run(
        self,
        action: Callable[[], None],
        *,
        killed_after: int | None = None,
        cut_after: int | None = None,
        fault: Callable[[bytes], Fault | None] = lambda _: None,
    ) -> Ran:
        """Run `action` in a process of its own, which speaks to the service over this wire.

        After so many bytes it is killed (SIGKILL), or the service is gone for good. `fault` is
        asked what befalls a request, given how it begins.
        """
        child = os.fork()
        if child == 0:
            self._door.close()
            code = int(Exit.BUG)
            try:
                action()
                code = Exit.DONE
            except TriptychError as error:  # as the command does
                os.write(2, str(error).encode())
                code = error.exit
            finally:
                os._exit(code)
        self._ends = selectors.DefaultSelector()
        self._ends.register(self._door, selectors.EVENT_READ)
        gone, status = 0, None
        while status is None or len(self._ends.get_map()) > 1:  # the service is heard to the end
            for key, _ in self._ends.select(0.01):
                if key.data is None:
                    self._open()
                    continue
                end = cast(socket.socket, key.fileobj)
                data = _hear(end)
                if status is None and killed_after is not None and gone + len(data) > killed_after:
                    data = data[: killed_after - gone]
                    killed_after = None
                    os.kill(child, signal.SIGKILL)
                gone += len(data)
                if cut_after is not None and gone > cut_after:
                    self._cut()
                    break
                if end is key.data.caller:
                    self._hand_on(key.data, data, fault)
                else:
                    self._hand_back(key.data, data)
            if status is None:
                ended, found = os.waitpid(child, os.WNOHANG)
                status = found if ended else None
        self._ends.close()
        return Ran(os.WIFSIGNALED(status), os.waitstatus_to_exitcode(status), gone)

    def _open(self) -> None:
        caller, _ = self._door.accept()
        call = _Call(caller, socket.create_connection(("127.0.0.1", self._port)))
        self._ends.register(call.caller, selectors.EVENT_READ, call)
        self._ends.register(call.service, selectors.EVENT_READ, call)

    def _hand_on(self, call: _Call, data: bytes, fault: Callable[[bytes], Fault | None]) -> None:
        """Hand on what a caller says; a request's head when it is whole.

        Real services take no request whose head was cut off, but moto's server does.
        """
        if not data:
            self._close(call.caller)
            with suppress(OSError):
                call.service.shutdown(socket.SHUT_WR)
        while data:
            if call.body:
                part, data = data[: call.body], data[call.body :]
                call.body -= len(part)
            else:
                call.head, end, data = (call.head + data).partition(b"\r\n\r\n")
                if not end:
                    return
                part, call.head = call.head + end, b""
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", part)
                call.body = int(length[1]) if length else 0
                call.fault = fault(part)
            if call.fault == "unavailable":
                with suppress(OSError):
                    call.caller.sendall(_UNAVAILABLE)
                self._close(call.caller)
                self._close(call.service)
                return
            with suppress(OSError):
                call.service.sendall(part)

    def _hand_back(self, call: _Call, data: bytes) -> None:
        lost = call.fault == "answer lost" and not data.startswith(b"HTTP/1.1 100")
        if data and not lost:
            with suppress(OSError):  # whoever asked may be dead
                call.caller.sendall(data)
        else:
            self._close(call.service)
            self._close(call.caller)

    def _cut(self) -> None:
        for key in list(self._ends.get_map().values()):
            self._close(cast(socket.socket, key.fileobj))

    def _close(self, end: socket.socket) -> None:
        if end.fileno() >= 0:
            self._ends.unregister(end)
            end.close()


def _hear(end: socket.socket) -> bytes:
    try:
        return end.recv(65536)
    except OSError:
        return b""
