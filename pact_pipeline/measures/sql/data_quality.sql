-- data_quality (DQ): one row is a council's return for a month (month_end, area): the submission in force, or the newest where
-- none is. received_on is the day the month's first submission came: a correction does not make a council late. Late is counted
-- from the contract's due day.
-- rows_read = rows_taken + rows_refused. carried_forward_children: children whose former rows stand because their newer row
-- was refused (in the newest month only). columns_lacking: what the core reads and the council's system doesn't have, as its layout
-- of the month says (table.column). Plan paragraphs 8 and 10.
with newest as (
    select supplier as council, period_ends_on as month_end, submission_id, state, received_on, due_on, rows_read, rows_taken,
        rows_refused, rows_warned, columns_lacking,
        count(*) over (partition by supplier, period) as submissions,
        min(received_on) over (partition by supplier, period) as first_received_on,
        row_number() over (partition by supplier, period order by
            case when taken then 0 else 1 end nulls last, sequence desc nulls last)
            as newest_first
    from ledger.submission
    where collection = 'councils'
), carried as (
    select council, observed_to as month_end, count(*) as children
    from core.journey
    where carried_forward
    group by council, observed_to
)
select n.month_end, n.council as area, n.state as submission_state, n.first_received_on as received_on, n.due_on,
    cast(greatest(0, days_between(n.due_on, n.first_received_on)) as integer) as days_late,
    cast(n.submissions as integer) as submissions, cast(n.rows_read as bigint) as rows_read,
    cast(n.rows_taken as bigint) as rows_taken, cast(n.rows_refused as bigint) as rows_refused,
    cast(n.rows_warned as bigint) as rows_warned, cast(coalesce(c.children, 0) as bigint) as carried_forward_children,
    n.columns_lacking
from newest n
left join carried c on c.council = n.council and c.month_end = n.month_end
where n.newest_first = 1
