-- petition: one row is a petition the council reports, with its outcome (council, child_key, spell_no, order_type, from_day).
-- Pending from the day it is lodged to the first outcome for that order on or after it. [from_day, to_day)
with first_outcome as (
    select p.council, p.child_key, p.spell_no, p.order_type, p.on_date as from_day, p.submission_id, p.source_row,
        o.on_date as to_day, o.court_result,
        row_number() over (
            partition by p.council, p.child_key, p.spell_no, p.order_type, p.on_date
            order by o.position nulls last, p.source_row nulls last) as outcome_no
    from core.milestone p
    left join core.milestone o on o.council = p.council and o.child_key = p.child_key and o.spell_no = p.spell_no
        and o.counts and o.milestone = 'court_outcome' and o.order_type = p.order_type and o.position > p.position
    where p.counts and p.milestone = 'petition_lodged'
)
select council, child_key, spell_no, order_type, from_day, to_day, court_result, submission_id, source_row
from first_outcome
where outcome_no = 1
