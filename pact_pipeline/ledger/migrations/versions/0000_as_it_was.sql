-- The ledger as it stood when migrations began. Never changed: what came after stands in the revisions after it.

-- A function stands before the tables that it reads.
SET LOCAL check_function_bodies = off;

CREATE FUNCTION ledger.facts_never_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'a row of ledger.' || TG_TABLE_NAME || ' never changes';
END $$;

CREATE FUNCTION ledger.in_force_at(at timestamp with time zone, known timestamp with time zone) RETURNS TABLE(submission_id text, supplier text, collection text, period text, sequence integer, received_at timestamp with time zone, state text, manifest text, contract_version text, judging integer, lake_name text, rows_read bigint, rows_taken bigint, rows_refused bigint, rows_warned bigint)
    LANGUAGE sql STABLE
    AS $$
  SELECT DISTINCT ON (s.supplier, s.collection, s.period)
         s.submission_id, s.supplier, s.collection, s.period, s.sequence, s.received_at, j.state, s.manifest::text,
         j.contract_version, j.judging, j.lake_name, j.rows_read, j.rows_taken, j.rows_refused, j.rows_warned
  FROM ledger.submission s
  JOIN (SELECT DISTINCT ON (one.submission_id) one.* FROM ledger.judging one WHERE one.judged_at <= in_force_at.known
        ORDER BY one.submission_id, one.judging DESC) j ON j.submission_id = s.submission_id
  WHERE j.state IN ('taken', 'taken_with_refusals') AND s.received_at <= in_force_at.at
  ORDER BY s.supplier, s.collection, s.period, s.sequence DESC
$$;

COMMENT ON FUNCTION ledger.in_force_at(at timestamp with time zone, known timestamp with time zone) IS 'What is in force of what was received by `at`, as judged by `known`.';

