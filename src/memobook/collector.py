"""Look for garbage rarely, in a process that is all ours.

Modules that are loaded, and a memo's trees, are many objects that stay: to walk them
again and again took a sixth of an import's time and a fifth of a memo's. What goes in:
nothing; to import this is to have it. A layout has its own way with its boxes.
"""

import gc

__all__: list[str] = []

gc.set_threshold(300_000)
