"""What goes back to the caller: objects as they go on the wire, lists, errors, samples of models."""
