"""Show procedures: tables, pages, diagrams, conditions and guarantees in words."""
