"""Tests of memobook/takeover/."""
