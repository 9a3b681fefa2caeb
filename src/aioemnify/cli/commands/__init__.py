"""The hand-made commands, a module for each topic."""
