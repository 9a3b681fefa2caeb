"""Receive what the platform pushes: events, usage records, SMS from devices and reports about SMS.

Data streams push events and usage records, API callbacks push SMS. ``app()`` is an ASGI application for all
of them, to serve alone or to mount::

    from aioemnify import receivers

    app = receivers.app(on_event=print, stream_headers={"Authorization": "Bearer ..."})

The functions it is made of serve other frameworks and serverless functions: ``verify_callback()`` checks the
signature of an SMS callback, and ``parse_events()``, ``parse_usage()``, ``parse_sms()`` and
``parse_sms_reports()`` read a body. Each refusal is a ``PushError`` with the status to answer with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioemnify._lazy_names import lazy_names

if TYPE_CHECKING:
    from aioemnify.receivers.application import app
    from aioemnify.receivers.asgi import Receiver
    from aioemnify.receivers.records import parse_events, parse_sms, parse_sms_reports, parse_usage
    from aioemnify.receivers.signatures import verify_callback

# Loaded on first use: a function that only parses needs neither the application nor pyjwt.
_HOMES = {
    "Receiver": "asgi",
    "app": "application",
    "parse_events": "records",
    "parse_sms": "records",
    "parse_sms_reports": "records",
    "parse_usage": "records",
    "verify_callback": "signatures",
}

__all__ = [
    "Receiver",
    "app",
    "parse_events",
    "parse_sms",
    "parse_sms_reports",
    "parse_usage",
    "verify_callback",
]


if not TYPE_CHECKING:  # type checkers find misspelt names without it
    __getattr__ = lazy_names(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
