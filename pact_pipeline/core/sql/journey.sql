-- journey: one row is a spell with its milestones side by side (council, child_key, spell_no). Plan paragraphs 23, 26-28, 31.
-- Dates are the first of each kind in the spell, up to the exit; recommended and approved: for a plan away from home.
-- secured_on: the first day permanence was secured, or the end of the spell where that end is permanence (see work.spell_exit);
-- secured_kind: by which end.
-- exit_on runs to the grant where an order explains the end (definitions#days); exit_kind `still_looked_after` while it lasts.
with first_step as (
    select m.council, m.child_key, m.spell_no,
        min(case when m.milestone = 'referral' then m.on_date end) as referred_on,
        min(case when m.milestone = 'lac_review' then m.on_date end) as first_review_on,
        min(case when m.milestone = 'permanence_recommended' and m.plan <> 'return_home' then m.on_date end) as recommended_on,
        min(case when m.milestone = 'panel' then m.on_date end) as panel_on,
        min(case when m.milestone = 'adm_decision' and m.plan <> 'return_home' then m.on_date end) as approved_on,
        min(case when m.milestone = 'petition_lodged' then m.on_date end) as lodged_on
    from core.milestone m
    where m.counts
    group by m.council, m.child_key, m.spell_no
), first_plan as (
    select council, child_key, spell_no, milestone, plan,
        row_number() over (partition by council, child_key, spell_no, milestone order by position nulls last) as first_one
    from core.milestone
    where counts and milestone in ('permanence_recommended', 'adm_decision') and plan <> 'return_home'
), first_match as (
    select s.council, s.child_key, s.spell_no, min(m.linked_on) as linked_on, min(m.approved_on) as matched_on,
        min(m.living_together_from) as placed_on
    from core.looked_after_spell s
    join core.match m on m.council = s.council and m.child_key = s.child_key and m.linked_on >= s.started_on
        and (s.ended_on is null or m.linked_on < s.ended_on)
    group by s.council, s.child_key, s.spell_no
), kin_or_long_term as (
    -- for kinship and long-term care, living with that carer in an open round is match and placement
    select council, child_key, spell_no, min(entered_on) as lived_from
    from core.stage_wait
    where route in ('kinship', 'long_term_care') and family_step = 'with_family'
    group by council, child_key, spell_no
), first_secured as (
    select w.council, w.child_key, w.spell_no, w.entered_on as secured_on, r.kind_of_end,
        row_number() over (partition by w.council, w.child_key, w.spell_no order by w.entered_on nulls last) as first_one
    from core.stage_wait w
    join pathway.route r on r.route = w.route
    where w.stage = 'secured'
), latest_stage as (
    select council, child_key, spell_no, stage, route, family_step, legal_step, round_no,
        row_number() over (partition by council, child_key, spell_no order by entered_on desc nulls last) as newest_first
    from core.stage_wait
), rounds as (
    select council, child_key, spell_no, cast(count(*) as integer) as rounds
    from work.round_opening
    group by council, child_key, spell_no
), spell_time as (
    select council, child_key, spell_no, started_on,
        lead(started_on) over (partition by council, child_key order by spell_no nulls last) as next_started_on
    from core.looked_after_spell
), support as (
    -- like a step, a plan belongs to the latest spell begun by its day
    select s.council, s.child_key, s.spell_no, min(p.agreed_on) as support_plan_on
    from spell_time s
    join core.support_plan p on p.council = s.council and p.child_key = s.child_key and p.agreed_on >= s.started_on
        and (s.next_started_on is null or p.agreed_on < s.next_started_on)
    group by s.council, s.child_key, s.spell_no
)
select s.council, s.child_key, s.spell_no, s.started_on, s.ended_on, s.away_from_home_from, s.destination, s.birth_month, s.sex,
    s.ethnic_group, s.disabled, s.twin_tracked, s.concurrent_placement, s.observed_from, s.observed_to, s.left_truncated,
    l.route, f.referred_on, f.first_review_on, f.recommended_on, pr.plan as recommended_plan, f.panel_on, f.approved_on,
    pa.plan as approved_plan, m.linked_on,
    least(m.matched_on, k.lived_from) as matched_on, least(m.placed_on, k.lived_from) as placed_on, f.lodged_on,
    coalesce(z.secured_on, case when e.secures then e.exit_on end) as secured_on,
    coalesce(z.kind_of_end, case when e.secures then e.exit_kind end) as secured_kind,
    e.exit_on, coalesce(e.exit_kind, 'still_looked_after') as exit_kind, e.ended_by_order,
    case when s.ended_on is null then l.stage end as stage,
    case when s.ended_on is null then l.family_step end as family_step,
    case when s.ended_on is null then l.legal_step end as legal_step,
    p.support_plan_on, coalesce(r.rounds, 0) as rounds, s.carried_forward, s.submission_id, s.source_row
from core.looked_after_spell s
left join first_step f on f.council = s.council and f.child_key = s.child_key and f.spell_no = s.spell_no
left join first_plan pr on pr.council = s.council and pr.child_key = s.child_key and pr.spell_no = s.spell_no
    and pr.milestone = 'permanence_recommended' and pr.first_one = 1
left join first_plan pa on pa.council = s.council and pa.child_key = s.child_key and pa.spell_no = s.spell_no
    and pa.milestone = 'adm_decision' and pa.first_one = 1
left join first_match m on m.council = s.council and m.child_key = s.child_key and m.spell_no = s.spell_no
left join kin_or_long_term k on k.council = s.council and k.child_key = s.child_key and k.spell_no = s.spell_no
left join first_secured z on z.council = s.council and z.child_key = s.child_key and z.spell_no = s.spell_no and z.first_one = 1
left join latest_stage l on l.council = s.council and l.child_key = s.child_key and l.spell_no = s.spell_no
    and l.newest_first = 1
left join rounds r on r.council = s.council and r.child_key = s.child_key and r.spell_no = s.spell_no
left join support p on p.council = s.council and p.child_key = s.child_key and p.spell_no = s.spell_no
left join work.spell_exit e on e.council = s.council and e.child_key = s.child_key and e.spell_no = s.spell_no
