"""Taking on a new supplier: from its first files to a mapping that an analyst has seen.

`observed.py` opens the files, `guess.py` says what each table, column and word may be and why, `resolve.py` decides with a
person's answers and never without where it isn't sure, `write.py` writes the supplier and its layout. What is guessed
here is proposed only; a supplier's monthly files are read by the layout alone.
"""
