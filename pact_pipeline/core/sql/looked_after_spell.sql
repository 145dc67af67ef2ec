-- looked_after_spell: one row is a spell, an unbroken time of being looked after by one council (council, child_key, spell_no).
-- Reads: work.child_row (each child's newest submission in force), work.council_observed.
-- Definition (definitions#days): [started_on, ended_on); gaps of up to 7 days between records are bridged; what a child is like
-- and where they went is taken from the last record of the spell. observed_from is the first day of the council's first accepted
-- period: a spell that began before it is left-truncated. Source: plan paragraph 23; CLAS episode (domain#the-clas-return).
with piece as (
    select council, child_key, looked_after_from, looked_after_to, source_row,
        max(coalesce(looked_after_to, date '9999-12-31')) over (
            partition by council, child_key order by looked_after_from nulls last, source_row nulls last
            rows between unbounded preceding and 1 preceding) as ended_before
    from work.child_row
), marked as (
    select council, child_key, looked_after_from, looked_after_to, source_row,
        case when ended_before is null or days_between(ended_before, looked_after_from) > bridged_gap_days() then 1 else 0 end
            as begins_spell
    from piece
), numbered as (
    select council, child_key, looked_after_from, looked_after_to, source_row,
        sum(begins_spell) over (
            partition by council, child_key order by looked_after_from nulls last, source_row nulls last
            rows between unbounded preceding and current row) as spell_no
    from marked
), spell as (
    select council, child_key, cast(spell_no as integer) as spell_no,
        min(looked_after_from) as started_on,
        case when count(looked_after_to) = count(*) then max(looked_after_to) end as ended_on,
        max(looked_after_from) as last_record_from,
        max(source_row) as last_source_row
    from numbered
    group by council, child_key, spell_no
), away as (
    select n.council, n.child_key, cast(n.spell_no as integer) as spell_no, min(r.away_from_home_from) as away_from_home_from
    from numbered n
    join work.child_row r on r.council = n.council and r.child_key = n.child_key and r.source_row = n.source_row
    group by n.council, n.child_key, n.spell_no
)
select s.council, s.child_key, s.spell_no, s.started_on, s.ended_on,
    case when s.ended_on is not null then r.destination end as destination,
    a.away_from_home_from, r.birth_month, r.sex, r.ethnic_group, r.disabled, r.current_plan, r.twin_tracked,
    r.concurrent_placement, o.observed_from, o.observed_to,
    s.started_on < o.observed_from as left_truncated,
    r.carried_forward, r.submission_id, r.source_row
from spell s
join work.child_row r on r.council = s.council and r.child_key = s.child_key and r.looked_after_from = s.last_record_from
    and r.record_in_day = 1
join away a on a.council = s.council and a.child_key = s.child_key and a.spell_no = s.spell_no
join work.council_observed o on o.council = s.council
