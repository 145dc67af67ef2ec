"""Engines that run the SQL of core and measures. There is one way to run a file of it; today by DuckDB."""
