"""Which day it is in a home, and when a file was received."""
