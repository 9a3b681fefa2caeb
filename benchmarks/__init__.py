"""What the library costs and what it gets out of the limits, measured and set beside its goals.

``python -m benchmarks SUITE`` runs one suite; ``nox -s bench`` runs it in an environment of its own.
"""
