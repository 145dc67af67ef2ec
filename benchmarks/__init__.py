"""Speed and size as bars: `python -m benchmarks` prints one line a bar. Ratios within one run, never asserted in a test."""
