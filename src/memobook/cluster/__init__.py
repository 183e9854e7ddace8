"""Build on other machines: the same tasks, through Dask.

What goes in: the address of a scheduler. What comes out: a place to build at, as this
machine is one. Dask is known in client.py alone.
"""

from memobook.cluster.client import opened

__all__ = ["opened"]
