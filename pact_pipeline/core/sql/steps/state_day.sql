-- state_day: one row is a day on which anything about a spell may change (council, child_key, spell_no, day), with the plan,
-- the route and the family at the end of that day. Only days within the spell: [started_on, ended_on).
-- The route is the plan in force; where none is recorded since the last close, the route that the latest petition shows
-- (a direct petition). last_* are positions of steps, comparable with milestone.position; null where there was none.
with dated as (
    select council, child_key, spell_no, started_on as day from core.looked_after_spell
    union
    select council, child_key, spell_no, on_date as day from core.milestone
    where counts and milestone not in ('referral', 'lac_review')
    union
    select f.council, f.child_key, s.spell_no, f.from_day as day
    from work.family_time f join core.looked_after_spell s on s.council = f.council and s.child_key = f.child_key
    union
    select f.council, f.child_key, s.spell_no, f.to_day as day
    from work.family_time f join core.looked_after_spell s on s.council = f.council and s.child_key = f.child_key
    where f.to_day is not null
), day as (
    select d.council, d.child_key, d.spell_no, d.day
    from dated d
    join core.looked_after_spell s on s.council = d.council and s.child_key = d.child_key and s.spell_no = d.spell_no
    where d.day >= s.started_on and (s.ended_on is null or d.day < s.ended_on)
), logged as (
    -- steps and ends of days in one line of time, so that one pass of windows tells what came last
    select council, child_key, spell_no, position, cast(null as date) as day,
        case when kind = 'opens' then position end as opened_at,
        case when kind = 'closes' then position end as closed_at,
        case when approves then position end as approved_at,
        case when petitions then position end as petitioned_at
    from work.round_step
    union all
    select council, child_key, spell_no, days_between(date '1900-01-01', day) * 10000 + 9999 as position, day,
        null, null, null, null
    from day
), known as (
    select council, child_key, spell_no, position, day,
        max(opened_at) over (partition by council, child_key, spell_no order by position nulls last
            rows between unbounded preceding and current row) as last_opened,
        max(closed_at) over (partition by council, child_key, spell_no order by position nulls last
            rows between unbounded preceding and current row) as last_closed,
        max(approved_at) over (partition by council, child_key, spell_no order by position nulls last
            rows between unbounded preceding and current row) as last_approved,
        max(petitioned_at) over (partition by council, child_key, spell_no order by position nulls last
            rows between unbounded preceding and current row) as last_petitioned
    from logged
), family as (
    select d.council, d.child_key, d.spell_no, d.day,
        max(case when f.sense = 'matched' then 1 else 0 end) as matched,
        max(case when f.sense = 'placed' then 1 else 0 end) as placed,
        max(case when f.sense = 'living' then 1 else 0 end) as living
    from day d
    join work.family_time f on f.council = d.council and f.child_key = d.child_key
        and f.from_day <= d.day and (f.to_day is null or f.to_day > d.day)
    group by d.council, d.child_key, d.spell_no, d.day
)
select k.council, k.child_key, k.spell_no, k.day, k.position, k.last_opened, k.last_closed, k.last_approved,
    coalesce(p.plan, case when k.last_petitioned > coalesce(k.last_closed, 0) then q.route end) as route,
    coalesce(f.matched, 0) = 1 as match_in_force, coalesce(f.placed, 0) = 1 as with_matched_carers,
    coalesce(f.living, 0) = 1 as in_permanent_placement
from known k
left join work.plan_in_force p on p.council = k.council and p.child_key = k.child_key and p.spell_no = k.spell_no
    and p.from_day <= k.day and (p.to_day is null or p.to_day > k.day)
left join (
    select m.council, m.child_key, m.spell_no, m.position, min(r.route) as route
    from core.milestone m join pathway.petition_route r on r.order_type = m.order_type
    where m.counts and m.milestone = 'petition_lodged'
    group by m.council, m.child_key, m.spell_no, m.position
) q on q.council = k.council and q.child_key = k.child_key and q.spell_no = k.spell_no and q.position = k.last_petitioned
left join family f on f.council = k.council and f.child_key = k.child_key and f.spell_no = k.spell_no and f.day = k.day
where k.day is not null
