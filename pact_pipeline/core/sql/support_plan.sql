-- support_plan: one row is a support plan for a child and its carers (council, child_key, carer_key, agreed_on).
-- Adoption support plan (2007 Act s.45) or the plan that goes with a permanence or kinship order. days_placed_to_agreed is
-- negative where the plan was agreed before the child moved in. Plan paragraphs 23, 31.
select p.council, p.child_key, p.carer_key, p.agreed_on, p.starts_on, p.review_due_on, p.ended_on,
    days_between(min(m.living_together_from), p.agreed_on) as days_placed_to_agreed, p.submission_id, p.source_row
from lake.support_plans p
join work.child_source c on c.council = p.council and c.child_key = p.child_key and c.submission_id = p.submission_id
left join core.match m on m.council = p.council and m.child_key = p.child_key and m.carer_key = p.carer_key
group by p.council, p.child_key, p.carer_key, p.agreed_on, p.starts_on, p.review_due_on, p.ended_on, p.submission_id, p.source_row
