"""The calendar of arrivals: what each supplier owes for each period and what became of it (`expected`), and the page and the
reminders made of it (`page`). Drawn up by `flows.calendar`."""
