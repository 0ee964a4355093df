"""Start Grapevine: read the environment and the clock, wire the parts, run."""
