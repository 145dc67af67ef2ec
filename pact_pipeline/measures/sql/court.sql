-- court (CT): one row is an order on a month's last day (month_end, area, application_type). Plan paragraph 24.
-- Scotland from the courts' own record (all children), a council from its own petitions (looked-after children): two sources,
-- never added up; `source` tells. lodged and outcomes: in the twelve months to month_end, or since the source was first heard
-- (months_observed); pending on month_end; median_days of those decided in that time. Lodged and granted are not the same cases.
with area_month as (
    select c.month_end, c.council as area, 'council' as source, month_end_of(add_months(c.month_end, -12)) as since,
        cast(12 as bigint) as months_observed
    from measures.council_month c
    union all
    select m.month_end, 'SCO' as area, 'courts' as source,
        greatest(month_end_of(add_months(m.month_end, -12)), add_days(m.heard_from, -1)) as since,
        least(12, date_diff_months(m.heard_from, m.month_end)) as months_observed
    from (
        select distinct c.month_end, h.heard_from
        from measures.council_month c
        join (select min(period_starts_on) as heard_from, max(period_ends_on) as heard_to
              from ledger.in_force where collection = 'courts' and period like '%Q%') h
            on c.month_end >= h.heard_from and c.month_end <= h.heard_to
    ) m
), application as (
    select source, case when source = 'courts' then 'SCO' else council end as area, resolved_type as application_type,
        lodged_on, outcome, outcome_on, days_to_outcome
    from core.court_application
), counted as (
    select a.month_end, a.area, p.application_type,
        sum(case when p.lodged_on > a.since and p.lodged_on <= a.month_end then 1 else 0 end) as lodged,
        sum(case when p.outcome = 'granted' and p.outcome_on > a.since and p.outcome_on <= a.month_end then 1 else 0 end) as granted,
        sum(case when p.outcome = 'refused' and p.outcome_on > a.since and p.outcome_on <= a.month_end then 1 else 0 end) as refused,
        sum(case when p.outcome = 'withdrawn' and p.outcome_on > a.since and p.outcome_on <= a.month_end then 1 else 0 end)
            as withdrawn,
        sum(case when p.outcome = 'dismissed' and p.outcome_on > a.since and p.outcome_on <= a.month_end then 1 else 0 end)
            as dismissed,
        sum(case when p.outcome = 'dropped' and p.outcome_on > a.since and p.outcome_on <= a.month_end then 1 else 0 end) as dropped,
        sum(case when p.outcome = 'other' and p.outcome_on > a.since and p.outcome_on <= a.month_end then 1 else 0 end) as other,
        sum(case when p.lodged_on <= a.month_end and (p.outcome_on is null or p.outcome_on > a.month_end) then 1 else 0 end)
            as pending,
        percentile_cont(0.5) within group (order by
            case when p.outcome_on > a.since and p.outcome_on <= a.month_end then p.days_to_outcome end) as median_days
    from area_month a
    join application p on p.source = a.source and p.area = a.area
    group by a.month_end, a.area, p.application_type
)
select a.month_end, a.area, t.application_type, a.source, cast(a.months_observed as integer) as months_observed,
    cast(coalesce(c.lodged, 0) as bigint) as lodged, cast(coalesce(c.granted, 0) as bigint) as granted,
    cast(coalesce(c.refused, 0) as bigint) as refused, cast(coalesce(c.withdrawn, 0) as bigint) as withdrawn,
    cast(coalesce(c.dismissed, 0) as bigint) as dismissed, cast(coalesce(c.dropped, 0) as bigint) as dropped,
    cast(coalesce(c.other, 0) as bigint) as other, cast(coalesce(c.pending, 0) as bigint) as pending, c.median_days
from area_month a
cross join measures.application_type t
left join counted c on c.month_end = a.month_end and c.area = a.area and c.application_type = t.application_type
where t.told_by_councils or a.source = 'courts'
