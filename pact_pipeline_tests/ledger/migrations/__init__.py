"""Ledgers of former versions, brought up to this one."""
