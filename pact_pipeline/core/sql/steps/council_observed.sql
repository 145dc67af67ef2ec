-- council_observed: one row is a council with at least one monthly return in force (council).
-- observed_from: first day of its first period; observed_to: last day of its newest. What happened before observed_from is known
-- only for children still there (definitions#days).
select council, min(period_starts_on) as observed_from, max(period_ends_on) as observed_to
from (select supplier as council, period_starts_on, period_ends_on from ledger.in_force where collection = 'councils') period
group by council
