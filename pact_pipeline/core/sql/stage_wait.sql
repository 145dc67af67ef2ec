-- stage_wait: one row is a stay in one stage, with family_step, legal_step, route and round unchanged
-- (council, child_key, spell_no, entered_on). Plan paragraphs 23 and 24: who waits, and where.
-- Definition: definitions#stages. [entered_on, left_on); left_on is empty while the stay lasts. stage_entered_on is
-- the day the present stage of the round began (a change of family_step or legal_step within it does not start it anew).
-- left_to: the next stage, or how the spell ended, or empty.
with state as (
    select d.council, d.child_key, d.spell_no, d.day, d.route, d.position, d.match_in_force, d.with_matched_carers,
        d.in_permanent_placement, d.order_in_force, d.application_pending, d.secured, d.last_opened, d.last_closed,
        d.last_approved, max(r.round_no) as round_no, max(r.opened_at) as opened_at, max(r.opened_on) as round_opened_on
    from work.secured_day d
    left join work.round_opening r on r.council = d.council and r.child_key = d.child_key and r.spell_no = d.spell_no
        and r.opened_at <= d.position
    group by d.council, d.child_key, d.spell_no, d.day, d.route, d.position, d.match_in_force, d.with_matched_carers,
        d.in_permanent_placement, d.order_in_force, d.application_pending, d.secured, d.last_opened, d.last_closed,
        d.last_approved
), judged as (
    select council, child_key, spell_no, day, route, round_no, round_opened_on, secured, order_in_force, application_pending,
        round_no is not null and not secured and last_opened > coalesce(last_closed, 0) as round_open,
        coalesce(route, 'none') = 'kinship' or coalesce(last_approved >= opened_at, false) as approved,
        case when coalesce(route, 'none') in ('kinship', 'long_term_care') then in_permanent_placement
            else match_in_force end as matched,
        case when coalesce(route, 'none') in ('kinship', 'long_term_care') then in_permanent_placement
            else with_matched_carers end as placed
    from state
), staged as (
    select council, child_key, spell_no, day, secured or round_open as in_permanence, route, round_no, round_opened_on,
        case when secured then 'secured'
            when not round_open then 'not_awaiting'
            when not approved then 'awaiting_decision'
            when not matched then 'awaiting_match'
            when not placed then 'awaiting_placement'
            when application_pending then 'awaiting_court'
            else 'awaiting_lodging' end as stage,
        case when placed then 'with_family' when matched then 'needs_placement' else 'needs_match' end as family_step,
        case when coalesce(route, 'none') = 'long_term_care' then 'none_needed'
            when application_pending then 'before_the_court'
            when order_in_force then 'order_in_force'
            else 'needs_application' end as legal_step
    from judged
), stay_day as (
    select council, child_key, spell_no, day, stage,
        case when in_permanence then route end as route,
        case when in_permanence then round_no end as round_no,
        case when in_permanence then round_opened_on end as round_opened_on,
        case when in_permanence then family_step end as family_step,
        case when in_permanence then legal_step end as legal_step
    from staged
), compared as (
    select council, child_key, spell_no, day, stage, route, round_no, round_opened_on, family_step, legal_step,
        case when stage = lag(stage) over spell and coalesce(round_no, 0) = coalesce(lag(round_no) over spell, 0)
            then 0 else 1 end as begins_stage,
        case when stage = lag(stage) over spell and coalesce(round_no, 0) = coalesce(lag(round_no) over spell, 0)
            and coalesce(route, '') = coalesce(lag(route) over spell, '')
            and coalesce(family_step, '') = coalesce(lag(family_step) over spell, '')
            and coalesce(legal_step, '') = coalesce(lag(legal_step) over spell, '')
            then 0 else 1 end as begins_stay
    from stay_day
    window spell as (partition by council, child_key, spell_no order by day nulls last)
), numbered as (
    select council, child_key, spell_no, day, stage, route, round_no, round_opened_on, family_step, legal_step, begins_stay,
        max(case when begins_stage = 1 then day end) over (partition by council, child_key, spell_no order by day nulls last
            rows between unbounded preceding and current row) as stage_entered_on
    from compared
), stay as (
    select council, child_key, spell_no, day as entered_on, stage, route, round_no, round_opened_on, family_step, legal_step,
        stage_entered_on,
        lead(day) over (partition by council, child_key, spell_no order by day nulls last) as next_entered_on,
        lead(stage) over (partition by council, child_key, spell_no order by day nulls last) as next_stage
    from numbered
    where begins_stay = 1
)
select t.council, t.child_key, t.spell_no, t.round_no, t.route, t.stage, t.family_step, t.legal_step, t.round_opened_on,
    t.stage_entered_on, t.entered_on, coalesce(t.next_entered_on, s.ended_on) as left_on,
    coalesce(t.next_stage, case when s.ended_on is not null then e.exit_kind end) as left_to, s.submission_id
from stay t
join core.looked_after_spell s on s.council = t.council and s.child_key = t.child_key and s.spell_no = t.spell_no
left join work.spell_exit e on e.council = t.council and e.child_key = t.child_key and e.spell_no = t.spell_no
