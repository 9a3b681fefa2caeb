"""The hand-written half: carry an operation to the server and back.

Nothing in here knows what a SIM is. Data flows one way: request, admission, send, decode,
result.
"""
