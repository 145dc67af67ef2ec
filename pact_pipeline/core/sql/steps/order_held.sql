-- order_held: one row is an order over a child from its grant to its end (council, child_key, spell_no, order_type, from_day).
select g.council, g.child_key, g.spell_no, g.order_type, g.on_date as from_day, min(e.on_date) as to_day
from core.milestone g
left join core.milestone e on e.council = g.council and e.child_key = g.child_key and e.spell_no = g.spell_no
    and e.counts and e.milestone = 'order_ended' and e.order_type = g.order_type and e.on_date >= g.on_date
where g.counts and g.milestone = 'court_outcome' and g.court_result = 'granted'
group by g.council, g.child_key, g.spell_no, g.order_type, g.on_date
