"""The warehouse: PostgreSQL, where analysts read. Files hold, DuckDB computes, PostgreSQL serves (architecture#layers).

Here: the embedded server, connections and roles, publishing a build and switching to it, the expectations that judge a
build before the switch. Not here: what the tables mean (contracts), how they are computed (core, measures).
"""
