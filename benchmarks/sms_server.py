"""A provider of SMS that does nothing but answer: raw HTTP over kept connections, in a process of its own.

``python -m benchmarks.sms_server PORT LATENCY_MS`` answers every request as Twilio answers a creation.
"""

import asyncio
import itertools
import json
import sys

_NUMBERS = itertools.count(1)
_ROW = {
    "account_sid": "AC" + "0" * 32, "api_version": "2010-04-01", "body": "", "date_created": None,
    "date_sent": None, "date_updated": None, "direction": "outbound-api", "error_code": None, "error_message": None,
    "from": None, "messaging_service_sid": "MG" + "1" * 32, "num_media": "0", "num_segments": "1", "price": None,
    "price_unit": "USD", "status": "accepted", "subresource_uris": {}, "to": "+33639980000", "uri": "/x",
}  # fmt: skip
_REST = json.dumps(_ROW)[1:]


class Provider(asyncio.Protocol):
    """One kept connection: counts the bytes of each request, and answers when it is whole."""

    latency = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length :]
            if self.latency:
                asyncio.get_running_loop().call_later(self.latency, self._answer)
            else:
                self._answer()

    def _answer(self) -> None:
        body = f'{{"sid": "SM{next(_NUMBERS):032x}", {_REST}'.encode()
        head = f"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)


async def serve(port: int, latency: float) -> None:
    """Answer on loopback until the process is ended."""
    Provider.latency = latency
    server = await asyncio.get_running_loop().create_server(Provider, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
