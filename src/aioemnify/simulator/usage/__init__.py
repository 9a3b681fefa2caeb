"""How much data devices moved, computed from seed and day instead of being kept."""
