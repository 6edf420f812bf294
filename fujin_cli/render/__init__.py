"""Turn data into tables, pages, JSON and report formats; print nothing."""
