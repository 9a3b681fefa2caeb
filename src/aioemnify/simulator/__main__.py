"""``python -m aioemnify.simulator``: print one line of JSON to stdout, then serve until interrupted.

``python -m aioemnify.simulator replay`` sends a recorded journal to another installation, and
``python -m aioemnify.simulator fidelity`` prints which operations are simulated, and how.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import msgspec

if TYPE_CHECKING:
    from aioemnify.simulator.simulator import Simulator

LONGEST_DELAY = 3600.0
"""The longest simulated round trip, in seconds."""


class _Grammar(argparse.ArgumentParser):
    """A parser that reports wrong arguments in one line."""

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with status 2."""
        self.exit(2, f"simulator: {message}\n")


class _Version(argparse.Action):
    """Print the version. It is looked up only now, because its module needs the extra."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from aioemnify.simulator.recording.export import package_version

        print(f"aioemnify-simulator {package_version()}")
        parser.exit()


def _delay(text: str) -> tuple[float, float]:
    low, _, high = text.partition("-")
    try:
        pair = float(low) / 1000, float(high or low) / 1000
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not MIN-MAX in milliseconds") from None
    if not 0 <= pair[0] <= pair[1] <= LONGEST_DELAY:
        raise argparse.ArgumentTypeError(f"{text!r}: MIN must not exceed MAX, and MAX is at most an hour")
    return pair


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def _count(text: str) -> int:
    value = _whole(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative; pass 0 or more")
    return value


def _port(text: str) -> int:
    value = _whole(text)
    if not 0 <= value <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port; pass 0 to 65535, where 0 picks a free one")
    return value


def _amount(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not 0 <= value <= LONGEST_DELAY:
        raise argparse.ArgumentTypeError(f"{text} must be from 0 to {LONGEST_DELAY:.0f}")
    return value


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    grammar = _Grammar(
        prog="aioemnify-simulator",
        description="Serve a simulated emnify REST API on this machine. Its page and its control "
        "interface are under /_sim/ of the address it prints.",
        epilog="There are two commands: 'replay' sends a recorded journal to another "
        "installation ('replay --help'), 'fidelity' prints which operations are simulated, and how.",
        allow_abbrev=False,
    )
    grammar.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    grammar.add_argument("--port", type=_port, default=0, help="TCP port; 0 picks a free one (default)")
    grammar.add_argument(
        "--name",
        action="append",
        default=[],
        help="name by which clients reach this machine: the certificate is valid for it, and with a host "
        "such as 0.0.0.0 the first one is in the printed URL; can be repeated (default: the host's own name)",
    )
    grammar.add_argument(
        "--ca-file",
        metavar="FILE",
        help="where to write the certificate authority, which is removed at the end (default: a temporary "
        "file)",
    )
    grammar.add_argument("--http", action="store_true", help="serve plain HTTP instead of HTTPS")
    grammar.add_argument(
        "--allow-remote", action="store_true", help="allow a host that other machines can reach"
    )
    grammar.add_argument(
        "--remote-control", action="store_true", help="also allow other machines to use the control interface"
    )
    grammar.add_argument("--sims", type=_count, help="number of SIMs in the fleet (default: 100)")
    grammar.add_argument(
        "--fleet",
        metavar="FILE",
        help="your own SIMs and endpoints instead: JSON lines as the API has them, CSV (.csv), or a mirror",
    )
    grammar.add_argument(
        "--seed", type=_whole, default=1, help="the same seed gives the same fleet (default: %(default)s)"
    )
    grammar.add_argument(
        "--batch",
        type=_count,
        default=20,
        help="number of SIMs in the batch that can be registered (default: %(default)s)",
    )
    grammar.add_argument(
        "--delay-ms",
        type=_delay,
        metavar="MIN-MAX",
        help="random round-trip time in milliseconds (default: none)",
    )
    grammar.add_argument("--no-limits", action="store_true", help="enforce no rate limit and no quota")
    grammar.add_argument(
        "--limits",
        choices=["documented", "2026"],
        default="documented",
        help="the table of limits; 2026 has the lower rows of a newer page (default: %(default)s)",
    )
    grammar.add_argument(
        "--bucket",
        choices=["refill", "plus-one", "sum", "ticks"],
        default="refill",
        help="how to read rate and burst in the limits table: a bucket of BURST calls, refilled all the time "
        "(refill, the default) or once a second (ticks); plus-one allows one call more, and sum allows "
        "rate + burst calls in a second",
    )
    grammar.add_argument(
        "--no-bulk-rollback",
        action="store_true",
        help="let the good items of a refused bulk call take effect",
    )
    grammar.add_argument(
        "--scenario",
        metavar="FILE",
        help="play a scenario: a timeline of faults and clock moves, TOML or JSON",
    )
    grammar.add_argument("--state", metavar="FILE", help="keep the state in a file across restarts")
    grammar.add_argument(
        "--remote-deliveries",
        action="store_true",
        help="also deliver to webhooks and callbacks on other machines",
    )
    grammar.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    return grammar


def replay_parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments after ``replay``."""
    grammar = _Grammar(
        prog="aioemnify-simulator replay",
        description="Send the requests of a journal to another installation and compare the status and "
        "shape of its responses. Exit status: 0 no differences, 1 differences, 2 the replay failed.",
        allow_abbrev=False,
    )
    grammar.add_argument("file", metavar="FILE", help="journal in JSON lines, or an HTTP archive (HAR)")
    grammar.add_argument(
        "--base-url", required=True, metavar="URL", help="base URL of the other installation"
    )
    grammar.add_argument(
        "--application-token",
        metavar="TOKEN",
        default=os.environ.get("EMNIFY_APPLICATION_TOKEN"),
        help="token to log in with (default: the environment variable EMNIFY_APPLICATION_TOKEN)",
    )
    grammar.add_argument(
        "--ca-file", metavar="FILE", help="certificate authorities to trust instead of the system's"
    )
    grammar.add_argument("--writes", action="store_true", help="also send requests that may change something")
    grammar.add_argument(
        "--rate", type=_amount, default=5.0, help="requests per second, 0 for no limit (default: 5)"
    )
    grammar.add_argument(
        "--timeout", type=_amount, default=30.0, help="seconds to wait for a response (default: %(default)s)"
    )
    return grammar


