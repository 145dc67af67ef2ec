-- awaiting (AW): one row is a stage on a month's last day (month_end, area, stage). Plan paragraphs 23 and 24.
-- children: looked after on that day and in that stage, 0 where there is none. median_days_waited: of those children, since the
-- stage began (all_awaiting: since the round opened). Besides the stages: all_awaiting (the five), looked_after (all).
-- councils: how many councils the row tells of; Scotland's row is the sum of those that have reported.
with stay as (
    select w.council, c.month_end, w.stage,
        days_between(w.stage_entered_on, c.month_end) as days_in_stage,
        days_between(w.round_opened_on, c.month_end) as days_in_round
    from core.stage_wait w
    join measures.council_month c on c.council = w.council
        and w.entered_on <= c.month_end and (w.left_on is null or w.left_on > c.month_end)
), counted as (
    select council, month_end, stage, days_in_stage as days_waited from stay
    union all
    select council, month_end, 'all_awaiting' as stage, days_in_round as days_waited from stay
    where stage not in ('not_awaiting', 'secured')
    union all
    select council, month_end, 'looked_after' as stage, cast(null as bigint) as days_waited from stay
), by_area as (
    select council as area, month_end, stage, days_waited from counted
    union all
    select 'SCO' as area, month_end, stage, days_waited from counted
), reporting as (
    select council as area, month_end, 1 as councils from measures.council_month
    union all
    select 'SCO' as area, month_end, count(*) as councils from measures.council_month group by month_end
), figure as (
    select area, month_end, stage, count(*) as children,
        percentile_cont(0.5) within group (order by days_waited) as median_days_waited
    from by_area
    group by area, month_end, stage
)
select r.month_end, r.area, s.stage, cast(coalesce(f.children, 0) as bigint) as children, f.median_days_waited,
    cast(r.councils as integer) as councils
from reporting r
cross join measures.stage s
left join figure f on f.area = r.area and f.month_end = r.month_end and f.stage = s.stage
