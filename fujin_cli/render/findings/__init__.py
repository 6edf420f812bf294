"""Show findings: text with snippets, fixes and traces, SARIF, GitHub annotations, JUnit."""
