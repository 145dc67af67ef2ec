-- flow (AW): one row is a month's coming and going (month_end, area). Counted from dated events, independently of the stock:
-- opening + started - ended = closing must hold within a build (definitions#stock-and-flow). started and ended: spells dated in
-- the month; transferred_out: of the ended, to another council.
with spell as (
    select c.council, c.month_end, c.observed_from, j.started_on, j.ended_on, j.exit_kind,
        add_days(cast(date_trunc('month', c.month_end) as date), -1) as month_before
    from measures.council_month c
    join core.journey j on j.council = c.council
), counted as (
    select council, month_end,
        sum(case when started_on <= month_before and (ended_on is null or ended_on > month_before) then 1 else 0 end) as opening,
        sum(case when started_on > month_before and started_on <= month_end then 1 else 0 end) as started,
        sum(case when ended_on > month_before and ended_on <= month_end then 1 else 0 end) as ended,
        sum(case when ended_on > month_before and ended_on <= month_end and exit_kind = 'transfer' then 1 else 0 end)
            as transferred_out,
        sum(case when started_on <= month_end and (ended_on is null or ended_on > month_end) then 1 else 0 end) as closing
    from spell
    group by council, month_end
), by_area as (
    select council as area, month_end, opening, started, ended, transferred_out, closing from counted
    union all
    select 'SCO' as area, month_end, sum(opening), sum(started), sum(ended), sum(transferred_out), sum(closing)
    from counted
    group by month_end
)
select month_end, area, cast(opening as bigint) as opening, cast(started as bigint) as started, cast(ended as bigint) as ended,
    cast(transferred_out as bigint) as transferred_out, cast(closing as bigint) as closing
from by_area
