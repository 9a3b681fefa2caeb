"""Rate limiting: calls wait here until the server is certain to accept them.

What a limit is
    A limit lets so many calls through: a token bucket (a row of the documented table), a sliding
    window (the address), a monthly quota, or so many at once (a serial lane, a client's connections).
    Room for one call is a slot. A call takes a slot in each of its limits together, or in none of
    them and waits. What it has then is a grant.

The in-flight rule
    The server counts a call at some moment between sending and answer, and nobody here can know
    which. So a call counts in full from its admission, and starts to age only when its answer comes,
    or ``transit`` seconds after it was sent if the answer is slow. It is admitted to a bucket of
    ``burst`` that leaks ``rate`` a second only if

        level + in flight + 1 <= burst

    where ``level`` is what the answered calls have left in the bucket, and to a window of ``count``
    only if the calls in its log and those in flight are fewer than ``count``.

    Proof. Let N(s, t) be the calls that reach the server from s to t. Its own level is
    L(t) = max over s of N(s, t) - rate (t - s). Each of these calls is in flight at t, or was
    added to ``level`` after it had reached the server, and so has leaked no more here than there:
    L(t) <= level(t) + in_flight(t). In a log, an entry that is made later leaves later.
    The rule costs burst, never rate.

    Users who know their network may set a fixed margin instead, ``jitter``: calls then count from
    their admission. What arrives in x seconds was sent in x + jitter, so the burst shrinks by
    rate * jitter, and a window grows by jitter.

How a call waits
    Six kinds of objects hold a waiting call, and each knows only those to its right::

        Limiter --> Scheduler --+--> LimitQueue --> WaitingQueue --+--> Waiter
        lock, entry  who next   |    one a limit    one a set of   |    one a call
                                |                   limits         |
                                +--> LoopTimers -------------------+
                                     one an event loop

    Calls that meet the same limits wait in one ``WaitingQueue``, by priority and then by turn. The
    queue stands in the ``LimitQueue`` of the limit that holds it up longest; a limit itself only
    counts such queues (``limit.waiting``), and an admission that finds 0 and room everywhere looks
    at nothing else. A waiter has no slots, so a call that gives up costs nobody anything.

Who wakes whom
    Whoever changes something, under the limiter's lock, hands out what has become free: the scheduler
    takes the slots for the first waiter, and the limiter sets the waiter's event after it has
    released the lock. The task then collects its slots, under the lock again.

Who owns timers
    Time changes something too. A timer needs a task in an event loop: trio has no other kind, and
    neither have the clocks of tests and simulators. So in each loop with waiting calls one waiter
    owns a timer for all of them, and hands out what is due, to calls of any loop.

Event loops that do not run
    A loop may be left without being closed, its thread may have died, or a call may block it. No
    other loop depends on it:

    * Slots that are not collected within ``ANSWER_WITHIN`` seconds are taken back by the timer of
      another loop, or by the next admission in one. Both happen under the lock, so a slot is used once.
      The calls of the silent loop leave their queues. They are woken, so if the loop ever runs again,
      each of them joins at its old turn. Until then nothing here refers to them.
    * A loop with calls under way is asked every ``ASK_EVERY`` seconds whether it runs, while calls of
      another loop wait. If it does not answer within ``GONE_AFTER`` seconds, the slots of its calls that
      are not sent yet come back, and those of its sent calls ``LANDED_WITHIN`` seconds after sending.
      If it runs again, such a call takes new slots before its first byte. Only where a user-supplied
      transport had it already and does not report that byte, it counts from then on beside the others:
      this is the one case in which the server may be sent more than its limits allow.
    * One waiter starts a task that asks a store for slots on behalf of all; the waiter itself waits like the
      others, and may leave. If the task takes longer than ``RESERVE_WITHIN``, its loop is asked too, and
      without an answer another waiter asks the store.
    * The slots of a closed loop come back at once, when somebody tries to wake a task in it.

    A grant tells the limiter what becomes of its call, through a protocol of three methods.
"""
