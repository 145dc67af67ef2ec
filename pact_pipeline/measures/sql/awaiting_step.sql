-- awaiting_step (AW): one row is a family step with a legal step on a month's last day (month_end, area, family_step, legal_step).
-- Children awaiting permanence by both, so that a petition before the match and a POA without a family are seen
-- (definitions#family-and-legal-step).
with stay as (
    select w.council, c.month_end, w.family_step, w.legal_step
    from core.stage_wait w
    join measures.council_month c on c.council = w.council
        and w.entered_on <= c.month_end and (w.left_on is null or w.left_on > c.month_end)
    where w.stage not in ('not_awaiting', 'secured')
), by_area as (
    select council as area, month_end, family_step, legal_step from stay
    union all
    select 'SCO' as area, month_end, family_step, legal_step from stay
), reporting as (
    select council as area, month_end from measures.council_month
    union
    select 'SCO' as area, month_end from measures.council_month
), figure as (
    select area, month_end, family_step, legal_step, count(*) as children
    from by_area
    group by area, month_end, family_step, legal_step
)
select r.month_end, r.area, s.family_step, s.legal_step, cast(coalesce(f.children, 0) as bigint) as children
from reporting r
cross join measures.step_pair s
left join figure f on f.area = r.area and f.month_end = r.month_end and f.family_step = s.family_step
    and f.legal_step = s.legal_step
