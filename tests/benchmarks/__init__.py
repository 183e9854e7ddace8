"""The benchmark: what a build costs, beside what others take for the same book."""
