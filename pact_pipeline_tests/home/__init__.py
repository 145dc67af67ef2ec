"""A home that is made, moved, copied, met on another machine."""
