"""Call the operating system: reads, atomic writes, syncs, locks, and mounted file systems."""
