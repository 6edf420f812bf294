"""Show comparisons, migrations, and kept procedure versions."""
