"""What is written to a connection leaves it whole, in order, and as late as the event loop turns."""

from __future__ import annotations

import asyncio

import pytest

from aioemnify.simulator.http.write_buffer import WriteBuffer


class Wire(asyncio.Transport):
    def __init__(self):
        super().__init__({"peername": "somebody"})
        self.seen = []

    def write(self, data):
        self.seen.append(bytes(data))

    def close(self):
        self.seen.append("closed")

    def abort(self):
        self.seen.append("aborted")


def run(scenario):
    """Give a scenario a joined transport, let the loop turn once more, and return what arrived."""
    wire = Wire()

    async def main():
        await scenario(WriteBuffer(wire, asyncio.get_running_loop()), wire)
        await asyncio.sleep(0)

    asyncio.run(main())
    return wire.seen


def test_what_is_written_in_one_turn_is_sent_at_once():
    async def scenario(joined, wire):
        for piece in (b"head ", b"", b"body"):
            joined.write(piece)
        assert wire.seen == []
        await asyncio.sleep(0)
        joined.write(b"next")

    assert run(scenario) == [b"head body", b"next"]


def test_the_end_waits_for_the_rest_unless_it_is_cut():
    async def closed(joined, wire):
        joined.write(b"rest")
        joined.close()

    async def cut(joined, wire):
        joined.write(b"rest")
        joined.abort()

    assert run(closed) == [b"rest", "closed"]
    assert run(cut) == ["aborted"]


@pytest.mark.parametrize("size", [64 * 1024 - 4, 64 * 1024 - 3])
def test_what_is_large_is_not_held_back(size):
    async def scenario(joined, wire):
        joined.write(b"head")
        joined.write(b"x" * size)
        assert len(wire.seen) == (0 if size + 4 <= 64 * 1024 else 2)
        joined.write(b"tail")

    assert b"".join(run(scenario)) == b"head" + b"x" * size + b"tail"


def test_what_is_known_about_the_connection_stays_known():
    async def scenario(joined, wire):
        assert joined.get_extra_info("peername") == "somebody"
        assert joined.get_extra_info("sslcontext") is None

    assert run(scenario) == []
