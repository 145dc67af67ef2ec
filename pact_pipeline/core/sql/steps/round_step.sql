-- round_step: one row is a step that opens or closes a round, or approves (council, child_key, spell_no, position).
-- Opens: a recommendation or decision for a plan away from home, a panel (unless the plan in force that day is to return home),
-- a petition lodged. Closes: a reversal, `not_approved`, a plan of return_home. Approves: a decision for a plan away from home,
-- a petition lodged. (definitions#rounds. Securing permanence closes a round too: see work.round_opening.)
select m.council, m.child_key, m.spell_no, m.on_date, m.position,
    case when m.plan = 'return_home' or (m.milestone = 'adm_decision' and m.plan is null) then 'closes'
        when m.milestone in ('permanence_recommended', 'adm_decision', 'petition_lodged') then 'opens'
        when m.milestone = 'panel' and coalesce(p.plan, 'none') <> 'return_home' then 'opens' end as kind,
    (m.milestone = 'adm_decision' and m.plan is not null and m.plan <> 'return_home') or m.milestone = 'petition_lodged'
        as approves,
    m.milestone = 'petition_lodged' as petitions
from core.milestone m
left join work.plan_in_force p on p.council = m.council and p.child_key = m.child_key and p.spell_no = m.spell_no
    and p.from_day <= m.on_date and (p.to_day is null or p.to_day > m.on_date)
where m.counts and m.milestone in ('permanence_recommended', 'panel', 'adm_decision', 'plan_changed', 'petition_lodged')
    and (m.milestone <> 'plan_changed' or m.plan = 'return_home')
