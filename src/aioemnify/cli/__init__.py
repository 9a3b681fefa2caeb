"""The command line ``emnify``, for people who do not write Python: see ``docs/command-line.md``.

A command loads what it needs when it runs: help and completion import click and the standard library only,
rich only draws tables and bars on a terminal. ``app`` finds commands, ``operations`` makes those of the API's
description, ``commands`` has the hand-made ones. ``arguments`` reads what the user passes, ``session`` runs
a command with the client of a profile, ``output`` writes the result, and ``exit_status`` reports failures.
"""
