"""Programs of others that judge what memobook wrote: files in, verdicts out."""
