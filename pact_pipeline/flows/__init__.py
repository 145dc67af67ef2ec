"""What puts layers in a row, without Dagster: a build, the drafts of reports, the calendar of arrivals.

Used by Dagster's assets, the commands and the tests alike. Each step is a layer's own; here stands only their order, and what
lies on the disk between them.
"""
