"""Dagster: assets, checks, sensors and schedules. Assembly only; every decision stands in the layer an asset calls."""

import warnings

# What of Dagster's previews we rely on and test (1.13). Any other warning is seen.
warnings.filterwarnings("ignore", message="Specifying a partitions_def on an AssetCheckSpec is currently in preview")
