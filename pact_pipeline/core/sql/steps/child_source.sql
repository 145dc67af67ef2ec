-- child_source: one row is a child with the newest submission in force that names it (council, child_key).
-- All that core knows of the child comes from that one submission, never from a union over months
-- (definitions#which-submission-counts).
-- A submission that refused one of the child's rows does not count for the child: its former rows stand, whole, and
-- carried_forward says so. (A row refused only because it repeats another is no loss.)
with named as (
    select distinct r.council, r.child_key, r.submission_id, f.period_ends_on
    from lake.children r
    join ledger.in_force f on f.submission_id = r.submission_id
    where not exists (
        select 1 from lake.children_refused x where x.submission_id = r.submission_id and x.child_key = r.child_key)
), ranked as (
    select council, child_key, submission_id, period_ends_on,
        row_number() over (partition by council, child_key order by period_ends_on desc nulls last) as newest_first
    from named
), refused as (
    select r.child_key, f.supplier as council, max(f.period_ends_on) as refused_in_period
    from lake.children_refused r
    join ledger.in_force f on f.submission_id = r.submission_id
    where r.child_key is not null
    group by r.child_key, f.supplier
)
select n.council, n.child_key, n.submission_id,
    coalesce(x.refused_in_period > n.period_ends_on, false) as carried_forward
from ranked n
left join refused x on x.council = n.council and x.child_key = n.child_key
where n.newest_first = 1
