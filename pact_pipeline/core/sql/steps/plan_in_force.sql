-- plan_in_force: one row is a time in which one plan, or none, is in force for a spell (council, child_key, spell_no, from_day).
-- The plan in force on a day is the outcome of the latest of permanence_recommended, adm_decision and plan_changed up to that
-- day; a reversal or `not_approved` leaves no plan. [from_day, to_day)
with decided as (
    select council, child_key, spell_no, on_date, plan, position,
        row_number() over (partition by council, child_key, spell_no, on_date order by position desc nulls last) as last_of_day
    from core.milestone
    where counts and milestone in ('permanence_recommended', 'adm_decision', 'plan_changed')
)
select council, child_key, spell_no, on_date as from_day,
    lead(on_date) over (partition by council, child_key, spell_no order by on_date nulls last) as to_day, plan
from decided
where last_of_day = 1
