-- family_time: one row is a time with a family in one sense (council, child_key, sense, from_day).
-- matched: a match approved and not ended. placed: living with the matched carers, from the later of placed_on and the
-- match's approval. living: in a placement intended as permanent, which for kinship and long-term care is match and placement.
-- [from_day, to_day)
select council, child_key, 'matched' as sense, approved_on as from_day, ended_on as to_day
from core.match
where approved_on is not null and (ended_on is null or ended_on > approved_on)
union all
select council, child_key, 'placed' as sense, living_together_from as from_day, ended_on as to_day
from core.match
where living_together_from is not null and (ended_on is null or ended_on > living_together_from)
union all
select p.council, p.child_key, 'living' as sense, p.from_date as from_day, p.to_date as to_day
from lake.placements p
join work.child_source c on c.council = p.council and c.child_key = p.child_key and c.submission_id = p.submission_id
where p.intended_as_permanent = 'yes' and (p.to_date is null or p.to_date > p.from_date)
