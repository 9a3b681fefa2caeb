"""Private: the hand-written half, which carries an operation to the server and back.

Its names may change in any release; users import from ``aioemnify`` and its other modules. Nothing
in here knows what a SIM is. A call takes one way: request, rate limits, send, decode, result.
"""
