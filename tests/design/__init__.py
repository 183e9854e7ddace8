"""Tests of how a book is set."""
