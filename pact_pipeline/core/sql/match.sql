-- match: one row is a link of a child and a carer household (council, child_key, carer_key, linked_on).
-- approved_on is the decision that approves the match; living_together_from the later of placed_on and that approval, since a
-- concurrent placement counts as the permanent family only from the approval (definitions#stages). Times in days. Plan
-- paragraphs 23, 31.
select m.council, m.child_key, m.carer_key, m.linked_on, m.matching_panel_on, m.decision_on as approved_on, m.placed_on,
    case when m.placed_on is not null and m.decision_on is not null then greatest(m.placed_on, m.decision_on) end
        as living_together_from,
    m.ended_on, m.end_reason, days_between(m.linked_on, m.decision_on) as days_link_to_approval,
    exists (select 1 from core.carer_approval a where a.council = m.council and a.carer_key = m.carer_key) as carer_known,
    m.submission_id, m.source_row
from lake.matches m
join work.child_source c on c.council = m.council and c.child_key = m.child_key and c.submission_id = m.submission_id
