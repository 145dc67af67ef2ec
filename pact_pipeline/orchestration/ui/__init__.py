"""The Dagster UI of a home: its processes, and who may command it.

processes   starts code server, daemon and web server, and sees that none outlives it
web         the web server: Dagster's application behind the guard
guard       what every request and WebSocket must bring
links       one-time links by which a person comes in
"""
