"""The demo's mail server: takes every message and keeps it as a file, for the page `correo-de-prueba`; sends nothing."""

import asyncio
import os
import socket
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT = 1000
LARGEST_BYTES = 40_000_000


class Catcher:
    """aiosmtpd's handler: one `.eml` file a message, named so that names sort by time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the message, with the envelope's recipients (blind copies are not in its headers)."""
        self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        to = ", ".join(envelope.rcpt_tos).encode("ascii", "replace")
        name = f"{time.time_ns():020d}"
        draft = self.folder / f"{name}.part"
        draft.write_bytes(b"X-Envelope-To: " + to + b"\r\n" + (envelope.original_content or b""))
        draft.rename(self.folder / f"{name}.eml")
        self._forget_oldest()
        return "250 OK"

    def _forget_oldest(self) -> None:
        names = sorted(name for name in os.listdir(self.folder) if name.endswith(".eml"))
        for name in names[:-KEPT]:
            (self.folder / name).unlink(missing_ok=True)


def listen() -> socket.socket:
    """A listening socket on this machine, at whatever port is free."""
    return socket.create_server(("127.0.0.1", 0))


def serve(listening: socket.socket, folder: Path) -> None:
    """Catch mail until the process is told to end."""
    asyncio.run(_serve(listening, Catcher(folder)))


async def _serve(listening: socket.socket, catcher: Catcher) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(catcher, data_size_limit=LARGEST_BYTES, enable_SMTPUTF8=True, loop=loop), sock=listening
    )
    async with server:
        await server.serve_forever()
