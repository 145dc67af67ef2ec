-- secured_day: one row is a state_day (council, child_key, spell_no, day) with the orders of its route and whether permanence is
-- secured at the end of the day.
-- Secured: the route's last order in force; long-term care: approved (since the last close) and in the placement intended as
-- permanent. An application is for the next order of the route if every earlier order of the route is in force; on the
-- adoption route either may come first (direct petition).
with ordered as (
    select d.council, d.child_key, d.spell_no, d.day, o.position, o.is_last, o.either_next,
        max(case when h.order_type is not null then 1 else 0 end) as held,
        max(case when p.order_type is not null then 1 else 0 end) as pending
    from work.state_day d
    join pathway.route_order o on o.route = d.route
    left join work.order_held h on h.council = d.council and h.child_key = d.child_key and h.spell_no = d.spell_no
        and h.order_type = o.order_type and h.from_day <= d.day and (h.to_day is null or h.to_day > d.day)
    left join work.petition p on p.council = d.council and p.child_key = d.child_key and p.spell_no = d.spell_no
        and p.order_type = o.order_type and p.from_day <= d.day and (p.to_day is null or p.to_day > d.day)
    group by d.council, d.child_key, d.spell_no, d.day, o.position, o.is_last, o.either_next
), legal as (
    select council, child_key, spell_no, day, max(held) as any_held,
        max(case when is_last then held else 0 end) as last_held,
        max(case when pending = 1 and held = 0 and (either_next or earlier_held = position - 1) then 1 else 0 end) as next_pending
    from (
        select council, child_key, spell_no, day, position, is_last, either_next, held, pending,
            sum(held) over (partition by council, child_key, spell_no, day order by position nulls last
                rows between unbounded preceding and current row) - held as earlier_held
        from ordered
    ) route_order
    group by council, child_key, spell_no, day
)
select d.council, d.child_key, d.spell_no, d.day, d.position, d.last_opened, d.last_closed, d.last_approved, d.route,
    d.match_in_force, d.with_matched_carers, d.in_permanent_placement,
    coalesce(l.any_held, 0) = 1 as order_in_force, coalesce(l.next_pending, 0) = 1 as application_pending,
    coalesce(l.last_held, 0) = 1
        or (coalesce(d.route, 'none') = 'long_term_care' and d.in_permanent_placement
            and coalesce(d.last_approved, 0) > coalesce(d.last_closed, 0)) as secured
from work.state_day d
left join legal l on l.council = d.council and l.child_key = d.child_key and l.spell_no = d.spell_no and l.day = d.day
