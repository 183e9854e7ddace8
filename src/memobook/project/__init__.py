"""What the author wrote: settings, files and new projects."""
