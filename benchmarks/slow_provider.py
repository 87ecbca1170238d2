"""A provider of SMS on loopback that takes its time: ``python -m benchmarks.slow_provider PORT SECONDS``.

Every request is answered as Twilio answers a creation, so many seconds after it came, on one thread however many there
are; what the measured client costs is not hidden by what the server costs. GET /stats tells how many came, how many
were different, and how long it took from the first to the last.
"""

import asyncio
import json
import sys
import time
from urllib.parse import parse_qs

DATE = "Mon, 23 Nov 2026 09:00:00 +0000"


class Provider:
    """What came in."""

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.bodies: list[str] = []
        self.first = self.last = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until it is closed."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                if head.startswith("GET /stats"):
                    answer = {"taken": len(self.bodies), "different": len(set(self.bodies)), "seconds": self.seconds()}
                else:
                    answer = await self._take((await reader.readexactly(length_of(head))).decode())
                body = json.dumps(answer).encode()
                status = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                writer.write(status % len(body) + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def seconds(self) -> float:
        return self.last - self.first

    async def _take(self, form: str) -> dict[str, object]:
        self.first = self.first or time.monotonic()
        await asyncio.sleep(self.latency)
        fields = {name: values[0] for name, values in parse_qs(form).items()}
        self.bodies.append(fields["Body"])
        self.last = time.monotonic()
        return {
            "sid": f"SM{len(self.bodies):032x}", "status": "queued", "to": fields["To"], "body": fields["Body"],
            "date_created": DATE, "date_updated": DATE, "date_sent": None, "num_segments": "1", "error_code": None,
        }  # fmt: skip


def length_of(head: str) -> int:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def main(port: int, latency: float) -> None:
    provider = Provider(latency)
    server = await asyncio.start_server(provider.serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