def replay(arguments: Sequence[str]) -> int:
    """Replay a journal; return the exit status."""
    from aioemnify.simulator.recording.replay import Replayer, read_recording

    grammar = replay_parser()
    options = grammar.parse_args(arguments)
    if not options.application_token:
        grammar.error("pass --application-token or set the environment variable EMNIFY_APPLICATION_TOKEN")
    try:
        recording = read_recording(options.file)
        report = Replayer(
            options.base_url,
            application_token=options.application_token,
            ca_file=options.ca_file,
            writes=options.writes,
            rate=options.rate,
            timeout=options.timeout or LONGEST_DELAY,
        ).run(recording)
    except (OSError, ValueError) as error:
        print(f"simulator: {_told(error)}", file=sys.stderr)
        return 2
    print("\n".join(report.lines()))
    return 1 if report.differing else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the simulator until SIGINT or SIGTERM.

    Returns:
        The exit status: 2 for wrong arguments, and where the extra ``simulator`` is not installed.
    """
    try:
        from aioemnify.simulator import Settings, Simulator
    except ModuleNotFoundError as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["replay"]:
        return replay(arguments[1:])
    if arguments == ["fidelity"]:
        from aioemnify.simulator.fidelity import fidelity_page

        print(fidelity_page(), end="")
        return 0
    options = parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(_is_a_mistake_of_ours)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        simulator = Simulator(
            sims=options.sims,
            fleet=options.fleet,
            seed=options.seed,
            host=options.host,
            port=options.port,
            tls=not options.http,
            allow_remote=options.allow_remote,
            remote_control=options.remote_control,
            names=options.name,
            ca_file=options.ca_file,
            delay=options.delay_ms,
            limits=None if options.no_limits else options.limits,
            batch=options.batch,
            settings=Settings(bucket=options.bucket, bulk_rollback=not options.no_bulk_rollback),
            scenario=options.scenario,
            state=options.state,
            remote_deliveries=options.remote_deliveries,
        ).start()
    except (OSError, OverflowError, ValueError) as error:
        print(f"simulator: {_told(error)}", file=sys.stderr)
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
        status = _end(simulator)
    return status


def _is_a_mistake_of_ours(record: logging.LogRecord) -> bool:
    """Return whether a log record is about an exception in the simulator itself."""
    kind = record.exc_info[0] if record.exc_info else None
    return kind is not None and not issubclass(kind, asyncio.CancelledError)


def _told(error: Exception) -> str:
    """Return the error text without the errno."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _end(simulator: Simulator) -> int:
    try:
        simulator.stop()
    except OSError as error:
        print(f"simulator: the state was not written: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
