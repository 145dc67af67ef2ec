"""The measures: each declared once (declarations), counted by SQL (sql/), timed by estimators (waits, estimates)."""
