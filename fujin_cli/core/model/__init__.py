"""Hold compiled configuration: procedures, the organisation, scenarios, migrations, and typed values."""
