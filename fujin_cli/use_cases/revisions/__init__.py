"""Read two revisions of the configuration, compare them, and keep what the newer one adds to the findings."""
