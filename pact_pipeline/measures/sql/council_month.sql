-- council_month: one row is a month a council has told of (council, month_end): from its first accepted period to its newest.
-- Before the first and after the newest no stock or flow is given (definitions#days).
with month as (
    select distinct period_ends_on as month_end from ledger.in_force where collection = 'councils'
), told as (
    select distinct council, observed_from, observed_to from core.looked_after_spell
)
select t.council, m.month_end, t.observed_from
from month m
join told t on m.month_end >= t.observed_from and m.month_end <= t.observed_to
