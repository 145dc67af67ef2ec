"""The measures of the core data set: each declared once (declarations), counted by SQL (sql/), timed by estimators (estimates)."""
