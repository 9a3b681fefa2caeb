"""``python -m aioemnify.simulator``: serve until interrupted, after one line of JSON on stdout."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Sequence

import msgspec

from aioemnify.simulator.settings import Settings
from aioemnify.simulator.simulator import Simulator

LONGEST_DELAY = 3600.0
"""Seconds a simulated round trip takes at the most."""


def _delay(text: str) -> tuple[float, float]:
    low, _, high = text.partition("-")
    try:
        pair = float(low) / 1000, float(high or low) / 1000
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not MIN-MAX in milliseconds") from None
    if not 0 <= pair[0] <= pair[1] <= LONGEST_DELAY:
        raise argparse.ArgumentTypeError(f"{text!r}: the smaller one comes first, and an hour is the most")
    return pair


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative")
    return value


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    grammar = argparse.ArgumentParser(
        prog="python -m aioemnify.simulator", description="Serve a simulated emnify REST API on this machine."
    )
    grammar.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    grammar.add_argument("--port", type=_count, default=0, help="TCP port; 0 takes a free one (default)")
    grammar.add_argument("--http", action="store_true", help="serve plain HTTP instead of HTTPS")
    grammar.add_argument("--allow-remote", action="store_true", help="permit a host other machines can reach")
    grammar.add_argument("--sims", type=_count, default=100, help="SIMs of the fleet (default: %(default)s)")
    grammar.add_argument("--seed", type=int, default=1, help="same seed, same fleet (default: %(default)s)")
    grammar.add_argument("--batch", type=_count, default=20, help="SIMs in the batch to be registered")
    grammar.add_argument("--delay-ms", type=_delay, metavar="MIN-MAX", help="random round-trip time")
    grammar.add_argument("--no-limits", action="store_true", help="enforce no rate limit and no quota")
    grammar.add_argument(
        "--bucket",
        choices=["refill", "plus-one", "sum", "ticks"],
        default="refill",
        help="reading of the limits table",
    )
    return grammar


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the simulator until SIGINT or SIGTERM; return the exit status."""
    options = parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    # Idle connections that are cut at the end are no error worth a line.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        simulator = Simulator(
            sims=options.sims,
            seed=options.seed,
            host=options.host,
            port=options.port,
            tls=not options.http,
            allow_remote=options.allow_remote,
            delay=options.delay_ms,
            limits=None if options.no_limits else "documented",
            batch=options.batch,
            settings=Settings(bucket=options.bucket),
        ).start()
    except (OSError, OverflowError, ValueError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    try:
        line = {
            "url": simulator.url,
            "application_token": simulator.application_token,
            "ca_file": simulator.ca_file,
            "bic": simulator.bic,
        }
        print(msgspec.json.encode(line).decode(), flush=True)
        stop.wait()
    finally:
        simulator.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
