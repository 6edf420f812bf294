"""Work with the configuration: validate, test, diff, fmt, schema, explain, init, and config."""
