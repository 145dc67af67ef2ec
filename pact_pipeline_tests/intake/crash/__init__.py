"""Intake killed, out of disk, and run twice at once."""
