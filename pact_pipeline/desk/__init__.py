"""What a council has at its own desk: a blank workbook, the data dictionary, the rule catalogue, a check of its files.

All of it is made from contracts and suppliers' layouts. Nothing here needs the warehouse, the ledger or a key, and
nothing is sent anywhere.
"""
