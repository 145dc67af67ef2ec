"""Builds and the pages made of them: whole or not at all, and proven."""
