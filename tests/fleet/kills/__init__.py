"""Kill jobs and sweeps at random points; the simulator says what was lost, done twice or read again."""
