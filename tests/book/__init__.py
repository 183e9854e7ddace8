"""Tests of memobook.book."""
