"""Take over books that were written for other programs: `memobook new DIR --from PATH`."""
