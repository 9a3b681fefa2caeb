"""Kill jobs at random points and let the simulator say what they have done: lost nothing, nothing twice."""
