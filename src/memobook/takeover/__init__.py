"""Take over books of other programs: `memobook new DIR --from PATH`."""