CREATE TABLE ledger.arrival (
    sha256 character varying(64) NOT NULL,
    supplier text NOT NULL,
    collection text NOT NULL,
    file_name text NOT NULL,
    bytes bigint NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    arrived_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE ledger.arrival IS 'Every file that ever arrived. Rows are never changed.';

COMMENT ON COLUMN ledger.arrival.sha256 IS 'SHA-256 of the bytes; the file''s name in the archive';

COMMENT ON COLUMN ledger.arrival.modified_at IS 'when the file was last written where the supplier put it';

COMMENT ON COLUMN ledger.arrival.arrived_at IS 'when we first saw these bytes under this name';

CREATE TABLE ledger.arrivals_calendar (
    supplier text NOT NULL,
    collection text NOT NULL,
    period text NOT NULL,
    due date NOT NULL,
    arrived text NOT NULL,
    received_at timestamp with time zone,
    days_late bigint NOT NULL,
    submission_id text,
    state text,
    note text NOT NULL
);

COMMENT ON TABLE ledger.arrivals_calendar IS 'What each supplier owes for each period that is over, and what became of it. Drawn up anew each time.';

COMMENT ON COLUMN ledger.arrivals_calendar.due IS 'the last day for the delivery';

COMMENT ON COLUMN ledger.arrivals_calendar.arrived IS 'expected, came, came_late, came_unchanged, nothing_came ...';

COMMENT ON COLUMN ledger.arrivals_calendar.received_at IS 'when the first delivery of the period was there';

COMMENT ON COLUMN ledger.arrivals_calendar.submission_id IS 'the newest delivery';

COMMENT ON COLUMN ledger.arrivals_calendar.state IS 'the verdict on the newest delivery';

CREATE TABLE ledger.decision (
    decision_id bigint NOT NULL,
    submission_id text NOT NULL,
    judging integer NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    who text NOT NULL,
    decision text NOT NULL,
    because text NOT NULL,
    readings jsonb NOT NULL,
    covers jsonb NOT NULL,
    CONSTRAINT by_somebody CHECK ((btrim(who) <> ''::text)),
    CONSTRAINT known_decision CHECK ((decision = ANY (ARRAY['accept'::text, 'refuse'::text]))),
    CONSTRAINT with_a_reason CHECK ((btrim(because) <> ''::text))
);

COMMENT ON TABLE ledger.decision IS 'What a person decided on a held submission. Rows are never changed.';

COMMENT ON COLUMN ledger.decision.judging IS 'the judging that held it, on which was decided';

COMMENT ON COLUMN ledger.decision.decided_at IS 'when it was decided';

COMMENT ON COLUMN ledger.decision.readings IS 'which reading was chosen where the file can be read in two ways';

COMMENT ON COLUMN ledger.decision.covers IS '[table, rule] of what held it: what was decided on';

ALTER TABLE ledger.decision ALTER COLUMN decision_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.decision_decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ledger.finding_count (
    submission_id text NOT NULL,
    judging integer NOT NULL,
    table_name text NOT NULL,
    rule text NOT NULL,
    column_name text NOT NULL,
    severity text NOT NULL,
    rows_found bigint NOT NULL,
    rows_examined bigint NOT NULL,
    CONSTRAINT known_severity CHECK ((severity = ANY (ARRAY['file'::text, 'hold'::text, 'refuse'::text, 'warn'::text])))
);

COMMENT ON TABLE ledger.finding_count IS 'Rows found by each rule in a judging. Counts only, no value.';

COMMENT ON COLUMN ledger.finding_count.table_name IS 'empty where the finding is about the whole submission';

COMMENT ON COLUMN ledger.finding_count.rows_examined IS 'rows that the rule could look at';

CREATE TABLE ledger.judging (
    submission_id text NOT NULL,
    judging integer NOT NULL,
    judged_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    rows_read bigint NOT NULL,
    rows_taken bigint NOT NULL,
    rows_refused bigint NOT NULL,
    rows_warned bigint NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    contract_version text NOT NULL,
    fingerprint text NOT NULL,
    lake_name text NOT NULL,
    compared_with text DEFAULT ''::text NOT NULL,
    decision_id bigint,
    CONSTRAINT counted_from_one CHECK ((judging >= 1)),
    CONSTRAINT every_row_accounted_for CHECK ((rows_read = (rows_taken + rows_refused))),
    CONSTRAINT known_state CHECK ((state = ANY (ARRAY['held'::text, 'refused'::text, 'taken_with_refusals'::text, 'taken'::text])))
);

COMMENT ON TABLE ledger.judging IS 'Every verdict ever reached on a submission; the newest stands. Rows are never changed.';

COMMENT ON COLUMN ledger.judging.judging IS '1 for the first time it was judged, then 2, 3 ...';

COMMENT ON COLUMN ledger.judging.judged_at IS 'when the verdict was written';

COMMENT ON COLUMN ledger.judging.reason IS 'why it was held or refused, in plain words';

COMMENT ON COLUMN ledger.judging.fingerprint IS 'SHA-256 over the contracts and the mapping it was judged by';

COMMENT ON COLUMN ledger.judging.lake_name IS 'the name of its files in the lake';

COMMENT ON COLUMN ledger.judging.compared_with IS 'lake name of the submission before';

COMMENT ON COLUMN ledger.judging.decision_id IS 'the decision it rests on';

CREATE TABLE ledger.submission (
    submission_id text NOT NULL,
    supplier text NOT NULL,
    collection text NOT NULL,
    period text NOT NULL,
    sequence integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    manifest character varying(64) NOT NULL,
    contract_version text NOT NULL,
    supersedes text
);

COMMENT ON TABLE ledger.submission IS 'One delivery of an extract for one supplier, collection and period. Rows are never changed.';

COMMENT ON COLUMN ledger.submission.submission_id IS 'supplier-collection-period-sequence';

COMMENT ON COLUMN ledger.submission.period IS '2012-08, 2012-Q3, FY2011-12 or CLAS2012';

COMMENT ON COLUMN ledger.submission.sequence IS '1 for the first delivery of the period, then 2, 3 ...';

COMMENT ON COLUMN ledger.submission.received_at IS 'when the newest file of the delivery was there';

COMMENT ON COLUMN ledger.submission.registered_at IS 'when the ledger first knew of it';

COMMENT ON COLUMN ledger.submission.manifest IS 'SHA-256 over table and bytes of each file';

COMMENT ON COLUMN ledger.submission.contract_version IS 'in use when it was registered';

COMMENT ON COLUMN ledger.submission.supersedes IS 'the delivery before it';

CREATE VIEW ledger.submission_state AS
 SELECT s.submission_id,
    s.supplier,
    s.collection,
    s.period,
    s.sequence,
    s.received_at,
    s.registered_at,
    s.manifest,
    s.supersedes,
    COALESCE(j.contract_version, s.contract_version) AS contract_version,
    COALESCE(j.judging, 0) AS judging,
    COALESCE(j.state, 'received'::text) AS state,
    j.judged_at,
    COALESCE(j.reason, ''::text) AS reason,
    j.rows_read,
    j.rows_taken,
    j.rows_refused,
    j.rows_warned,
    COALESCE(j.fingerprint, ''::text) AS fingerprint,
    COALESCE(j.lake_name, ''::text) AS lake_name,
    COALESCE(j.compared_with, ''::text) AS compared_with,
    j.decision_id
   FROM (ledger.submission s
     LEFT JOIN LATERAL ( SELECT one.submission_id,
            one.judging,
            one.judged_at,
            one.state,
            one.rows_read,
            one.rows_taken,
            one.rows_refused,
            one.rows_warned,
            one.reason,
            one.contract_version,
            one.fingerprint,
            one.lake_name,
            one.compared_with,
            one.decision_id
           FROM ledger.judging one
          WHERE (one.submission_id = s.submission_id)
          ORDER BY one.judging DESC
         LIMIT 1) j ON (true));

COMMENT ON VIEW ledger.submission_state IS 'Every submission with its newest verdict; received where there is none.';

CREATE VIEW ledger.finding AS
 SELECT f.submission_id,
    f.judging,
    f.table_name,
    f.rule,
    f.column_name,
    f.severity,
    f.rows_found,
    f.rows_examined
   FROM (ledger.finding_count f
     JOIN ledger.submission_state s USING (submission_id, judging));

COMMENT ON VIEW ledger.finding IS 'Rows found by each rule in the newest judging of each submission.';

CREATE VIEW ledger.in_force AS
 SELECT submission_id,
    supplier,
    collection,
    period,
    sequence,
    received_at,
    state,
    manifest,
    contract_version,
    judging,
    lake_name,
    rows_read,
    rows_taken,
    rows_refused,
    rows_warned
   FROM ledger.in_force_at('infinity'::timestamp with time zone, 'infinity'::timestamp with time zone) in_force_at(submission_id, supplier, collection, period, sequence, received_at, state, manifest, contract_version, judging, lake_name, rows_read, rows_taken, rows_refused, rows_warned);

COMMENT ON VIEW ledger.in_force IS 'The newest taken submission of each supplier, collection and period.';

CREATE TABLE ledger.judging_table (
    submission_id text NOT NULL,
    judging integer NOT NULL,
    table_name text NOT NULL,
    rows_read bigint NOT NULL,
    rows_taken bigint NOT NULL,
    rows_refused bigint NOT NULL,
    rows_warned bigint NOT NULL,
    rules_run integer NOT NULL,
    rules_without_rows integer NOT NULL,
    CONSTRAINT every_row_accounted_for CHECK ((rows_read = (rows_taken + rows_refused)))
);

COMMENT ON TABLE ledger.judging_table IS 'What became of each table''s rows in a judging. Rows are never changed.';

COMMENT ON COLUMN ledger.judging_table.rules_run IS 'rules that were run on the table';

COMMENT ON COLUMN ledger.judging_table.rules_without_rows IS 'those of them that had no row to look at';

CREATE TABLE ledger.listing (
    supplier text NOT NULL,
    url text NOT NULL,
    path text NOT NULL,
    bytes bigint NOT NULL,
    stamp text NOT NULL,
    sha256 character varying(64) NOT NULL,
    read_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE ledger.listing IS 'Remote files that were read, so that an unchanged one isn''t fetched every minute.';

COMMENT ON COLUMN ledger.listing.stamp IS 'time and version (etag) of the file as its place says them';

COMMENT ON COLUMN ledger.listing.sha256 IS 'of the bytes that were read then';

CREATE TABLE ledger.place (
    supplier text NOT NULL,
    url text NOT NULL,
    first_listed_at timestamp with time zone NOT NULL,
    last_listed_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE ledger.place IS 'Places that could be listed. One that could once and can''t be found now has vanished.';

COMMENT ON COLUMN ledger.place.url IS 'as in the supplier''s file; holds no secret';

CREATE TABLE ledger.submission_table (
    submission_id text NOT NULL,
    table_name text NOT NULL,
    sha256 character varying(64) NOT NULL,
    file_name text NOT NULL,
    carried_over boolean NOT NULL
);

COMMENT ON TABLE ledger.submission_table IS 'Which file stands for which table of a submission. Rows are never changed.';

COMMENT ON COLUMN ledger.submission_table.carried_over IS 'taken from the delivery before, not sent again';

CREATE TABLE ledger.trouble (
    trouble_id bigint NOT NULL,
    supplier text NOT NULL,
    url text NOT NULL,
    path text NOT NULL,
    code text NOT NULL,
    since timestamp with time zone NOT NULL,
    last_seen timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);

COMMENT ON TABLE ledger.trouble IS 'What was wrong with a place or a file in it, from when to when.';

COMMENT ON COLUMN ledger.trouble.path IS 'the file; empty for the place as a whole';

ALTER TABLE ledger.trouble ALTER COLUMN trouble_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME ledger.trouble_trouble_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY ledger.arrival
    ADD CONSTRAINT arrival_pkey PRIMARY KEY (sha256, supplier, collection, file_name);

ALTER TABLE ONLY ledger.arrivals_calendar
    ADD CONSTRAINT arrivals_calendar_pkey PRIMARY KEY (supplier, collection, period);

ALTER TABLE ONLY ledger.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (decision_id);

ALTER TABLE ONLY ledger.decision
    ADD CONSTRAINT decision_submission_id_judging_key UNIQUE (submission_id, judging);

ALTER TABLE ONLY ledger.finding_count
    ADD CONSTRAINT finding_count_pkey PRIMARY KEY (submission_id, judging, table_name, rule, column_name);

ALTER TABLE ONLY ledger.judging
    ADD CONSTRAINT judging_lake_name_key UNIQUE (lake_name);

ALTER TABLE ONLY ledger.judging
    ADD CONSTRAINT judging_pkey PRIMARY KEY (submission_id, judging);

ALTER TABLE ONLY ledger.judging_table
    ADD CONSTRAINT judging_table_pkey PRIMARY KEY (submission_id, judging, table_name);

ALTER TABLE ONLY ledger.listing
    ADD CONSTRAINT listing_pkey PRIMARY KEY (supplier, url, path);

ALTER TABLE ONLY ledger.place
    ADD CONSTRAINT place_pkey PRIMARY KEY (supplier, url);

ALTER TABLE ONLY ledger.submission
    ADD CONSTRAINT submission_pkey PRIMARY KEY (submission_id);

ALTER TABLE ONLY ledger.submission
    ADD CONSTRAINT submission_supplier_collection_period_sequence_key UNIQUE (supplier, collection, period, sequence);

ALTER TABLE ONLY ledger.submission_table
    ADD CONSTRAINT submission_table_pkey PRIMARY KEY (submission_id, table_name);

ALTER TABLE ONLY ledger.trouble
    ADD CONSTRAINT trouble_pkey PRIMARY KEY (trouble_id);

CREATE UNIQUE INDEX one_trouble_at_a_time ON ledger.trouble USING btree (supplier, url, path, code) WHERE (ended_at IS NULL);

CREATE INDEX submission_in_force ON ledger.submission USING btree (supplier, collection, period, sequence);

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.arrival FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.decision FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.finding_count FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.judging FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.judging_table FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.submission FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.submission_table FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();

ALTER TABLE ONLY ledger.decision
    ADD CONSTRAINT decision_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES ledger.submission(submission_id);

ALTER TABLE ONLY ledger.finding_count
    ADD CONSTRAINT finding_count_submission_id_judging_fkey FOREIGN KEY (submission_id, judging) REFERENCES ledger.judging(submission_id, judging);

ALTER TABLE ONLY ledger.judging
    ADD CONSTRAINT judging_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES ledger.decision(decision_id);

ALTER TABLE ONLY ledger.judging
    ADD CONSTRAINT judging_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES ledger.submission(submission_id);

ALTER TABLE ONLY ledger.judging_table
    ADD CONSTRAINT judging_table_submission_id_judging_fkey FOREIGN KEY (submission_id, judging) REFERENCES ledger.judging(submission_id, judging);

ALTER TABLE ONLY ledger.submission
    ADD CONSTRAINT submission_supersedes_fkey FOREIGN KEY (supersedes) REFERENCES ledger.submission(submission_id);

ALTER TABLE ONLY ledger.submission_table
    ADD CONSTRAINT submission_table_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES ledger.submission(submission_id);
