"""Traces and metrics for what a client does.

``OpenTelemetry`` needs the package opentelemetry-api (extra ``otel``), which is loaded with it.
"""

from aioemnify.telemetry.open_telemetry import OpenTelemetry as OpenTelemetry

__all__ = ["OpenTelemetry"]
