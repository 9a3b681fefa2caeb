"""Jobs that many hosts share: against a redis-server of their own, in real time."""
