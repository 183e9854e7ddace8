"""Tests of memobook.checks."""
