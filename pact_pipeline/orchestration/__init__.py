"""Dagster: assets, checks, sensors and schedules. Assembly only; every decision stands in the layer an asset calls."""
