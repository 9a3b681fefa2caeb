"""Response bodies: objects as JSON values, lists, and fake objects of any model."""
