"""Tests of memobook.project."""
