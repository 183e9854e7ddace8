"""Whether it is right: the lint of the manuscript."""
