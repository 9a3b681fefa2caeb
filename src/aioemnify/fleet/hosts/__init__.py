"""A job on many hosts: its journal in Redis, and what runs a worker."""
