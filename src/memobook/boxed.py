"""The fork server's first module: to import this is to be in the box.

Every worker is forked from there, and so in it, too, at no cost.
"""

from memobook.box import enter

__all__: list[str] = []

enter()
