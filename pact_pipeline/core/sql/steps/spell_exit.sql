-- spell_exit: one row is a spell that ended, with the reason and the day to which time runs (council, child_key, spell_no).
-- An order granted from 30 days before to 90 days after the spell's end is the reason for its end, and time runs to the grant
-- (definitions#days); the strongest order where there are several. Otherwise the destination tells. secures: the end is
-- permanence, by an order other than a POA alone or a destination that names an order.
with ended as (
    select council, child_key, spell_no, ended_on, destination
    from core.looked_after_spell
    where ended_on is not null
), granted as (
    select e.council, e.child_key, e.spell_no, m.order_type, m.on_date, x.exit_kind, x.secures,
        row_number() over (partition by e.council, e.child_key, e.spell_no
            order by x.strength nulls last, m.position nulls last) as strongest_first
    from ended e
    join core.milestone m on m.council = e.council and m.child_key = e.child_key and m.spell_no = e.spell_no
        and m.counts and m.milestone = 'court_outcome' and m.court_result = 'granted'
        and m.on_date >= add_days(e.ended_on, -order_ends_spell_days_before())
        and m.on_date <= add_days(e.ended_on, order_ends_spell_days_after())
    join pathway.exit_of_order x on x.order_type = m.order_type
)
select e.council, e.child_key, e.spell_no, e.ended_on,
    coalesce(g.on_date, e.ended_on) as exit_on,
    coalesce(g.exit_kind, d.exit_kind, 'other') as exit_kind,
    coalesce(g.secures, d.secures, false) as secures,
    g.order_type as ended_by_order
from ended e
left join granted g on g.council = e.council and g.child_key = e.child_key and g.spell_no = e.spell_no and g.strongest_first = 1
left join pathway.exit_of_destination d on d.destination = e.destination
