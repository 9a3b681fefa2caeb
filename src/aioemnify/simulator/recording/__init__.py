"""The record of requests: journal, redaction, export, assertions and replay."""
