-- milestone: one row is a dated step of a child as one source reports it (council, child_key, milestone, round, source).
-- Reads: lake.milestones, work.child_source, core.looked_after_spell, pathway.step.
-- Definition (definitions#steps-of-one-day): a step belongs to the latest spell begun by its day, before the first spell to the
-- first.
-- `counts` is false for a row that says what another row of the same child already says (same step, day and outcome); it is
-- kept so that nothing is lost. Courts' own records, once linked, will win over the council's petition_lodged and court_outcome.
with step as (
    select m.council, m.child_key, m.milestone, m.on_date, m.outcome, m.round, m.submission_id, m.source_row, p.step_rank,
        row_number() over (
            partition by m.council, m.child_key, m.milestone, m.on_date, m.outcome
            order by m.round nulls last, m.source_row nulls last) as repeat_no
    from lake.milestones m
    join work.child_source c on c.council = m.council and c.child_key = m.child_key and c.submission_id = m.submission_id
    join pathway.step p on p.milestone = m.milestone
), placed_in_spell as (
    select t.council, t.child_key, t.milestone, t.on_date, t.outcome, t.round, t.submission_id, t.source_row, t.step_rank,
        t.repeat_no,
        coalesce(max(case when s.started_on <= t.on_date then s.spell_no end), 1) as spell_no
    from step t
    join core.looked_after_spell s on s.council = t.council and s.child_key = t.child_key
    group by t.council, t.child_key, t.milestone, t.on_date, t.outcome, t.round, t.submission_id, t.source_row, t.step_rank,
        t.repeat_no
)
select council, child_key, spell_no, milestone, on_date, outcome, round as round_reported, step_rank,
    case when milestone in ('permanence_recommended', 'plan_changed') then outcome
        when milestone = 'adm_decision' and outcome not in ('not_approved', 'reversed') then outcome end as plan,
    case when milestone in ('petition_lodged', 'order_ended') then outcome
        when milestone = 'court_outcome' then split_part(outcome, '_', 1) end as order_type,
    case when milestone = 'court_outcome' then split_part(outcome, '_', 2) end as court_result,
    -- where a step stands among all steps: its day, then the pathway's order, then the supplier's count of it
    days_between(date '1900-01-01', on_date) * 10000 + step_rank * 100 + least(round, 99) as position,
    'council' as source, repeat_no = 1 as counts, submission_id, source_row
from placed_in_spell
