"""Rate limits that processes share through a store: the protocol, and what happens when the store is lost.

A call that goes by a store waits for a *slot*: a moment that the store has reserved for this process under
all limits of the call at once. The store's clock and tables decide alone, so processes need not agree on
the time. A slot is good for ``LATE`` seconds; unused ones are cancelled. Nobody sees what is in flight
elsewhere, so each limit is asked for with a margin of ``JITTER``.

::

    reserved_slots.py   the slots that calls of one path wait for      ┐
    registry.py         which limits of a call are kept in the store   ├─ use ─▶ store_session.py ─▶ the store
    limit.py            one limit: what is used, paused, unreported    ┘         generation, sharers, lost?
    fallback.py         this process's share of a window without the store

Losing the store, as one process sees it::

    time ────────────────────────────────────────────────────────────────────────────▶
    store       ██████████ lost ░░░░░░░░░░░░░░░░░░░░░░░ back, perhaps empty ██████████
    process     slots     │ miss │ miss ── its share ──────── rejoin ── silent ── slots
                             └ FIRST_RETRY ┘└ RETRY ┘└ RETRY ┘  └── HOLD ──┘

* Who notices: whoever asks for slots next. One answer may be missed; after the second the store counts as
  lost, which is logged once (``aioemnify.store``).
* Meanwhile each process sends its share, the rate divided by the number of sharers last seen, from where
  its last slot was; of a window its part of what was left, and a part of the whole once that has passed.
  Until the store was heard once, the number is the ``sharers`` that the user gave the store.
* Each asks again every ``RETRY`` seconds. The first answer takes over what was sent without the store, all
  uses of the windows if it has forgotten them, and empties the buckets. Then the process stays silent
  for ``HOLD`` seconds, so that nobody reserves slots while others still send their share.
* A store that was emptied, or whose clock was set, answers under another ``generation`` and reserves
  nothing: the process rejoins and stays silent in the same way. The store itself sees a clock that went
  back; a jump forward is seen by comparing its clock with those of this machine.
* What is left over, such as a process that is cut off by itself and sends its share on top of what the
  others spend, is refused by the server, repeated, and lowers the rate for a while: see
  ``too_many_requests.py``.
* What the caller sees: with ``on_store_error="degrade"`` nothing but slower calls, with ``"raise"`` a
  ``StoreError`` from the first miss on.

Every constant of this protocol stands here, but for ``HEARTBEAT`` (how long a client counts as a sharer) and
``CLOCK_STEP`` (what is a jump of a clock), which the stores know too: ``stores/protocols.py``.
"""

HORIZON = 2.0
"""Seconds that a slot may be reserved ahead."""

AHEAD = 0.2
"""Seconds' worth of slots that all sharers together ask for at a time."""

WITHOUT_RATE = 10
"""Slots to ask for at a time where only windows count."""

LATE = 0.05
"""Seconds after its moment within which a slot can be used; the margin covers no more."""

MOST_SHARERS = 100_000
"""Sharers that a store can have; an answer that says more is a mistake."""

JITTER = 0.2
"""Seconds of margin for calls to be late on their way, unless the settings say otherwise."""

FIRST_RETRY, RETRY = 0.25, 1.0
"""Seconds between attempts to reach the store: after the first miss, and while it is lost."""

WINDOW_RESERVE = 0.05
"""The part of a window that the others may have used since the store answered last."""

HOLD = 1.5
"""Seconds of silence after rejoining: every other process notices within them, or it is not there."""
