--
-- PostgreSQL database dump
--

\restrict 9ueRFr0hdnzVvuYgi52kfDGeTCASSAMWsvhvYbDn9WuPLVyPiwNzyLFfJfHSi3o

-- Dumped from database version 18.4
-- Dumped by pg_dump version 18.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: ledger; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA ledger;


--
-- Name: SCHEMA ledger; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA ledger IS 'ledger of the pipeline, version 2';


--
-- Name: facts_never_change(); Type: FUNCTION; Schema: ledger; Owner: -
--

CREATE FUNCTION ledger.facts_never_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'a row of ledger.' || TG_TABLE_NAME || ' never changes';
END $$;


--
-- Name: in_force_at(timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: ledger; Owner: -
--

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


--
-- Name: FUNCTION in_force_at(at timestamp with time zone, known timestamp with time zone); Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON FUNCTION ledger.in_force_at(at timestamp with time zone, known timestamp with time zone) IS 'What is in force of what was received by `at`, as judged by `known`.';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: arrival; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.arrival (
    sha256 character varying(64) NOT NULL,
    supplier text NOT NULL,
    collection text NOT NULL,
    file_name text NOT NULL,
    bytes bigint NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    arrived_at timestamp with time zone NOT NULL
);


--
-- Name: TABLE arrival; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON TABLE ledger.arrival IS 'Every file that ever arrived. Rows are never changed.';


--
-- Name: COLUMN arrival.sha256; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.arrival.sha256 IS 'SHA-256 of the bytes; the file''s name in the archive';


--
-- Name: COLUMN arrival.modified_at; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.arrival.modified_at IS 'when the file was last written where the supplier put it';


--
-- Name: COLUMN arrival.arrived_at; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.arrival.arrived_at IS 'when we first saw these bytes under this name';


--
-- Name: arrivals_calendar; Type: TABLE; Schema: ledger; Owner: -
--

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


--
-- Name: TABLE arrivals_calendar; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON TABLE ledger.arrivals_calendar IS 'What each supplier owes for each period that is over, and what became of it. Drawn up anew each time.';


--
-- Name: COLUMN arrivals_calendar.due; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.arrivals_calendar.due IS 'the last day for the delivery';


--
-- Name: COLUMN arrivals_calendar.arrived; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.arrivals_calendar.arrived IS 'expected, came, came_late, came_unchanged, nothing_came ...';


--
-- Name: COLUMN arrivals_calendar.received_at; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.arrivals_calendar.received_at IS 'when the first delivery of the period was there';


--
-- Name: COLUMN arrivals_calendar.submission_id; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.arrivals_calendar.submission_id IS 'the newest delivery';


--
-- Name: COLUMN arrivals_calendar.state; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.arrivals_calendar.state IS 'the verdict on the newest delivery';


--
-- Name: decision; Type: TABLE; Schema: ledger; Owner: -
--

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


--
-- Name: TABLE decision; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON TABLE ledger.decision IS 'What a person decided on a held submission. Rows are never changed.';


--
-- Name: COLUMN decision.judging; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.decision.judging IS 'the judging that held it, on which was decided';


--
-- Name: COLUMN decision.decided_at; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.decision.decided_at IS 'when it was decided';


--
-- Name: COLUMN decision.readings; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.decision.readings IS 'which reading was chosen where the file can be read in two ways';


--
-- Name: COLUMN decision.covers; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.decision.covers IS '[table, rule] of what held it: what was decided on';


--
-- Name: decision_decision_id_seq; Type: SEQUENCE; Schema: ledger; Owner: -
--

ALTER TABLE ledger.decision ALTER COLUMN decision_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.decision_decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: finding_count; Type: TABLE; Schema: ledger; Owner: -
--

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


--
-- Name: TABLE finding_count; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON TABLE ledger.finding_count IS 'Rows found by each rule in a judging. Counts only, no value.';


--
-- Name: COLUMN finding_count.table_name; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.finding_count.table_name IS 'empty where the finding is about the whole submission';


--
-- Name: COLUMN finding_count.rows_examined; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.finding_count.rows_examined IS 'rows that the rule could look at';


--
-- Name: judging; Type: TABLE; Schema: ledger; Owner: -
--

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


--
-- Name: TABLE judging; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON TABLE ledger.judging IS 'Every verdict ever reached on a submission; the newest stands. Rows are never changed.';


--
-- Name: COLUMN judging.judging; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.judging.judging IS '1 for the first time it was judged, then 2, 3 ...';


--
-- Name: COLUMN judging.judged_at; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.judging.judged_at IS 'when the verdict was written';


--
-- Name: COLUMN judging.reason; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.judging.reason IS 'why it was held or refused, in plain words';


--
-- Name: COLUMN judging.fingerprint; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.judging.fingerprint IS 'SHA-256 over the contracts and the mapping it was judged by';


--
-- Name: COLUMN judging.lake_name; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.judging.lake_name IS 'the name of its files in the lake';


--
-- Name: COLUMN judging.compared_with; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.judging.compared_with IS 'lake name of the submission before';


--
-- Name: COLUMN judging.decision_id; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.judging.decision_id IS 'the decision it rests on';


--
-- Name: submission; Type: TABLE; Schema: ledger; Owner: -
--

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


--
-- Name: TABLE submission; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON TABLE ledger.submission IS 'One delivery of an extract for one supplier, collection and period. Rows are never changed.';


--
-- Name: COLUMN submission.submission_id; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.submission.submission_id IS 'supplier-collection-period-sequence';


--
-- Name: COLUMN submission.period; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.submission.period IS '2012-08, 2012-Q3, FY2011-12 or CLAS2012';


--
-- Name: COLUMN submission.sequence; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.submission.sequence IS '1 for the first delivery of the period, then 2, 3 ...';


--
-- Name: COLUMN submission.received_at; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.submission.received_at IS 'when the newest file of the delivery was there';


--
-- Name: COLUMN submission.registered_at; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.submission.registered_at IS 'when the ledger first knew of it';


--
-- Name: COLUMN submission.manifest; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.submission.manifest IS 'SHA-256 over table and bytes of each file';


--
-- Name: COLUMN submission.contract_version; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.submission.contract_version IS 'in use when it was registered';


--
-- Name: COLUMN submission.supersedes; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.submission.supersedes IS 'the delivery before it';


--
-- Name: submission_state; Type: VIEW; Schema: ledger; Owner: -
--

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


--
-- Name: VIEW submission_state; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON VIEW ledger.submission_state IS 'Every submission with its newest verdict; received where there is none.';


--
-- Name: finding; Type: VIEW; Schema: ledger; Owner: -
--

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


--
-- Name: VIEW finding; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON VIEW ledger.finding IS 'Rows found by each rule in the newest judging of each submission.';


--
-- Name: in_force; Type: VIEW; Schema: ledger; Owner: -
--

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


--
-- Name: VIEW in_force; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON VIEW ledger.in_force IS 'The newest taken submission of each supplier, collection and period.';


--
-- Name: judging_table; Type: TABLE; Schema: ledger; Owner: -
--

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


--
-- Name: TABLE judging_table; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON TABLE ledger.judging_table IS 'What became of each table''s rows in a judging. Rows are never changed.';


--
-- Name: COLUMN judging_table.rules_run; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.judging_table.rules_run IS 'rules that were run on the table';


--
-- Name: COLUMN judging_table.rules_without_rows; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.judging_table.rules_without_rows IS 'those of them that had no row to look at';


--
-- Name: listing; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.listing (
    supplier text NOT NULL,
    url text NOT NULL,
    path text NOT NULL,
    bytes bigint NOT NULL,
    stamp text NOT NULL,
    sha256 character varying(64) NOT NULL,
    read_at timestamp with time zone NOT NULL
);


--
-- Name: TABLE listing; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON TABLE ledger.listing IS 'Remote files that were read, so that an unchanged one isn''t fetched every minute.';


--
-- Name: COLUMN listing.stamp; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.listing.stamp IS 'time and version (etag) of the file as its place says them';


--
-- Name: COLUMN listing.sha256; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.listing.sha256 IS 'of the bytes that were read then';


--
-- Name: place; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.place (
    supplier text NOT NULL,
    url text NOT NULL,
    first_listed_at timestamp with time zone NOT NULL,
    last_listed_at timestamp with time zone NOT NULL
);


--
-- Name: TABLE place; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON TABLE ledger.place IS 'Places that could be listed. One that could once and can''t be found now has vanished.';


--
-- Name: COLUMN place.url; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.place.url IS 'as in the supplier''s file; holds no secret';


--
-- Name: submission_table; Type: TABLE; Schema: ledger; Owner: -
--

CREATE TABLE ledger.submission_table (
    submission_id text NOT NULL,
    table_name text NOT NULL,
    sha256 character varying(64) NOT NULL,
    file_name text NOT NULL,
    carried_over boolean NOT NULL
);


--
-- Name: TABLE submission_table; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON TABLE ledger.submission_table IS 'Which file stands for which table of a submission. Rows are never changed.';


--
-- Name: COLUMN submission_table.carried_over; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.submission_table.carried_over IS 'taken from the delivery before, not sent again';


--
-- Name: trouble; Type: TABLE; Schema: ledger; Owner: -
--

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


--
-- Name: TABLE trouble; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON TABLE ledger.trouble IS 'What was wrong with a place or a file in it, from when to when.';


--
-- Name: COLUMN trouble.path; Type: COMMENT; Schema: ledger; Owner: -
--

COMMENT ON COLUMN ledger.trouble.path IS 'the file; empty for the place as a whole';


--
-- Name: trouble_trouble_id_seq; Type: SEQUENCE; Schema: ledger; Owner: -
--

ALTER TABLE ledger.trouble ALTER COLUMN trouble_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME ledger.trouble_trouble_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Data for Name: arrival; Type: TABLE DATA; Schema: ledger; Owner: -
--

COPY ledger.arrival (sha256, supplier, collection, file_name, bytes, modified_at, arrived_at) FROM stdin;
de76e3555448d5704d4b4b8cdb65b3ecc0ec0a20ffa6a2d8338c2ca08e4666ed	CLK	councils	CLK permanence return Apr 2013.xlsx	68825	2013-05-13 09:00:00+00	2026-11-27 14:22:02.851087+00
6fcc7fe1c7fd9d127e44c27291a1a9d72a5facf49abedafda7fcc8a1083aa365	CLK	councils	CLK permanence return Aug 2012.xlsx	68507	2012-09-13 09:00:00+00	2026-11-27 14:22:02.851087+00
6a7ab91ea5ff6cbcc1db5eb8080c21a934566357ce3719f5297f895e73f47a4f	CLK	councils	CLK permanence return Dec 2012.xlsx	68995	2013-01-13 09:00:00+00	2026-11-27 14:22:02.851087+00
ad53f41a2c51bd6f21a01de29f839e787a8bd735810aa72831fca9fa818eee86	CLK	councils	CLK permanence return Feb 2013.xlsx	69106	2013-03-13 09:00:00+00	2026-11-27 14:22:02.851087+00
7c4c368bc97384fb3b1badfb9fb7d27c6f32e885596ee5ece8e9df2467599dd9	CLK	councils	CLK permanence return Jan 2013.xlsx	69342	2013-02-13 09:00:00+00	2026-11-27 14:22:02.851087+00
9f594d30420ba83d97a93b78f63a7d72a30216cab320b260c9ece556c7935638	CLK	councils	CLK permanence return Jul 2013.xlsx	70950	2013-08-13 09:00:00+00	2026-11-27 14:22:02.851087+00
fa3cedca7f4db5f5e730767f7042ccb190ce6186bffc8a7db217253471e7cc00	CLK	councils	CLK permanence return Jun 2013.xlsx	71084	2013-07-13 09:00:00+00	2026-11-27 14:22:02.851087+00
157938b9ce311aa60031120fa89c0cd80187fa2639568633eb546a11b457a50f	CLK	councils	CLK permanence return Mar 2013.xlsx	68938	2013-04-13 09:00:00+00	2026-11-27 14:22:02.851087+00
4a8abe37585a858c9c3e5924e89c67801104ad497ac31ddcf71538a6683fd719	CLK	councils	CLK permanence return May 2013.xlsx	69803	2013-06-13 09:00:00+00	2026-11-27 14:22:02.851087+00
3fcbee75ebe9bcb68b6bb759351afd6d5e4d8d1112937235469c419832272d5e	CLK	councils	CLK permanence return Nov 2012.xlsx	68816	2012-12-13 09:00:00+00	2026-11-27 14:22:02.851087+00
fd2451313e16dc16da5ed1f061823b6eb5751f61cf69b055bf9da774fc05e3d6	CLK	councils	CLK permanence return Oct 2012.xlsx	69773	2012-11-13 09:00:00+00	2026-11-27 14:22:02.851087+00
e79b50ce6f0e5c42f546429ab5437cf3fd046cc77c754774d9d288f976726cdb	CLK	councils	CLK permanence return Sep 2012.xlsx	69230	2012-10-13 09:00:00+00	2026-11-27 14:22:02.851087+00
575fab0a47b7c58810e6a574c2fe1b7b5999692c17b51ca41c4b9c3a1f400da9	STG	councils	STG_carers_2012-08.csv	15257	2012-09-12 09:00:00+00	2026-11-27 14:22:02.851087+00
c197180c14b0cacc764779914939a9af1f282152fc6b8a858efe10d83d9e13fe	STG	councils	STG_carers_2012-09.csv	15239	2012-10-12 09:00:00+00	2026-11-27 14:22:02.851087+00
eb3a4ffdd31012a05d5dfe2b8f2d0d3e5511f7c06011279d3cfb825447078db8	STG	councils	STG_carers_2012-10.csv	15355	2012-11-12 09:00:00+00	2026-11-27 14:22:02.851087+00
59a56473eed9209541cd57975fcb8c647c464759bf0315943f7f1479ac2df662	STG	councils	STG_carers_2012-11.csv	15600	2012-12-12 09:00:00+00	2026-11-27 14:22:02.851087+00
7558bc20fa82c90dd830dcdb899e0b272cb71bca3141b7ddf84f4f08adeeadcf	STG	councils	STG_carers_2012-12.csv	15607	2013-01-12 09:00:00+00	2026-11-27 14:22:02.851087+00
b5e5b5cdb3bb1b41dfd24a676a830e3e6fd58d8a8e7ceca1745735787cd1bded	STG	councils	STG_carers_2013-01.csv	15819	2013-02-12 09:00:00+00	2026-11-27 14:22:02.851087+00
f4e4bd0e41e5c21b3b4f3b08f12500b412c29f60d3562f1546cfe2a72c991311	STG	councils	STG_carers_2013-02.csv	15742	2013-04-10 09:00:00+00	2026-11-27 14:22:02.851087+00
32a799620f73a926275944bb0bf528306ca6edcef534770d4418862d48b28c45	STG	councils	STG_carers_2013-03.csv	15549	2013-04-12 09:00:00+00	2026-11-27 14:22:02.851087+00
fdd8fed0a19e1b7fc682f3a4550b874732b4e2fdb55608c4793782c8e8b55256	STG	councils	STG_carers_2013-04.csv	15656	2013-05-12 09:00:00+00	2026-11-27 14:22:02.851087+00
19021c1e4f35401d9e6ff6e04a23aaa8a266c7b181f973b30e5bde20249039e1	STG	councils	STG_carers_2013-05.csv	15758	2013-06-12 09:00:00+00	2026-11-27 14:22:02.851087+00
41a3f148408c8eb33d1160dea059ac9cb539deb34c2ae96c857e58c12859a735	STG	councils	STG_carers_2013-06.csv	15428	2013-07-12 09:00:00+00	2026-11-27 14:22:02.851087+00
0be8fdaad2b396c512b2266be44b0054013294e88711caf33a2d0f8820ef1619	STG	councils	STG_carers_2013-07.csv	15655	2013-08-12 09:00:00+00	2026-11-27 14:22:02.851087+00
ca385e9474174ac73663d3144203e283f744a1c6b99b188dc2527bdac24f302f	STG	councils	STG_children_2012-08.csv	28325	2012-09-12 09:00:00+00	2026-11-27 14:22:02.851087+00
51af98e1092d20512a5684ac60754b14bc7706b91fe7b6959563dee8b3629e91	STG	councils	STG_children_2012-09.csv	28268	2012-10-12 09:00:00+00	2026-11-27 14:22:02.851087+00
c44bf238d9e5f042059dde4affc474d1d66d7e744ab5943d405e950d171098cc	STG	councils	STG_children_2012-10.csv	28282	2012-11-12 09:00:00+00	2026-11-27 14:22:02.851087+00
a2d2a8410cae9a8d1a45ee7b8d828d08d6b9bb43e1d8599bc43668ebb8e25a56	STG	councils	STG_children_2012-11.csv	27962	2012-12-12 09:00:00+00	2026-11-27 14:22:02.851087+00
68a27a8791b9a8d2ed92b673fb1ed203148418e61f4f2990bbbe5a905eb21b62	STG	councils	STG_children_2012-12.csv	28700	2013-01-12 09:00:00+00	2026-11-27 14:22:02.851087+00
0069d214db8012e36b7e0f956984afae437419a3f673167471f527d4926e5e74	STG	councils	STG_children_2013-01.csv	28999	2013-02-12 09:00:00+00	2026-11-27 14:22:02.851087+00
ced21e580ddf9dccf54f0287250f34771954b41fd1d24eaf349c96930bd7db15	STG	councils	STG_children_2013-02.csv	28845	2013-04-10 09:00:00+00	2026-11-27 14:22:02.851087+00
625c364bd8a81affc4f34aeb425a35fb124e87530abb9a9c8ff9ed6cb993f17b	STG	councils	STG_children_2013-03.csv	29466	2013-04-12 09:00:00+00	2026-11-27 14:22:02.851087+00
b417f16057d5327a953ba388a0c8ff1b15e4a6907c0809ba1430a0c028c1b301	STG	councils	STG_children_2013-04.csv	29276	2013-05-12 09:00:00+00	2026-11-27 14:22:02.851087+00
f4644d8b6b50e5c0b143dc33c69cceecae66250a2c19dc02845700be7eac059a	STG	councils	STG_children_2013-05.csv	29322	2013-06-12 09:00:00+00	2026-11-27 14:22:02.851087+00
75e01a181ea8fcdbe6665aa2339c5092baab473150e1f3e01451778e1c61ed82	STG	councils	STG_children_2013-06.csv	29641	2013-07-12 09:00:00+00	2026-11-27 14:22:02.851087+00
6bc2d6e2271b77aa425249bd8cd3627e3e1501d08dffc7fae2dea9d68c934142	STG	councils	STG_children_2013-07.csv	29696	2013-08-12 09:00:00+00	2026-11-27 14:22:02.851087+00
24c4fdba44b324d97770e1085278bfb42e09894b8fc2c51d5ba6a35de25aef8a	STG	councils	STG_matches_2012-08.csv	1662	2012-09-12 09:00:00+00	2026-11-27 14:22:02.851087+00
862e3413c9a2cf51114386725d3f9cf5ebb8e04b93c05339148ce1d8ec3ae51c	STG	councils	STG_matches_2012-09.csv	1592	2012-10-12 09:00:00+00	2026-11-27 14:22:02.851087+00
d1287d46b406233e8ecbf9a19f6417058b9471af34fa0350d0bd236b4d632da5	STG	councils	STG_matches_2012-10.csv	1625	2012-11-12 09:00:00+00	2026-11-27 14:22:02.851087+00
8c06ca6005b810ecba6fcd8c98423af9a4e73b9bd0f2bc7bbc4f27f66514325e	STG	councils	STG_matches_2012-11.csv	1662	2012-12-12 09:00:00+00	2026-11-27 14:22:02.851087+00
8d0d496d8ab129e8351ce72ee1f488d94a918bde36a5c220511d3d8018fd195d	STG	councils	STG_matches_2012-12.csv	1672	2013-01-12 09:00:00+00	2026-11-27 14:22:02.851087+00
779a4256f849efbbd34aced42eb172d05ff7fbb01e79fd8b13fd341f5fb6ab5b	STG	councils	STG_matches_2013-01.csv	1592	2013-02-12 09:00:00+00	2026-11-27 14:22:02.851087+00
779a4256f849efbbd34aced42eb172d05ff7fbb01e79fd8b13fd341f5fb6ab5b	STG	councils	STG_matches_2013-02.csv	1592	2013-04-10 09:00:00+00	2026-11-27 14:22:02.851087+00
53d92a269c0725ad961df1a2d23c97d4c8cb8cbe96afe5fa7a8ea714a8c0ba55	STG	councils	STG_matches_2013-03.csv	1609	2013-04-12 09:00:00+00	2026-11-27 14:22:02.851087+00
cc38c9703ff318f304c60c6dbbfe90e0831e58ea3d0515b36b015cea486e48db	STG	councils	STG_matches_2013-04.csv	1529	2013-05-12 09:00:00+00	2026-11-27 14:22:02.851087+00
384ced924431bf82bd867c0526d43f35644f44a5cc1d4e81397c24f8e7e1471f	STG	councils	STG_matches_2013-05.csv	1561	2013-06-12 09:00:00+00	2026-11-27 14:22:02.851087+00
384ced924431bf82bd867c0526d43f35644f44a5cc1d4e81397c24f8e7e1471f	STG	councils	STG_matches_2013-06.csv	1561	2013-07-12 09:00:00+00	2026-11-27 14:22:02.851087+00
ccfb5cce2b200b7c61f7fb3ccfdd6ff13df74374a98767d1aebb59c8e2074ea6	STG	councils	STG_matches_2013-07.csv	1514	2013-08-12 09:00:00+00	2026-11-27 14:22:02.851087+00
de5ede16b221531748a7891b4f615613b9e52d138200d18d0187df1afbd72bef	STG	councils	STG_milestones_2012-08.csv	31327	2012-09-12 09:00:00+00	2026-11-27 14:22:02.851087+00
d7528c3e98e083273a7db560624d5600cedaf1d11f174dc9dfc4f640e579bc73	STG	councils	STG_milestones_2012-09.csv	32115	2012-10-12 09:00:00+00	2026-11-27 14:22:02.851087+00
f6c88da68a9f4cfc0ab6ad2fb4dd92d8d3c1ad9d431a2de7c058f556a8eac832	STG	councils	STG_milestones_2012-10.csv	33625	2012-11-12 09:00:00+00	2026-11-27 14:22:02.851087+00
b743b77bcd14e02b7b45a6f301e9ff5e2a315fc8785fc561ce139af7aacabdbb	STG	councils	STG_milestones_2012-11.csv	34808	2012-12-12 09:00:00+00	2026-11-27 14:22:02.851087+00
6e3895eccdb095d049f631c55e525a8b0a81163b0d5bf82bf73a73d927d79bed	STG	councils	STG_milestones_2012-12.csv	36306	2013-01-12 09:00:00+00	2026-11-27 14:22:02.851087+00
bc3ac8c2ee22c43e363117c77260b7e50a614163bdebb0eff08bad67b1905c6b	STG	councils	STG_milestones_2013-01.csv	36764	2013-02-12 09:00:00+00	2026-11-27 14:22:02.851087+00
9e16eba0c6b015573c94d380dd148574bc85e3ac2b06685556a0da46be4ea958	STG	councils	STG_milestones_2013-02.csv	37682	2013-04-10 09:00:00+00	2026-11-27 14:22:02.851087+00
0643db93d2bd11a370a8b1ae84222e959aebae620c51b8be8215a5736e5f3631	STG	councils	STG_milestones_2013-03.csv	38741	2013-04-12 09:00:00+00	2026-11-27 14:22:02.851087+00
604c0bd4493b73b6795400a308e3dfdbbd080c17869d9f69e6670948da9b9612	STG	councils	STG_milestones_2013-04.csv	39224	2013-05-12 09:00:00+00	2026-11-27 14:22:02.851087+00
f0f20bb4a47ebc4d96e3dcd778f662a1c7a8ac1b68676bd182c1d34378bc3a98	STG	councils	STG_milestones_2013-05.csv	40334	2013-06-12 09:00:00+00	2026-11-27 14:22:02.851087+00
995e3a05302265b2144825117aec517857edfce1ed11ef788f91029e7611c784	STG	councils	STG_milestones_2013-06.csv	41278	2013-07-12 09:00:00+00	2026-11-27 14:22:02.851087+00
3674f18a416b65bbbd8161179d3d2c5945247b8200e674273bd74499602ec862	STG	councils	STG_milestones_2013-07.csv	41792	2013-08-12 09:00:00+00	2026-11-27 14:22:02.851087+00
746a90f302ae1a2d0e3327281022b2168aa78dea73ee1d31a71900349c9bc972	STG	councils	STG_placements_2012-08.csv	28475	2012-09-12 09:00:00+00	2026-11-27 14:22:02.851087+00
e21d9c5dda031e8974265e487af0f3bf2207ae21a7ac2df79f340ce147eb455d	STG	councils	STG_placements_2012-09.csv	28602	2012-10-12 09:00:00+00	2026-11-27 14:22:02.851087+00
0302d391f83f47da5e20c7e7331f723ac9937c5e4f991ba0c625deceb0f2ec20	STG	councils	STG_placements_2012-10.csv	28873	2012-11-12 09:00:00+00	2026-11-27 14:22:02.851087+00
c7fece6a44069c034afd3daf373494c2d5642b772a81cd1bde3cc55a88b01f9e	STG	councils	STG_placements_2012-11.csv	28812	2012-12-12 09:00:00+00	2026-11-27 14:22:02.851087+00
d0ce1128e84cd971bee289e6d6381dad47b079e4085587cfcb57984ceafe03ce	STG	councils	STG_placements_2012-12.csv	29349	2013-01-12 09:00:00+00	2026-11-27 14:22:02.851087+00
9eee91a2a3ee00e09d55184f546f30794fbc5b959da5d12889ce066b7afcd9b3	STG	councils	STG_placements_2013-01.csv	29662	2013-02-12 09:00:00+00	2026-11-27 14:22:02.851087+00
7e716db96dc5c3cbf38033323a059c4dd1a50722669ddc4f3dec57b6c14cd6ff	STG	councils	STG_placements_2013-02.csv	29626	2013-04-10 09:00:00+00	2026-11-27 14:22:02.851087+00
e4314ebfdb413f09112088450813de540b7d0fd779771341ffbd3f921fa8e1f8	STG	councils	STG_placements_2013-03.csv	29768	2013-04-12 09:00:00+00	2026-11-27 14:22:02.851087+00
13bf53b10837aca44306c19e0f4943590e8f9e4ac2aa59bc703c31af7642d138	STG	councils	STG_placements_2013-04.csv	29611	2013-05-12 09:00:00+00	2026-11-27 14:22:02.851087+00
522837cd133c0ddb6192e846e8b2257eece7f59890f75e465f8a8fa6bc341cce	STG	councils	STG_placements_2013-05.csv	29571	2013-06-12 09:00:00+00	2026-11-27 14:22:02.851087+00
5f806026bf0403e5bdbde93d1c23a60feaf1a7acc43756df9c9d970e7f531033	STG	councils	STG_placements_2013-06.csv	29562	2013-07-12 09:00:00+00	2026-11-27 14:22:02.851087+00
5f959e6f844f8c7aafbcd5bfe004c58c63c56627617b41201d8c0505fc47d130	STG	councils	STG_placements_2013-07.csv	29544	2013-08-12 09:00:00+00	2026-11-27 14:22:02.851087+00
96236604fe5d10a51165729cdfd9e24574228d3193920bdc889cb348396d5274	STG	councils	STG_support_plans_2012-08.csv	1094	2012-09-12 09:00:00+00	2026-11-27 14:22:02.851087+00
96236604fe5d10a51165729cdfd9e24574228d3193920bdc889cb348396d5274	STG	councils	STG_support_plans_2012-09.csv	1094	2012-10-12 09:00:00+00	2026-11-27 14:22:02.851087+00
49e91a46eeab39684f2cee94350108eac45c9e93098cb8e03cd096425729961a	STG	councils	STG_support_plans_2012-10.csv	1145	2012-11-12 09:00:00+00	2026-11-27 14:22:02.851087+00
49e91a46eeab39684f2cee94350108eac45c9e93098cb8e03cd096425729961a	STG	councils	STG_support_plans_2012-11.csv	1145	2012-12-12 09:00:00+00	2026-11-27 14:22:02.851087+00
49e91a46eeab39684f2cee94350108eac45c9e93098cb8e03cd096425729961a	STG	councils	STG_support_plans_2012-12.csv	1145	2013-01-12 09:00:00+00	2026-11-27 14:22:02.851087+00
49e91a46eeab39684f2cee94350108eac45c9e93098cb8e03cd096425729961a	STG	councils	STG_support_plans_2013-01.csv	1145	2013-02-12 09:00:00+00	2026-11-27 14:22:02.851087+00
52dc6e36b7654242ea630a7dacbb68b845020c6b1f370bb36596c95dda692d44	STG	councils	STG_support_plans_2013-02.csv	1196	2013-04-10 09:00:00+00	2026-11-27 14:22:02.851087+00
55c3e5e8d74002b987e72697bde9516f88fb844d2ecb5a152f789fa92fd7112b	STG	councils	STG_support_plans_2013-03.csv	1247	2013-04-12 09:00:00+00	2026-11-27 14:22:02.851087+00
d4092a9ccb2024924578a34c85221f510c802e24a4b339039c568d53c86250aa	STG	councils	STG_support_plans_2013-04.csv	1196	2013-05-12 09:00:00+00	2026-11-27 14:22:02.851087+00
d540cd031681a4cc7eacf3d2d7358ac7d3dcc95edbe3984c40cb84f1b85a74b9	STG	councils	STG_support_plans_2013-05.csv	1206	2013-06-12 09:00:00+00	2026-11-27 14:22:02.851087+00
c179f580ac8966a434f255b6213a3843f4e75da0f97bafde21c8c979395521f8	STG	councils	STG_support_plans_2013-06.csv	1155	2013-07-12 09:00:00+00	2026-11-27 14:22:02.851087+00
aca98af743a8a6317bda65630ba5ae5a24f28f5c40094916151605594d748a8a	STG	councils	STG_support_plans_2013-07.csv	1104	2013-08-12 09:00:00+00	2026-11-27 14:22:02.851087+00
1c73c614d52b63969a7a7200e300102b7677077138afe0efd5acd62a2a292e7d	clas	clas	CLAS_CHILD_2012.csv	40409	2012-11-18 09:00:00+00	2026-11-27 14:22:02.851087+00
09c942454353afeec11fbe25ddd9ebe7c963ffcbd150870ec767e28cbeaa53f7	clas	clas	CLAS_CHILD_2013.csv	39636	2013-11-18 09:00:00+00	2026-11-27 14:22:02.851087+00
e99eab51ccaec544501ef2b35fe5f7e0e376ee3bff2d4f73d4a760d5ad5c5a6d	clas	clas	CLAS_EPISODE_2012.csv	32308	2012-11-18 09:00:00+00	2026-11-27 14:22:02.851087+00
fd314895f800f995011c6772e4ff97cc7b9fba92d849a5df99e924a7c0047cce	clas	clas	CLAS_EPISODE_2013.csv	32698	2013-11-18 09:00:00+00	2026-11-27 14:22:02.851087+00
6ea7055a0015bb206d38d32418e8bfb2b9646b58809488c504f02a3028177402	clas	clas	CLAS_LEGAL_REASON_2012.csv	50843	2012-11-18 09:00:00+00	2026-11-27 14:22:02.851087+00
0f7024f41a781a73b5e5638e382bc43b3c643a95bb3204f5e3142ecbc74ad3d6	clas	clas	CLAS_LEGAL_REASON_2013.csv	79961	2013-11-18 09:00:00+00	2026-11-27 14:22:02.851087+00
18128155a57d7136d4fc4f71d313277b6aa8d9c3d2cc2e8266bfd67e670a901f	clas	clas	CLAS_PLACEMENT_2012.csv	79638	2012-11-18 09:00:00+00	2026-11-27 14:22:02.851087+00
3c25b23ddad1f86be93a3332761ba9c5199bccc9fdd5f1c7ec9ac104e59de83b	clas	clas	CLAS_PLACEMENT_2013.csv	79934	2013-11-18 09:00:00+00	2026-11-27 14:22:02.851087+00
e99f52c69922e18f6a334bbbcad4904f14019baf8a038541b8553d83fff3c22f	clas	clas	PaCT_plan_CLAS2011.csv	800	2013-06-03 09:00:00+00	2026-11-27 14:22:02.851087+00
9cf5b970953a0b09f0534c47ce134af1846f942e0c63dfa86412b8ecc9406c96	clas	clas	CSWS_first_release_CLAS2014.csv	324	2015-03-31 09:00:00+00	2026-11-27 14:22:02.851087+00
a527700f8ab2aaf2e0e00ae01c87a9c71d6f2bc77af26cba4284d7d907c6941d	clas	clas	CSWS_first_release_CLAS2018.csv	353	2019-03-26 09:00:00+00	2026-11-27 14:22:02.851087+00
26ec615b8d829817febfb3e6be89fd80f65bfe304ca125cde83557802cf68cc8	clas	clas	CSWS_first_release_CLAS2019.csv	321	2021-03-01 09:00:00+00	2026-11-27 14:22:02.851087+00
3f23b140028859fd9dc3a3092759c50c1347de89d31e7496390ae52314828c27	clas	clas	LGBF_2022-01_CLAS2011.csv	18619	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00
c38a17531b5418c42f807782ab40c4127372caf945dc0c161a5cac69a0414cff	clas	clas	LGBF_2022-01_CLAS2012.csv	18620	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00
2f8bba6ad4bab4edc3c2c725c7668f0d8a03a8cd49930c86c1b420e2e36f1b06	clas	clas	LGBF_2022-01_CLAS2013.csv	18620	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00
5160b5ad0f035f688826c9e9f22eee9bf250c86847f18a816b7267b4d0e39699	clas	clas	LGBF_2022-01_CLAS2014.csv	18621	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00
c51fea8c9acebf14e30f427f6b4f908126ae1209d10c00ffd1b18e136d8ff1b3	clas	clas	LGBF_2022-01_CLAS2015.csv	18621	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00
57c3f70ef999d91ec9be6a0e42616d4f70c06c881da90cf600642397fc8d0163	clas	clas	LGBF_2022-01_CLAS2016.csv	18618	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00
87a9a016bb3e008e2bc564ef3fcd93cfc39d531085d0da19d71c7d18b01581d8	clas	clas	LGBF_2022-01_CLAS2017.csv	18620	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00
6d1754eae830a79f1b8d5a97cbfe23d8ff74f61e2983e880e205c15f6df2895d	clas	clas	LGBF_2022-01_CLAS2018.csv	18619	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00
97598a86b4da07e768e2ee3ef559997ebfecaaed8c38155f347b9994bbc5d990	clas	clas	LGBF_2022-01_CLAS2019.csv	18619	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00
9a9a00eb4f76a46c3d39a296297d8a5efe93af2ac2bef45fe73b16f429ca4006	clas	clas	LGBF_2022-01_CLAS2020.csv	18618	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00
cbb46b1899a885d1924ef7e1c39154e6234f9c84630343a3e5a30a7316d0ad44	scts	courts	SCTS_applications_2012Q3.csv	4065	2012-11-09 09:00:00+00	2026-11-27 14:22:02.851087+00
a5e627c794de7bc530c699d1287ea1b8d4f1ce25c44885de3269b0e849b0873d	scts	courts	SCTS_applications_2012Q4.csv	4049	2013-02-09 09:00:00+00	2026-11-27 14:22:02.851087+00
2316b5580ea12f1a9d89743b31e99444867ac4b7e768641cb686c5bc2be60509	scts	courts	SCTS_applications_2013Q1.csv	3666	2013-05-10 09:00:00+00	2026-11-27 14:22:02.851087+00
08ef09dfd93fec0a54c9b2a59f29b13594bc79050fabe81f1dc39b40dd9cb722	scts	courts	SCTS_applications_2013Q2.csv	3434	2013-08-09 09:00:00+00	2026-11-27 14:22:02.851087+00
9624e3179b609a4a8c51f4326a04ce8f01ee41462f48d34cbc4525ac386cbd3e	scts	courts	SCS_FOI_permanence_FY2011-12.csv	713	2013-06-03 09:00:00+00	2026-11-27 14:22:02.851087+00
7910d4c66dc1ad7206ebda5d92b637ebd7943c53d393263fa4a5d606411ccb92	scts	courts	CJS_Table8_FY2014-15.csv	532	2016-03-01 09:00:00+00	2026-11-27 14:22:02.851087+00
41a3f148408c8eb33d1160dea059ac9cb539deb34c2ae96c857e58c12859a735	STG	councils	STG_carers_2013-07_v2.csv	15428	2026-11-27 14:24:57.319155+00	2026-11-27 14:25:10.089302+00
75e01a181ea8fcdbe6665aa2339c5092baab473150e1f3e01451778e1c61ed82	STG	councils	STG_children_2013-07_v2.csv	29641	2026-11-27 14:24:57.31532+00	2026-11-27 14:25:10.089302+00
384ced924431bf82bd867c0526d43f35644f44a5cc1d4e81397c24f8e7e1471f	STG	councils	STG_matches_2013-07_v2.csv	1561	2026-11-27 14:24:57.32035+00	2026-11-27 14:25:10.089302+00
995e3a05302265b2144825117aec517857edfce1ed11ef788f91029e7611c784	STG	councils	STG_milestones_2013-07_v2.csv	41278	2026-11-27 14:24:57.316626+00	2026-11-27 14:25:10.089302+00
5f806026bf0403e5bdbde93d1c23a60feaf1a7acc43756df9c9d970e7f531033	STG	councils	STG_placements_2013-07_v2.csv	29562	2026-11-27 14:24:57.317932+00	2026-11-27 14:25:10.089302+00
c179f580ac8966a434f255b6213a3843f4e75da0f97bafde21c8c979395521f8	STG	councils	STG_support_plans_2013-07_v2.csv	1155	2026-11-27 14:24:57.321576+00	2026-11-27 14:25:10.089302+00
\.


--
-- Data for Name: arrivals_calendar; Type: TABLE DATA; Schema: ledger; Owner: -
--

COPY ledger.arrivals_calendar (supplier, collection, period, due, arrived, received_at, days_late, submission_id, state, note) FROM stdin;
ABD	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
ABD	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
ABD	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
ABD	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
ABD	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
ABD	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
ABD	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
ABD	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
ABD	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
ABD	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
ABD	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
ABD	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
ABE	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
ABE	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
ABE	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
ABE	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
ABE	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
ABE	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
ABE	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
ABE	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
ABE	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
ABE	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
ABE	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
ABE	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
AGB	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
AGB	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
AGB	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
AGB	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
AGB	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
AGB	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
AGB	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
AGB	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
AGB	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
AGB	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
AGB	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
AGB	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
ANS	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
ANS	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
ANS	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
ANS	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
ANS	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
ANS	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
ANS	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
ANS	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
ANS	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
ANS	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
ANS	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
ANS	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
CLK	councils	2012-08	2012-09-15	came	2012-09-13 09:00:00+00	0	CLK-councils-2012-08-01	taken_with_refusals	
CLK	councils	2012-09	2012-10-15	came	2012-10-13 09:00:00+00	0	CLK-councils-2012-09-01	taken_with_refusals	
CLK	councils	2012-10	2012-11-15	came	2012-11-13 09:00:00+00	0	CLK-councils-2012-10-01	taken_with_refusals	
CLK	councils	2012-11	2012-12-15	came	2012-12-13 09:00:00+00	0	CLK-councils-2012-11-01	taken_with_refusals	
CLK	councils	2012-12	2013-01-15	came	2013-01-13 09:00:00+00	0	CLK-councils-2012-12-01	taken_with_refusals	
CLK	councils	2013-01	2013-02-15	came	2013-02-13 09:00:00+00	0	CLK-councils-2013-01-01	taken_with_refusals	
CLK	councils	2013-02	2013-03-15	came	2013-03-13 09:00:00+00	0	CLK-councils-2013-02-01	taken_with_refusals	
CLK	councils	2013-03	2013-04-15	came	2013-04-13 09:00:00+00	0	CLK-councils-2013-03-01	taken_with_refusals	
CLK	councils	2013-04	2013-05-15	came	2013-05-13 09:00:00+00	0	CLK-councils-2013-04-01	taken_with_refusals	
CLK	councils	2013-05	2013-06-15	came	2013-06-13 09:00:00+00	0	CLK-councils-2013-05-01	taken_with_refusals	
CLK	councils	2013-06	2013-07-15	came	2013-07-13 09:00:00+00	0	CLK-councils-2013-06-01	taken_with_refusals	
CLK	councils	2013-07	2013-08-15	came	2013-08-13 09:00:00+00	0	CLK-councils-2013-07-01	refused	
DGY	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
DGY	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
DGY	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
DGY	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
DGY	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
DGY	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
DGY	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
DGY	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
DGY	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
DGY	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
DGY	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
DGY	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
DND	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
DND	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
DND	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
DND	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
DND	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
DND	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
DND	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
DND	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
DND	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
DND	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
DND	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
DND	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
EAY	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
EAY	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
EAY	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
EAY	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
EAY	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
EAY	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
EAY	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
EAY	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
EAY	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
EAY	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
EAY	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
EAY	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
EDH	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
EDH	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
EDH	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
EDH	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
EDH	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
EDH	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
EDH	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
EDH	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
EDH	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
EDH	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
EDH	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
EDH	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
EDU	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
EDU	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
EDU	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
EDU	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
EDU	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
EDU	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
EDU	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
EDU	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
EDU	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
EDU	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
EDU	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
EDU	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
ELN	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
ELN	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
ELN	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
ELN	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
ELN	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
ELN	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
ELN	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
ELN	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
ELN	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
ELN	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
ELN	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
ELN	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
ELS	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
ELS	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
ELS	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
ELS	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
ELS	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
ELS	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
ELS	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
ELS	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
ELS	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
ELS	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
ELS	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
ELS	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
ERW	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
ERW	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
ERW	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
ERW	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
ERW	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
ERW	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
ERW	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
ERW	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
ERW	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
ERW	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
ERW	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
ERW	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
FAL	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
FAL	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
FAL	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
FAL	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
FAL	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
FAL	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
FAL	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
FAL	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
FAL	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
FAL	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
FAL	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
FAL	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
FIF	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
FIF	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
FIF	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
FIF	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
FIF	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
FIF	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
FIF	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
FIF	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
FIF	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
FIF	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
FIF	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
FIF	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
GLG	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
GLG	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
GLG	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
GLG	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
GLG	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
GLG	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
GLG	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
GLG	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
GLG	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
GLG	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
GLG	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
GLG	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
HLD	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
HLD	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
HLD	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
HLD	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
HLD	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
HLD	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
HLD	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
HLD	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
HLD	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
HLD	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
HLD	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
HLD	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
IVC	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
IVC	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
IVC	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
IVC	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
IVC	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
IVC	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
IVC	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
IVC	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
IVC	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
IVC	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
IVC	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
IVC	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
MLN	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
MLN	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
MLN	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
MLN	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
MLN	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
MLN	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
MLN	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
MLN	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
MLN	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
MLN	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
MLN	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
MLN	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
MRY	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
MRY	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
MRY	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
MRY	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
MRY	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
MRY	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
MRY	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
MRY	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
MRY	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
MRY	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
MRY	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
MRY	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
NAY	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
NAY	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
NAY	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
NAY	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
NAY	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
NAY	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
NAY	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
NAY	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
NAY	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
NAY	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
NAY	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
NAY	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
NLK	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
NLK	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
NLK	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
NLK	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
NLK	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
NLK	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
NLK	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
NLK	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
NLK	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
NLK	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
NLK	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
NLK	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
ORK	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
ORK	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
ORK	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
ORK	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
ORK	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
ORK	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
ORK	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
ORK	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
ORK	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
ORK	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
ORK	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
ORK	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
PKN	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
PKN	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
PKN	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
PKN	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
PKN	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
PKN	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
PKN	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
PKN	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
PKN	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
PKN	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
PKN	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
PKN	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
RFW	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
RFW	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
RFW	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
RFW	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
RFW	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
RFW	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
RFW	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
RFW	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
RFW	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
RFW	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
RFW	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
RFW	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
SAY	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
SAY	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
SAY	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
SAY	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
SAY	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
SAY	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
SAY	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
SAY	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
SAY	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
SAY	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
SAY	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
SAY	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
SCB	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
SCB	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
SCB	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
SCB	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
SCB	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
SCB	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
SCB	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
SCB	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
SCB	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
SCB	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
SCB	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
SCB	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
SLK	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
SLK	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
SLK	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
SLK	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
SLK	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
SLK	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
SLK	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
SLK	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
SLK	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
SLK	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
SLK	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
SLK	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
STG	councils	2012-08	2012-09-15	came	2012-09-12 09:00:00+00	0	STG-councils-2012-08-01	taken_with_refusals	
STG	councils	2012-09	2012-10-15	came	2012-10-12 09:00:00+00	0	STG-councils-2012-09-01	taken_with_refusals	
STG	councils	2012-10	2012-11-15	came	2012-11-12 09:00:00+00	0	STG-councils-2012-10-01	taken_with_refusals	
STG	councils	2012-11	2012-12-15	came	2012-12-12 09:00:00+00	0	STG-councils-2012-11-01	taken_with_refusals	
STG	councils	2012-12	2013-01-15	came	2013-01-12 09:00:00+00	0	STG-councils-2012-12-01	taken_with_refusals	
STG	councils	2013-01	2013-02-15	came	2013-02-12 09:00:00+00	0	STG-councils-2013-01-01	taken_with_refusals	
STG	councils	2013-02	2013-03-15	came_late	2013-04-10 09:00:00+00	26	STG-councils-2013-02-01	taken	
STG	councils	2013-03	2013-04-15	came	2013-04-12 09:00:00+00	0	STG-councils-2013-03-01	taken_with_refusals	
STG	councils	2013-04	2013-05-15	came	2013-05-12 09:00:00+00	0	STG-councils-2013-04-01	taken_with_refusals	
STG	councils	2013-05	2013-06-15	came	2013-06-12 09:00:00+00	0	STG-councils-2013-05-01	taken_with_refusals	
STG	councils	2013-06	2013-07-15	came	2013-07-12 09:00:00+00	0	STG-councils-2013-06-01	taken_with_refusals	
STG	councils	2013-07	2013-08-15	came	2013-08-12 09:00:00+00	0	STG-councils-2013-07-01	taken_with_refusals	
WDU	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
WDU	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
WDU	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
WDU	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
WDU	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
WDU	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
WDU	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
WDU	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
WDU	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
WDU	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
WDU	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
WDU	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
WLN	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
WLN	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
WLN	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
WLN	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
WLN	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
WLN	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
WLN	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
WLN	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
WLN	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
WLN	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
WLN	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
WLN	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
ZET	councils	2012-08	2012-09-15	nothing_came	\N	335	\N	\N	
ZET	councils	2012-09	2012-10-15	nothing_came	\N	305	\N	\N	
ZET	councils	2012-10	2012-11-15	nothing_came	\N	274	\N	\N	
ZET	councils	2012-11	2012-12-15	nothing_came	\N	244	\N	\N	
ZET	councils	2012-12	2013-01-15	nothing_came	\N	213	\N	\N	
ZET	councils	2013-01	2013-02-15	nothing_came	\N	182	\N	\N	
ZET	councils	2013-02	2013-03-15	nothing_came	\N	154	\N	\N	
ZET	councils	2013-03	2013-04-15	nothing_came	\N	123	\N	\N	
ZET	councils	2013-04	2013-05-15	nothing_came	\N	93	\N	\N	
ZET	councils	2013-05	2013-06-15	nothing_came	\N	62	\N	\N	
ZET	councils	2013-06	2013-07-15	nothing_came	\N	32	\N	\N	
ZET	councils	2013-07	2013-08-15	nothing_came	\N	1	\N	\N	
clas	clas	CLAS2012	2012-11-30	came	2012-11-18 09:00:00+00	0	clas-clas-CLAS2012-02	taken_with_refusals	delivery 2
clas	clas	CLAS2013	2013-11-30	came	2013-11-18 09:00:00+00	0	clas-clas-CLAS2013-02	taken_with_refusals	delivery 2
scts	courts	2012-Q3	2012-10-30	came_late	2012-11-09 09:00:00+00	10	scts-courts-2012-Q3-01	taken	
scts	courts	2012-Q4	2013-01-30	came_late	2013-02-09 09:00:00+00	10	scts-courts-2012-Q4-01	taken	
scts	courts	2013-Q1	2013-04-30	came_late	2013-05-10 09:00:00+00	10	scts-courts-2013-Q1-01	taken	
scts	courts	2013-Q2	2013-07-30	came_late	2013-08-09 09:00:00+00	10	scts-courts-2013-Q2-01	taken	
\.


--
-- Data for Name: decision; Type: TABLE DATA; Schema: ledger; Owner: -
--

COPY ledger.decision (decision_id, submission_id, judging, decided_at, who, decision, because, readings, covers) FROM stdin;
1	STG-councils-2013-07-02	1	2026-11-27 14:25:10.451961+00	a.person	refuse	they rang: June's file under July's name	{}	[["", "FILE-011"], ["milestones", "MI-064"], ["placements", "PL-038"]]
\.


--
-- Data for Name: finding_count; Type: TABLE DATA; Schema: ledger; Owner: -
--

COPY ledger.finding_count (submission_id, judging, table_name, rule, column_name, severity, rows_found, rows_examined) FROM stdin;
STG-councils-2012-08-01	1	milestones	MI-002	on_date	refuse	1	817
STG-councils-2012-08-01	1	milestones	MI-033	round	warn	1	816
STG-councils-2012-08-01	1	milestones	MI-035	on_date	warn	1	8
STG-councils-2012-08-01	1	milestones	MI-037	on_date	warn	8	73
STG-councils-2012-08-01	1	milestones	MI-004	child_ref	refuse	1	818
STG-councils-2012-08-01	1	milestones	MI-055	milestone	warn	6	167
CLK-councils-2012-08-01	1	carers	CA-024	enquiry_on	warn	1	2
CLK-councils-2012-08-01	1	children	CH-013	looked_after_from	refuse	1	292
CLK-councils-2012-08-01	1	milestones	MI-010	child_ref	refuse	3	778
CLK-councils-2012-08-01	1	milestones	MI-030	on_date	warn	1	8
CLK-councils-2012-08-01	1	milestones	MI-035	on_date	warn	1	8
CLK-councils-2012-08-01	1	milestones	MI-037	on_date	warn	9	70
CLK-councils-2012-08-01	1	milestones	MI-045	on_date	warn	1	45
CLK-councils-2012-08-01	1	milestones	MI-055	milestone	warn	1	144
CLK-councils-2012-08-01	1	placements	PL-003	placement_type	refuse	1	510
CLK-councils-2012-08-01	1	placements	PL-010	child_ref	refuse	3	510
CLK-councils-2012-08-01	1	placements	PL-011	to_date	refuse	1	296
CLK-councils-2012-08-01	1	placements	PL-016	carer_ref	warn	4	205
CLK-councils-2012-08-01	1	placements	PL-020	to_date	warn	1	214
CLK-councils-2012-08-01	1	placements	PL-023	placement_type	warn	3	387
STG-councils-2012-09-01	1	milestones	MI-011	on_date	refuse	1	846
STG-councils-2012-09-01	1	milestones	MI-032	on_date	warn	1	685
STG-councils-2012-09-01	1	milestones	MI-033	round	warn	3	846
STG-councils-2012-09-01	1	milestones	MI-037	on_date	warn	10	84
STG-councils-2012-09-01	1	milestones	MI-059	on_date	warn	1	807
STG-councils-2012-09-01	1	milestones	MI-055	milestone	warn	4	168
STG-councils-2012-09-01	1	placements	PL-002	from_date	refuse	1	610
STG-councils-2012-09-01	1	placements	PL-035	child_ref	warn	1	600
CLK-councils-2012-09-01	1	carers	CA-024	enquiry_on	warn	2	3
CLK-councils-2012-09-01	1	milestones	MI-002	round	refuse	1	805
CLK-councils-2012-09-01	1	milestones	MI-030	on_date	warn	1	8
CLK-councils-2012-09-01	1	milestones	MI-033	round	warn	2	804
CLK-councils-2012-09-01	1	milestones	MI-035	on_date	warn	1	7
CLK-councils-2012-09-01	1	milestones	MI-036	on_date	warn	1	5
CLK-councils-2012-09-01	1	milestones	MI-037	on_date	warn	12	72
CLK-councils-2012-09-01	1	milestones	MI-045	on_date	warn	1	46
CLK-councils-2012-09-01	1	milestones	MI-004	child_ref	refuse	1	806
CLK-councils-2012-09-01	1	milestones	MI-055	milestone	warn	1	142
CLK-councils-2012-09-01	1	milestones	MI-061	child_ref	warn	1	770
CLK-councils-2012-09-01	1	placements	PL-010	child_ref	refuse	1	511
CLK-councils-2012-09-01	1	placements	PL-016	carer_ref	warn	4	208
CLK-councils-2012-09-01	1	placements	PL-020	to_date	warn	1	210
CLK-councils-2012-09-01	1	placements	PL-023	placement_type	warn	1	391
CLK-councils-2012-09-01	1	placements	PL-021	to_date	warn	1	210
CLK-councils-2012-09-01	1	placements	PL-035	child_ref	warn	1	497
STG-councils-2012-10-01	1	milestones	MI-001	on_date	refuse	1	890
STG-councils-2012-10-01	1	milestones	MI-033	round	warn	1	889
STG-councils-2012-10-01	1	milestones	MI-037	on_date	warn	9	83
STG-councils-2012-10-01	1	milestones	MI-055	milestone	warn	3	166
STG-councils-2012-10-01	1	placements	PL-001	placement_type	refuse	1	614
STG-councils-2012-10-01	1	placements	PL-003	placement_type	refuse	2	613
STG-councils-2012-10-01	1	placements	PL-016	carer_ref	warn	1	278
STG-councils-2012-10-01	1	placements	PL-031	placement_type	warn	1	599
CLK-councils-2012-10-01	1	carers	CA-024	enquiry_on	warn	1	2
CLK-councils-2012-10-01	1	children	CH-007		refuse	1	290
CLK-councils-2012-10-01	1	milestones	MI-001	on_date	refuse	1	828
CLK-councils-2012-10-01	1	milestones	MI-030	on_date	warn	1	8
CLK-councils-2012-10-01	1	milestones	MI-035	on_date	warn	1	6
CLK-councils-2012-10-01	1	milestones	MI-036	on_date	warn	1	9
CLK-councils-2012-10-01	1	milestones	MI-037	on_date	warn	10	66
CLK-councils-2012-10-01	1	milestones	MI-045	on_date	warn	1	44
CLK-councils-2012-10-01	1	milestones	MI-049	on_date	warn	1	18
CLK-councils-2012-10-01	1	milestones	MI-055	milestone	warn	1	139
CLK-councils-2012-10-01	1	placements	PL-016	carer_ref	warn	3	209
STG-councils-2012-11-01	1	carers	CA-024	enquiry_on	warn	1	2
STG-councils-2012-11-01	1	milestones	MI-001	on_date	refuse	2	925
STG-councils-2012-11-01	1	milestones	MI-002	on_date	refuse	1	923
STG-councils-2012-11-01	1	milestones	MI-010	child_ref	refuse	1	925
STG-councils-2012-11-01	1	milestones	MI-036	on_date	warn	1	6
STG-councils-2012-11-01	1	milestones	MI-037	on_date	warn	6	87
STG-councils-2012-11-01	1	milestones	MI-049	on_date	warn	1	14
STG-councils-2012-11-01	1	milestones	MI-055	milestone	warn	2	161
STG-councils-2012-11-01	1	milestones	MI-061	child_ref	warn	1	883
STG-councils-2012-11-01	1	placements	PL-016	carer_ref	warn	1	279
STG-councils-2012-11-01	1	placements	PL-027	from_date	warn	1	3
CLK-councils-2012-11-01	1	carers	CA-024	enquiry_on	warn	1	2
CLK-councils-2012-11-01	1	milestones	MI-011	on_date	refuse	1	834
CLK-councils-2012-11-01	1	milestones	MI-030	on_date	warn	1	8
CLK-councils-2012-11-01	1	milestones	MI-032	on_date	warn	1	650
CLK-councils-2012-11-01	1	milestones	MI-033	round	warn	2	834
CLK-councils-2012-11-01	1	milestones	MI-035	on_date	warn	1	8
CLK-councils-2012-11-01	1	milestones	MI-036	on_date	warn	1	9
CLK-councils-2012-11-01	1	milestones	MI-037	on_date	warn	9	66
CLK-councils-2012-11-01	1	milestones	MI-045	on_date	warn	1	43
CLK-councils-2012-11-01	1	milestones	MI-059	on_date	warn	1	802
CLK-councils-2012-11-01	1	milestones	MI-055	milestone	warn	1	139
CLK-councils-2012-11-01	1	placements	PL-016	carer_ref	warn	3	204
STG-councils-2012-12-01	1	carers	CA-024	enquiry_on	warn	1	1
STG-councils-2012-12-01	1	children	CH-013	looked_after_from	refuse	1	332
STG-councils-2012-12-01	1	milestones	MI-010	child_ref	refuse	1	970
STG-councils-2012-12-01	1	milestones	MI-011	on_date	refuse	1	970
STG-councils-2012-12-01	1	milestones	MI-036	on_date	warn	1	7
STG-councils-2012-12-01	1	milestones	MI-037	on_date	warn	7	84
STG-councils-2012-12-01	1	milestones	MI-059	on_date	warn	1	918
STG-councils-2012-12-01	1	milestones	MI-055	milestone	warn	2	160
STG-councils-2012-12-01	1	placements	PL-001	placement_type	refuse	1	623
STG-councils-2012-12-01	1	placements	PL-010	child_ref	refuse	2	623
STG-councils-2012-12-01	1	placements	PL-016	carer_ref	warn	1	282
STG-councils-2012-12-01	1	placements	PL-020	to_date	warn	1	252
STG-councils-2012-12-01	1	placements	PL-023	placement_type	warn	1	474
STG-councils-2012-12-01	1	placements	PL-027	from_date	warn	1	2
STG-councils-2012-12-01	1	placements	PL-035	child_ref	warn	1	604
CLK-councils-2012-12-01	1	milestones	MI-003	milestone	refuse	1	854
CLK-councils-2012-12-01	1	milestones	MI-030	on_date	warn	2	9
CLK-councils-2012-12-01	1	milestones	MI-035	on_date	warn	1	9
CLK-councils-2012-12-01	1	milestones	MI-036	on_date	warn	1	7
CLK-councils-2012-12-01	1	milestones	MI-037	on_date	warn	5	64
CLK-councils-2012-12-01	1	milestones	MI-045	on_date	warn	1	43
CLK-councils-2012-12-01	1	milestones	MI-055	milestone	warn	1	136
CLK-councils-2012-12-01	1	milestones	MI-061	child_ref	warn	1	827
CLK-councils-2012-12-01	1	placements	PL-016	carer_ref	warn	3	203
STG-councils-2013-01-01	1	carers	CA-024	enquiry_on	warn	1	1
STG-councils-2013-01-01	1	milestones	MI-036	on_date	warn	2	9
STG-councils-2013-01-01	1	milestones	MI-037	on_date	warn	6	76
STG-councils-2013-01-01	1	milestones	MI-055	milestone	warn	2	159
STG-councils-2013-01-01	1	placements	PL-002	from_date	refuse	1	630
STG-councils-2013-01-01	1	placements	PL-016	carer_ref	warn	1	281
STG-councils-2013-01-01	1	placements	PL-035	child_ref	warn	1	611
CLK-councils-2013-01-01	1	milestones	MI-001	on_date	refuse	1	882
CLK-councils-2013-01-01	1	milestones	MI-030	on_date	warn	2	9
CLK-councils-2013-01-01	1	milestones	MI-033	round	warn	1	881
CLK-councils-2013-01-01	1	milestones	MI-036	on_date	warn	2	5
CLK-councils-2013-01-01	1	milestones	MI-037	on_date	warn	6	67
CLK-councils-2013-01-01	1	milestones	MI-045	on_date	warn	1	42
CLK-councils-2013-01-01	1	milestones	MI-055	milestone	warn	1	137
CLK-councils-2013-01-01	1	placements	PL-016	carer_ref	warn	3	203
CLK-councils-2013-01-01	1	matches	MA-001	carer_ref	refuse	1	22
CLK-councils-2013-01-01	1	matches	MA-035	child_ref	warn	1	21
STG-councils-2013-02-01	1	milestones	MI-035	on_date	warn	1	14
STG-councils-2013-02-01	1	milestones	MI-036	on_date	warn	3	8
STG-councils-2013-02-01	1	milestones	MI-037	on_date	warn	5	77
STG-councils-2013-02-01	1	milestones	MI-055	milestone	warn	2	156
STG-councils-2013-02-01	1	placements	PL-016	carer_ref	warn	1	279
STG-councils-2013-02-01	1	placements	PL-027	from_date	warn	1	3
CLK-councils-2013-02-01	1	carers	CA-002	enquiry_on	refuse	1	121
CLK-councils-2013-02-01	1	carers	CA-037	carer_ref	warn	1	102
CLK-councils-2013-02-01	1	milestones	MI-001	on_date	refuse	1	886
CLK-councils-2013-02-01	1	milestones	MI-030	on_date	warn	2	8
CLK-councils-2013-02-01	1	milestones	MI-036	on_date	warn	3	6
CLK-councils-2013-02-01	1	milestones	MI-037	on_date	warn	5	63
CLK-councils-2013-02-01	1	milestones	MI-045	on_date	warn	1	41
CLK-councils-2013-02-01	1	milestones	MI-055	milestone	warn	1	131
CLK-councils-2013-02-01	1	placements	PL-016	carer_ref	warn	5	197
STG-councils-2013-03-01	1	milestones	MI-003	milestone	refuse	1	1049
STG-councils-2013-03-01	1	milestones	MI-034	on_date	warn	1	2
STG-councils-2013-03-01	1	milestones	MI-035	on_date	warn	1	11
STG-councils-2013-03-01	1	milestones	MI-036	on_date	warn	2	9
STG-councils-2013-03-01	1	milestones	MI-037	on_date	warn	5	74
STG-councils-2013-03-01	1	milestones	MI-046	on_date	warn	1	24
STG-councils-2013-03-01	1	milestones	MI-004	child_ref	refuse	1	1050
STG-councils-2013-03-01	1	milestones	MI-055	milestone	warn	2	154
STG-councils-2013-03-01	1	milestones	MI-061	child_ref	warn	1	1002
STG-councils-2013-03-01	1	placements	PL-016	carer_ref	warn	1	276
STG-councils-2013-03-01	1	placements	PL-027	from_date	warn	1	2
CLK-councils-2013-03-01	1	carers	CA-003	approval_kind	refuse	1	122
CLK-councils-2013-03-01	1	carers	CA-010	enquiry_on	refuse	1	122
CLK-councils-2013-03-01	1	carers	CA-011	information_sent_on	refuse	1	121
CLK-councils-2013-03-01	1	carers	CA-012	application_on	refuse	1	119
CLK-councils-2013-03-01	1	carers	CA-015	decision_on	refuse	1	109
CLK-councils-2013-03-01	1	carers	CA-019	assessment_from	warn	1	115
CLK-councils-2013-03-01	1	carers	CA-037	carer_ref	warn	2	102
CLK-councils-2013-03-01	1	milestones	MI-030	on_date	warn	2	8
CLK-councils-2013-03-01	1	milestones	MI-036	on_date	warn	3	8
CLK-councils-2013-03-01	1	milestones	MI-037	on_date	warn	6	70
CLK-councils-2013-03-01	1	milestones	MI-045	on_date	warn	1	41
CLK-councils-2013-03-01	1	milestones	MI-055	milestone	warn	1	129
CLK-councils-2013-03-01	1	placements	PL-016	carer_ref	warn	6	193
CLK-councils-2013-03-01	1	placements	PL-027	from_date	warn	1	1
CLK-councils-2013-03-01	1	support_plans	SP-011	carer_ref	warn	1	18
STG-councils-2013-04-01	1	children	CH-002	looked_after_from	refuse	1	336
STG-councils-2013-04-01	1	children	CH-010	looked_after_from	refuse	1	335
STG-councils-2013-04-01	1	children	CH-026	date_of_birth	warn	1	333
STG-councils-2013-04-01	1	children	CH-037	child_ref	warn	1	333
STG-councils-2013-04-01	1	milestones	MI-002	on_date	refuse	1	1067
STG-councils-2013-04-01	1	milestones	MI-010	child_ref	refuse	12	1067
STG-councils-2013-04-01	1	milestones	MI-034	on_date	warn	1	2
STG-councils-2013-04-01	1	milestones	MI-035	on_date	warn	1	9
STG-councils-2013-04-01	1	milestones	MI-036	on_date	warn	1	8
STG-councils-2013-04-01	1	milestones	MI-037	on_date	warn	8	78
STG-councils-2013-04-01	1	milestones	MI-004	child_ref	refuse	1	1068
STG-councils-2013-04-01	1	milestones	MI-055	milestone	warn	2	150
STG-councils-2013-04-01	1	placements	PL-001	placement_type	refuse	1	627
STG-councils-2013-04-01	1	placements	PL-002	from_date	refuse	1	627
STG-councils-2013-04-01	1	placements	PL-010	child_ref	refuse	5	627
STG-councils-2013-04-01	1	placements	PL-016	carer_ref	warn	1	273
STG-councils-2013-04-01	1	placements	PL-020	to_date	warn	2	242
STG-councils-2013-04-01	1	placements	PL-023	placement_type	warn	5	470
STG-councils-2013-04-01	1	placements	PL-004	child_ref	refuse	1	628
STG-councils-2013-04-01	1	placements	PL-035	child_ref	warn	1	616
STG-councils-2013-05-01	1	milestones	MI-002	on_date	refuse	1	1099
STG-councils-2013-05-01	1	milestones	MI-002	round	refuse	1	1099
STG-councils-2013-05-01	1	milestones	MI-034	on_date	warn	1	1
STG-councils-2013-05-01	1	milestones	MI-035	on_date	warn	1	7
STG-councils-2013-05-01	1	milestones	MI-036	on_date	warn	2	10
STG-councils-2013-05-01	1	milestones	MI-037	on_date	warn	11	74
STG-councils-2013-05-01	1	milestones	MI-055	milestone	warn	1	150
STG-councils-2013-05-01	1	milestones	MI-061	child_ref	warn	1	1048
STG-councils-2013-05-01	1	placements	PL-010	child_ref	refuse	1	626
STG-councils-2013-05-01	1	placements	PL-016	carer_ref	warn	1	275
STG-councils-2013-05-01	1	placements	PL-023	placement_type	warn	1	471
STG-councils-2013-05-01	1	placements	PL-035	child_ref	warn	1	611
CLK-councils-2013-04-01	1	children	CH-010	looked_after_from	refuse	1	263
CLK-councils-2013-04-01	1	children	CH-026	date_of_birth	warn	1	257
CLK-councils-2013-04-01	1	children	CH-004	child_ref	refuse	1	264
CLK-councils-2013-04-01	1	milestones	MI-010	child_ref	refuse	3	933
CLK-councils-2013-04-01	1	milestones	MI-030	on_date	warn	2	8
CLK-councils-2013-04-01	1	milestones	MI-036	on_date	warn	2	6
CLK-councils-2013-04-01	1	milestones	MI-037	on_date	warn	9	64
CLK-councils-2013-04-01	1	milestones	MI-045	on_date	warn	1	41
CLK-councils-2013-04-01	1	milestones	MI-055	milestone	warn	1	127
CLK-councils-2013-04-01	1	placements	PL-010	child_ref	refuse	2	480
CLK-councils-2013-04-01	1	placements	PL-016	carer_ref	warn	1	193
CLK-councils-2013-04-01	1	placements	PL-023	placement_type	warn	1	369
CLK-councils-2013-04-01	1	placements	PL-027	from_date	warn	1	1
STG-councils-2013-06-01	1	milestones	MI-002	on_date	refuse	1	1127
STG-councils-2013-06-01	1	milestones	MI-035	on_date	warn	2	12
STG-councils-2013-06-01	1	milestones	MI-036	on_date	warn	2	7
STG-councils-2013-06-01	1	milestones	MI-037	on_date	warn	12	70
STG-councils-2013-06-01	1	milestones	MI-004	child_ref	refuse	1	1128
STG-councils-2013-06-01	1	placements	PL-016	carer_ref	warn	1	274
CLK-councils-2013-05-01	1	milestones	MI-002	on_date	refuse	1	963
CLK-councils-2013-05-01	1	milestones	MI-030	on_date	warn	2	8
CLK-councils-2013-05-01	1	milestones	MI-035	on_date	warn	1	9
CLK-councils-2013-05-01	1	milestones	MI-036	on_date	warn	1	5
CLK-councils-2013-05-01	1	milestones	MI-037	on_date	warn	12	65
CLK-councils-2013-05-01	1	milestones	MI-045	on_date	warn	1	42
CLK-councils-2013-05-01	1	placements	PL-016	carer_ref	warn	1	196
CLK-councils-2013-05-01	1	placements	PL-027	from_date	warn	1	1
CLK-councils-2013-06-01	1	carers	CA-010	enquiry_on	refuse	1	127
CLK-councils-2013-06-01	1	carers	CA-011	information_sent_on	refuse	1	127
CLK-councils-2013-06-01	1	carers	CA-012	application_on	refuse	1	123
CLK-councils-2013-06-01	1	carers	CA-017	closed_on	refuse	1	21
CLK-councils-2013-06-01	1	carers	CA-024	enquiry_on	warn	1	2
CLK-councils-2013-06-01	1	milestones	MI-030	on_date	warn	2	8
CLK-councils-2013-06-01	1	milestones	MI-035	on_date	warn	1	7
CLK-councils-2013-06-01	1	milestones	MI-037	on_date	warn	12	59
CLK-councils-2013-06-01	1	milestones	MI-045	on_date	warn	1	42
CLK-councils-2013-06-01	1	placements	PL-016	carer_ref	warn	1	199
CLK-councils-2013-06-01	1	placements	PL-027	from_date	warn	1	1
STG-councils-2013-07-01	1	carers	CA-024	enquiry_on	warn	1	1
STG-councils-2013-07-01	1	children	CH-002	looked_after_from	refuse	1	341
STG-councils-2013-07-01	1	children	CH-037	child_ref	warn	1	334
STG-councils-2013-07-01	1	milestones	MI-010	child_ref	refuse	1	1147
STG-councils-2013-07-01	1	milestones	MI-033	round	warn	4	1147
STG-councils-2013-07-01	1	milestones	MI-035	on_date	warn	2	11
STG-councils-2013-07-01	1	milestones	MI-036	on_date	warn	2	9
STG-councils-2013-07-01	1	milestones	MI-037	on_date	warn	10	64
STG-councils-2013-07-01	1	milestones	MI-061	child_ref	warn	1	1106
STG-councils-2013-07-01	1	placements	PL-010	child_ref	refuse	1	626
STG-councils-2013-07-01	1	placements	PL-016	carer_ref	warn	1	273
STG-councils-2013-07-01	1	placements	PL-004	child_ref	refuse	1	627
CLK-councils-2013-07-01	1	support_plans	FILE-004		file	0	0
CLK-councils-2013-07-01	1	carers	CA-024	enquiry_on	warn	1	2
CLK-councils-2013-07-01	1	milestones	MI-030	on_date	warn	2	7
CLK-councils-2013-07-01	1	milestones	MI-035	on_date	warn	2	10
CLK-councils-2013-07-01	1	milestones	MI-037	on_date	warn	12	64
CLK-councils-2013-07-01	1	milestones	MI-045	on_date	warn	1	39
CLK-councils-2013-07-01	1	placements	PL-016	carer_ref	warn	1	200
CLK-councils-2013-07-01	1	placements	PL-027	from_date	warn	1	4
scts-courts-2012-Q3-01	1	applications	AP-019	outcome_on	warn	1	1
scts-courts-2012-Q4-01	1	applications	AP-019	outcome_on	warn	1	3
clas-clas-CLAS2012-01	1	legal_reasons	LR-016	reason_start	warn	3	679
clas-clas-CLAS2012-01	1	legal_reasons	LR-017	reason_start	warn	1	14
clas-clas-CLAS2012-01	1	placements	LP-002	placement_start	refuse	2	1088
clas-clas-CLAS2012-01	1	placements	LP-015	placement_start	warn	7	1086
clas-clas-CLAS2012-01	1	placements	LP-016	placement_end	warn	3	623
clas-clas-CLAS2012-02	1	legal_reasons	LR-016	reason_start	warn	3	679
clas-clas-CLAS2012-02	1	legal_reasons	LR-017	reason_start	warn	1	14
clas-clas-CLAS2012-02	1	placements	LP-002	placement_start	refuse	2	1088
clas-clas-CLAS2012-02	1	placements	LP-015	placement_start	warn	7	1086
clas-clas-CLAS2012-02	1	placements	LP-016	placement_end	warn	3	623
clas-clas-CLAS2013-01	1	children	LC-002	date_of_birth	refuse	1	585
clas-clas-CLAS2013-01	1	episodes	LE-011	council	refuse	1	590
clas-clas-CLAS2013-01	1	legal_reasons	LR-011	council	refuse	2	982
clas-clas-CLAS2013-01	1	legal_reasons	LR-016	reason_start	warn	2	980
clas-clas-CLAS2013-01	1	legal_reasons	LR-017	reason_start	warn	2	15
clas-clas-CLAS2013-01	1	placements	LP-002	placement_start	refuse	1	1088
clas-clas-CLAS2013-01	1	placements	LP-003	placement_type	refuse	3	1088
clas-clas-CLAS2013-01	1	placements	LP-011	council	refuse	2	1088
clas-clas-CLAS2013-01	1	placements	LP-015	placement_start	warn	2	1085
clas-clas-CLAS2013-01	1	placements	LP-020	placement_type	warn	3	854
clas-clas-CLAS2013-02	1	children	LC-002	date_of_birth	refuse	1	585
clas-clas-CLAS2013-02	1	episodes	LE-011	council	refuse	1	590
clas-clas-CLAS2013-02	1	legal_reasons	LR-011	council	refuse	2	982
clas-clas-CLAS2013-02	1	legal_reasons	LR-016	reason_start	warn	2	980
clas-clas-CLAS2013-02	1	legal_reasons	LR-017	reason_start	warn	2	15
clas-clas-CLAS2013-02	1	placements	LP-002	placement_start	refuse	1	1088
clas-clas-CLAS2013-02	1	placements	LP-003	placement_type	refuse	3	1088
clas-clas-CLAS2013-02	1	placements	LP-011	council	refuse	2	1088
clas-clas-CLAS2013-02	1	placements	LP-015	placement_start	warn	2	1085
STG-councils-2013-07-02	1		FILE-011		hold	0	2265
STG-councils-2013-07-02	1	milestones	MI-064	on_date	hold	268	268
STG-councils-2013-07-02	1	placements	PL-038	from_date	hold	162	162
STG-councils-2013-07-02	1	carers	CA-036	closed_on	warn	1	23
STG-councils-2013-07-02	1	carers	CA-037	carer_ref	warn	3	110
STG-councils-2013-07-02	1	children	CH-031	looked_after_to	warn	1	94
STG-councils-2013-07-02	1	children	CH-033	away_from_home_from	warn	1	222
STG-councils-2013-07-02	1	children	CH-035	child_ref	warn	7	246
STG-councils-2013-07-02	1	milestones	MI-002	on_date	refuse	1	1127
STG-councils-2013-07-02	1	milestones	MI-035	on_date	warn	2	10
STG-councils-2013-07-02	1	milestones	MI-036	on_date	warn	2	4
STG-councils-2013-07-02	1	milestones	MI-037	on_date	warn	6	40
STG-councils-2013-07-02	1	milestones	MI-004	child_ref	refuse	1	1128
STG-councils-2013-07-02	1	milestones	MI-061	child_ref	warn	32	1138
STG-councils-2013-07-02	1	placements	PL-016	carer_ref	warn	1	274
STG-councils-2013-07-02	1	placements	PL-034	to_date	warn	4	379
STG-councils-2013-07-02	1	placements	PL-035	child_ref	warn	3	618
STG-councils-2013-07-02	1	matches	MA-035	child_ref	warn	1	21
STG-councils-2013-07-02	2		FILE-011		hold	0	2265
STG-councils-2013-07-02	2	milestones	MI-064	on_date	hold	268	268
STG-councils-2013-07-02	2	placements	PL-038	from_date	hold	162	162
STG-councils-2013-07-02	2	carers	CA-036	closed_on	warn	1	23
STG-councils-2013-07-02	2	carers	CA-037	carer_ref	warn	3	110
STG-councils-2013-07-02	2	children	CH-031	looked_after_to	warn	1	94
STG-councils-2013-07-02	2	children	CH-033	away_from_home_from	warn	1	222
STG-councils-2013-07-02	2	children	CH-035	child_ref	warn	7	246
STG-councils-2013-07-02	2	milestones	MI-002	on_date	refuse	1	1127
STG-councils-2013-07-02	2	milestones	MI-035	on_date	warn	2	10
STG-councils-2013-07-02	2	milestones	MI-036	on_date	warn	2	4
STG-councils-2013-07-02	2	milestones	MI-037	on_date	warn	6	40
STG-councils-2013-07-02	2	milestones	MI-004	child_ref	refuse	1	1128
STG-councils-2013-07-02	2	milestones	MI-061	child_ref	warn	32	1138
STG-councils-2013-07-02	2	placements	PL-016	carer_ref	warn	1	274
STG-councils-2013-07-02	2	placements	PL-034	to_date	warn	4	379
STG-councils-2013-07-02	2	placements	PL-035	child_ref	warn	3	618
STG-councils-2013-07-02	2	matches	MA-035	child_ref	warn	1	21
\.


--
-- Data for Name: judging; Type: TABLE DATA; Schema: ledger; Owner: -
--

COPY ledger.judging (submission_id, judging, judged_at, state, rows_read, rows_taken, rows_refused, rows_warned, reason, contract_version, fingerprint, lake_name, compared_with, decision_id) FROM stdin;
STG-councils-2012-08-01	1	2026-11-27 14:22:08.366982+00	taken_with_refusals	1927	1925	2	10		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2012-08-01		\N
CLK-councils-2012-08-01	1	2026-11-27 14:22:08.371237+00	taken_with_refusals	1746	1737	9	17		1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2012-08-01		\N
STG-councils-2012-09-01	1	2026-11-27 14:22:08.616024+00	taken_with_refusals	1957	1955	2	12		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2012-09-01	STG-councils-2012-08-01	\N
CLK-councils-2012-09-01	1	2026-11-27 14:22:08.673278+00	taken_with_refusals	1774	1771	3	23		1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2012-09-01	CLK-councils-2012-08-01	\N
STG-councils-2012-10-01	1	2026-11-27 14:22:08.8836+00	taken_with_refusals	2008	2004	4	10		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2012-10-01	STG-councils-2012-09-01	\N
CLK-councils-2012-10-01	1	2026-11-27 14:22:08.89164+00	taken_with_refusals	1798	1796	2	19		1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2012-10-01	CLK-councils-2012-09-01	\N
STG-councils-2012-11-01	1	2026-11-27 14:22:09.101668+00	taken_with_refusals	2038	2034	4	10		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2012-11-01	STG-councils-2012-10-01	\N
CLK-councils-2012-11-01	1	2026-11-27 14:22:09.12592+00	taken_with_refusals	1779	1778	1	18		1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2012-11-01	CLK-councils-2012-10-01	\N
STG-councils-2012-12-01	1	2026-11-27 14:22:09.291546+00	taken_with_refusals	2103	2097	6	11		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2012-12-01	STG-councils-2012-11-01	\N
CLK-councils-2012-12-01	1	2026-11-27 14:22:09.39562+00	taken_with_refusals	1793	1792	1	13		1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2012-12-01	CLK-councils-2012-11-01	\N
STG-councils-2013-01-01	1	2026-11-27 14:22:09.518319+00	taken_with_refusals	2136	2135	1	10		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2013-01-01	STG-councils-2012-12-01	\N
CLK-councils-2013-01-01	1	2026-11-27 14:22:09.646133+00	taken_with_refusals	1817	1815	2	15		1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2013-01-01	CLK-councils-2012-12-01	\N
STG-councils-2013-02-01	1	2026-11-27 14:22:09.742368+00	taken	2157	2157	0	11		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2013-02-01	STG-councils-2013-01-01	\N
CLK-councils-2013-02-01	1	2026-11-27 14:22:09.877915+00	taken_with_refusals	1815	1813	2	16		1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2013-02-01	CLK-councils-2013-01-01	\N
STG-councils-2013-03-01	1	2026-11-27 14:22:09.986511+00	taken_with_refusals	2197	2195	2	12		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2013-03-01	STG-councils-2013-02-01	\N
CLK-councils-2013-03-01	1	2026-11-27 14:22:10.101768+00	taken_with_refusals	1826	1824	2	20		1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2013-03-01	CLK-councils-2013-02-01	\N
STG-councils-2013-04-01	1	2026-11-27 14:22:10.217733+00	taken_with_refusals	2208	2184	24	12		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2013-04-01	STG-councils-2013-03-01	\N
STG-councils-2013-05-01	1	2026-11-27 14:22:10.386693+00	taken_with_refusals	2237	2234	3	16		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2013-05-01	STG-councils-2013-04-01	\N
CLK-councils-2013-04-01	1	2026-11-27 14:22:10.469482+00	taken_with_refusals	1836	1829	7	16		1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2013-04-01	CLK-councils-2013-03-01	\N
STG-councils-2013-06-01	1	2026-11-27 14:22:10.610406+00	taken_with_refusals	2265	2263	2	17		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2013-06-01	STG-councils-2013-05-01	\N
CLK-councils-2013-05-01	1	2026-11-27 14:22:10.686047+00	taken_with_refusals	1874	1873	1	19		1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2013-05-01	CLK-councils-2013-04-01	\N
CLK-councils-2013-06-01	1	2026-11-27 14:22:10.939459+00	taken_with_refusals	1913	1912	1	19		1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2013-06-01	CLK-councils-2013-05-01	\N
STG-councils-2013-07-01	1	2026-11-27 14:22:10.971839+00	taken_with_refusals	2289	2285	4	20		1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2013-07-01	STG-councils-2013-06-01	\N
CLK-councils-2013-07-01	1	2026-11-27 14:22:11.111009+00	refused	1918	0	1918	0	FILE-004: the file has headings but no rows; there were 20 the last time. Where: CLK permanence return Jul 2013.xlsx. To mend: run the extract again and send the file with its rows. The former one stays in force.	1.0.0	4e68bb5bc0f5216a9c32ade74792dfe7fc4c14e9a62f845e44caeb7feb5859a9	CLK-councils-2013-07-01	CLK-councils-2013-06-01	\N
scts-courts-2012-Q3-01	1	2026-11-27 14:22:12.165269+00	taken	42	42	0	1		1.0.0	50cab75440935e03e422e3a0f8ddc82df2cffa2d543ed8b4fbb290b648df6401	scts-courts-2012-Q3-01		\N
scts-courts-2012-Q4-01	1	2026-11-27 14:22:12.21362+00	taken	41	41	0	1		1.0.0	50cab75440935e03e422e3a0f8ddc82df2cffa2d543ed8b4fbb290b648df6401	scts-courts-2012-Q4-01	scts-courts-2012-Q3-01	\N
scts-courts-2013-Q1-01	1	2026-11-27 14:22:12.260962+00	taken	38	38	0	0		1.0.0	50cab75440935e03e422e3a0f8ddc82df2cffa2d543ed8b4fbb290b648df6401	scts-courts-2013-Q1-01	scts-courts-2012-Q4-01	\N
scts-courts-2013-Q2-01	1	2026-11-27 14:22:12.310339+00	taken	36	36	0	0		1.0.0	50cab75440935e03e422e3a0f8ddc82df2cffa2d543ed8b4fbb290b648df6401	scts-courts-2013-Q2-01	scts-courts-2013-Q1-01	\N
scts-courts-FY2011-12-01	1	2026-11-27 14:22:13.061079+00	taken	3	3	0	0		1.0.0	e3e1c5cf0c1c9695d500d6e801e4edde498e9d14b12737a07faac2782e87bddb	scts-courts-FY2011-12-01		\N
scts-courts-FY2014-15-01	1	2026-11-27 14:22:13.102847+00	taken	2	2	0	0		1.0.0	50cab75440935e03e422e3a0f8ddc82df2cffa2d543ed8b4fbb290b648df6401	scts-courts-FY2014-15-01	scts-courts-FY2011-12-01	\N
clas-clas-CLAS2011-01	1	2026-11-27 14:22:14.694601+00	taken	4	4	0	0		1.0.0	4797a3ace38ad8024a7d1c7406084d7c8fb0005b610efaf2aa6c4dfe7aebb88e	clas-clas-CLAS2011-01		\N
clas-clas-CLAS2011-02	1	2026-11-27 14:22:14.727285+00	taken	99	99	0	0		1.0.0	4797a3ace38ad8024a7d1c7406084d7c8fb0005b610efaf2aa6c4dfe7aebb88e	clas-clas-CLAS2011-02	clas-clas-CLAS2011-01	\N
clas-clas-CLAS2012-01	1	2026-11-27 14:22:14.828481+00	taken_with_refusals	2968	2966	2	11		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2012-01		\N
clas-clas-CLAS2012-02	1	2026-11-27 14:22:14.944992+00	taken_with_refusals	3067	3065	2	11		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2012-02	clas-clas-CLAS2012-01	\N
clas-clas-CLAS2013-01	1	2026-11-27 14:22:15.134057+00	taken_with_refusals	3245	3235	10	6		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2013-01	clas-clas-CLAS2012-02	\N
clas-clas-CLAS2013-02	1	2026-11-27 14:22:15.260137+00	taken_with_refusals	3344	3334	10	6		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2013-02	clas-clas-CLAS2013-01	\N
clas-clas-CLAS2014-01	1	2026-11-27 14:22:15.303255+00	taken	1	1	0	0		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2014-01	clas-clas-CLAS2013-02	\N
clas-clas-CLAS2014-02	1	2026-11-27 14:22:15.332915+00	taken	99	99	0	0		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2014-02	clas-clas-CLAS2014-01	\N
clas-clas-CLAS2015-01	1	2026-11-27 14:22:15.35908+00	taken	99	99	0	0		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2015-01	clas-clas-CLAS2014-02	\N
clas-clas-CLAS2016-01	1	2026-11-27 14:22:15.383458+00	taken	99	99	0	0		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2016-01	clas-clas-CLAS2015-01	\N
clas-clas-CLAS2017-01	1	2026-11-27 14:22:15.408153+00	taken	99	99	0	0		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2017-01	clas-clas-CLAS2016-01	\N
clas-clas-CLAS2018-01	1	2026-11-27 14:22:15.433579+00	taken	1	1	0	0		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2018-01	clas-clas-CLAS2017-01	\N
clas-clas-CLAS2018-02	1	2026-11-27 14:22:15.459798+00	taken	99	99	0	0		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2018-02	clas-clas-CLAS2018-01	\N
clas-clas-CLAS2019-01	1	2026-11-27 14:22:15.483068+00	taken	1	1	0	0		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2019-01	clas-clas-CLAS2018-02	\N
clas-clas-CLAS2019-02	1	2026-11-27 14:22:15.507181+00	taken	99	99	0	0		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2019-02	clas-clas-CLAS2019-01	\N
clas-clas-CLAS2020-01	1	2026-11-27 14:22:15.533885+00	taken	99	99	0	0		1.0.0	976249a703a6ef44d5dffd47a3d77a97f703a505a966ef1e8348caf16aeb9c53	clas-clas-CLAS2020-01	clas-clas-CLAS2019-02	\N
STG-councils-2013-07-02	1	2026-11-27 14:25:10.298093+00	held	2265	2263	2	18	FILE-011: the files are byte for byte those of 2013-06 (STG-councils-2013-06-01). If nothing happened since, tell us so and it is taken. Otherwise run the extract for this period. MI-064: The latest step is dated long before the end of the month, much longer than you ever had none in the year before it. It may be the file of an earlier month. In 'milestones', 268 of 268 rows looked at. PL-038: The latest start or end of a placement is dated long before the end of the month, much longer than you ever had none in the year before it. It may be the file of an earlier month. In 'placements', 162 of 162 rows looked at.	1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2013-07-02	STG-councils-2013-07-01	\N
STG-councils-2013-07-02	2	2026-11-27 14:25:10.451961+00	refused	2265	0	2265	0	Refused by a person's decision: they rang: June's file under July's name	1.0.0	64bbcf5afe9dc2376216770081820c20086cde073cfcba644cd8227ae03118bd	STG-councils-2013-07-02~2	STG-councils-2013-07-01	1
\.


--
-- Data for Name: judging_table; Type: TABLE DATA; Schema: ledger; Owner: -
--

COPY ledger.judging_table (submission_id, judging, table_name, rows_read, rows_taken, rows_refused, rows_warned, rules_run, rules_without_rows) FROM stdin;
STG-councils-2012-08-01	1	carers	131	131	0	0	54	12
STG-councils-2012-08-01	1	children	328	328	0	0	60	23
STG-councils-2012-08-01	1	milestones	818	816	2	10	67	14
STG-councils-2012-08-01	1	placements	607	607	0	0	41	10
STG-councils-2012-08-01	1	matches	23	23	0	0	40	8
STG-councils-2012-08-01	1	support_plans	20	20	0	0	27	7
CLK-councils-2012-08-01	1	carers	124	124	0	1	54	11
CLK-councils-2012-08-01	1	children	292	291	1	0	60	22
CLK-councils-2012-08-01	1	milestones	778	775	3	12	67	10
CLK-councils-2012-08-01	1	placements	510	505	5	4	41	10
CLK-councils-2012-08-01	1	matches	21	21	0	0	40	7
CLK-councils-2012-08-01	1	support_plans	21	21	0	0	27	7
STG-councils-2012-09-01	1	carers	131	131	0	0	54	3
STG-councils-2012-09-01	1	children	328	328	0	0	60	1
STG-councils-2012-09-01	1	milestones	846	845	1	12	67	8
STG-councils-2012-09-01	1	placements	610	609	1	0	41	1
STG-councils-2012-09-01	1	matches	22	22	0	0	40	2
STG-councils-2012-09-01	1	support_plans	20	20	0	0	27	0
CLK-councils-2012-09-01	1	carers	124	124	0	2	54	3
CLK-councils-2012-09-01	1	children	290	290	0	0	60	0
CLK-councils-2012-09-01	1	milestones	806	804	2	17	67	4
CLK-councils-2012-09-01	1	placements	511	510	1	4	41	2
CLK-councils-2012-09-01	1	matches	22	22	0	0	40	1
CLK-councils-2012-09-01	1	support_plans	21	21	0	0	27	4
STG-councils-2012-10-01	1	carers	133	133	0	0	54	4
STG-councils-2012-10-01	1	children	327	327	0	0	60	1
STG-councils-2012-10-01	1	milestones	890	889	1	10	67	6
STG-councils-2012-10-01	1	placements	614	611	3	0	41	1
STG-councils-2012-10-01	1	matches	23	23	0	0	40	2
STG-councils-2012-10-01	1	support_plans	21	21	0	0	27	0
CLK-councils-2012-10-01	1	carers	125	125	0	1	54	3
CLK-councils-2012-10-01	1	children	290	289	1	0	60	1
CLK-councils-2012-10-01	1	milestones	828	827	1	15	67	5
CLK-councils-2012-10-01	1	placements	515	515	0	3	41	1
CLK-councils-2012-10-01	1	matches	20	20	0	0	40	1
CLK-councils-2012-10-01	1	support_plans	20	20	0	0	27	4
STG-councils-2012-11-01	1	carers	135	135	0	1	54	3
STG-councils-2012-11-01	1	children	323	323	0	0	60	1
STG-councils-2012-11-01	1	milestones	925	921	4	7	67	6
STG-councils-2012-11-01	1	placements	611	611	0	2	41	1
STG-councils-2012-11-01	1	matches	23	23	0	0	40	2
STG-councils-2012-11-01	1	support_plans	21	21	0	0	27	0
CLK-councils-2012-11-01	1	carers	123	123	0	1	54	1
CLK-councils-2012-11-01	1	children	282	282	0	0	60	1
CLK-councils-2012-11-01	1	milestones	834	833	1	14	67	6
CLK-councils-2012-11-01	1	placements	503	503	0	3	41	1
CLK-councils-2012-11-01	1	matches	20	20	0	0	40	1
CLK-councils-2012-11-01	1	support_plans	17	17	0	0	27	4
STG-councils-2012-12-01	1	carers	134	134	0	1	54	3
STG-councils-2012-12-01	1	children	332	331	1	0	60	1
STG-councils-2012-12-01	1	milestones	970	968	2	8	67	6
STG-councils-2012-12-01	1	placements	623	620	3	2	41	1
STG-councils-2012-12-01	1	matches	23	23	0	0	40	2
STG-councils-2012-12-01	1	support_plans	21	21	0	0	27	0
CLK-councils-2012-12-01	1	carers	120	120	0	0	54	1
CLK-councils-2012-12-01	1	children	280	280	0	0	60	1
CLK-councils-2012-12-01	1	milestones	854	853	1	10	67	5
CLK-councils-2012-12-01	1	placements	499	499	0	3	41	1
CLK-councils-2012-12-01	1	matches	21	21	0	0	40	1
CLK-councils-2012-12-01	1	support_plans	19	19	0	0	27	5
STG-councils-2013-01-01	1	carers	136	136	0	1	54	3
STG-councils-2013-01-01	1	children	336	336	0	0	60	1
STG-councils-2013-01-01	1	milestones	991	991	0	8	67	8
STG-councils-2013-01-01	1	placements	630	629	1	1	41	1
STG-councils-2013-01-01	1	matches	22	22	0	0	40	2
STG-councils-2013-01-01	1	support_plans	21	21	0	0	27	0
CLK-councils-2013-01-01	1	carers	120	120	0	0	54	1
CLK-councils-2013-01-01	1	children	277	277	0	0	60	1
CLK-councils-2013-01-01	1	milestones	882	881	1	12	67	5
CLK-councils-2013-01-01	1	placements	497	497	0	3	41	2
CLK-councils-2013-01-01	1	matches	22	21	1	0	40	1
CLK-councils-2013-01-01	1	support_plans	19	19	0	0	27	5
STG-councils-2013-02-01	1	carers	135	135	0	0	54	4
STG-councils-2013-02-01	1	children	332	332	0	0	60	1
STG-councils-2013-02-01	1	milestones	1018	1018	0	9	67	7
STG-councils-2013-02-01	1	placements	628	628	0	2	41	1
STG-councils-2013-02-01	1	matches	22	22	0	0	40	3
STG-councils-2013-02-01	1	support_plans	22	22	0	0	27	0
CLK-councils-2013-02-01	1	carers	121	120	1	0	54	2
CLK-councils-2013-02-01	1	children	275	275	0	0	60	1
CLK-councils-2013-02-01	1	milestones	886	885	1	11	67	5
CLK-councils-2013-02-01	1	placements	494	494	0	5	41	2
CLK-councils-2013-02-01	1	matches	21	21	0	0	40	2
CLK-councils-2013-02-01	1	support_plans	18	18	0	0	27	5
STG-councils-2013-03-01	1	carers	133	133	0	0	54	4
STG-councils-2013-03-01	1	children	338	338	0	0	60	1
STG-councils-2013-03-01	1	milestones	1050	1048	2	10	67	7
STG-councils-2013-03-01	1	placements	631	631	0	2	41	1
STG-councils-2013-03-01	1	matches	22	22	0	0	40	3
STG-councils-2013-03-01	1	support_plans	23	23	0	0	27	0
CLK-councils-2013-03-01	1	carers	122	120	2	0	54	2
CLK-councils-2013-03-01	1	children	267	267	0	0	60	1
CLK-councils-2013-03-01	1	milestones	914	914	0	12	67	5
CLK-councils-2013-03-01	1	placements	484	484	0	7	41	1
CLK-councils-2013-03-01	1	matches	21	21	0	0	40	1
CLK-councils-2013-03-01	1	support_plans	18	18	0	1	27	5
STG-councils-2013-04-01	1	carers	133	133	0	0	54	3
STG-councils-2013-04-01	1	children	336	334	2	0	60	1
STG-councils-2013-04-01	1	milestones	1068	1054	14	11	67	7
STG-councils-2013-04-01	1	placements	628	620	8	1	41	2
STG-councils-2013-04-01	1	matches	21	21	0	0	40	3
STG-councils-2013-04-01	1	support_plans	22	22	0	0	27	0
STG-councils-2013-05-01	1	carers	133	133	0	0	54	3
STG-councils-2013-05-01	1	children	336	336	0	0	60	1
STG-councils-2013-05-01	1	milestones	1099	1097	2	15	67	7
STG-councils-2013-05-01	1	placements	626	625	1	1	41	2
STG-councils-2013-05-01	1	matches	21	21	0	0	40	3
STG-councils-2013-05-01	1	support_plans	22	22	0	0	27	0
CLK-councils-2013-04-01	1	carers	119	119	0	0	54	1
CLK-councils-2013-04-01	1	children	264	262	2	0	60	1
CLK-councils-2013-04-01	1	milestones	933	930	3	14	67	6
CLK-councils-2013-04-01	1	placements	480	478	2	2	41	1
CLK-councils-2013-04-01	1	matches	21	21	0	0	40	1
CLK-councils-2013-04-01	1	support_plans	19	19	0	0	27	2
STG-councils-2013-06-01	1	carers	130	130	0	0	54	4
STG-councils-2013-06-01	1	children	339	339	0	0	60	1
STG-councils-2013-06-01	1	milestones	1128	1126	2	16	67	7
STG-councils-2013-06-01	1	placements	626	626	0	1	41	1
STG-councils-2013-06-01	1	matches	21	21	0	0	40	3
STG-councils-2013-06-01	1	support_plans	21	21	0	0	27	0
CLK-councils-2013-05-01	1	carers	126	126	0	0	54	1
CLK-councils-2013-05-01	1	children	262	262	0	0	60	1
CLK-councils-2013-05-01	1	milestones	963	962	1	17	67	5
CLK-councils-2013-05-01	1	placements	483	483	0	2	41	1
CLK-councils-2013-05-01	1	matches	21	21	0	0	40	1
CLK-councils-2013-05-01	1	support_plans	19	19	0	0	27	1
CLK-councils-2013-06-01	1	carers	127	126	1	1	54	1
CLK-councils-2013-06-01	1	children	265	265	0	0	60	1
CLK-councils-2013-06-01	1	milestones	991	991	0	16	67	5
CLK-councils-2013-06-01	1	placements	489	489	0	2	41	1
CLK-councils-2013-06-01	1	matches	21	21	0	0	40	2
CLK-councils-2013-06-01	1	support_plans	20	20	0	0	27	1
STG-councils-2013-07-01	1	carers	133	133	0	1	54	3
STG-councils-2013-07-01	1	children	341	340	1	0	60	1
STG-councils-2013-07-01	1	milestones	1147	1146	1	18	67	6
STG-councils-2013-07-01	1	placements	627	625	2	1	41	1
STG-councils-2013-07-01	1	matches	21	21	0	0	40	3
STG-councils-2013-07-01	1	support_plans	20	20	0	0	27	0
CLK-councils-2013-07-01	1	carers	126	0	126	0	54	1
CLK-councils-2013-07-01	1	children	268	0	268	0	60	1
CLK-councils-2013-07-01	1	milestones	1011	0	1011	0	67	7
CLK-councils-2013-07-01	1	placements	493	0	493	0	41	1
CLK-councils-2013-07-01	1	matches	20	0	20	0	40	2
scts-courts-2012-Q3-01	1	applications	42	42	0	1	40	8
scts-courts-2012-Q4-01	1	applications	41	41	0	1	40	3
scts-courts-2013-Q1-01	1	applications	38	38	0	0	40	3
scts-courts-2013-Q2-01	1	applications	36	36	0	0	40	3
scts-courts-FY2011-12-01	1	annual_counts	3	3	0	0	41	19
scts-courts-FY2014-15-01	1	annual_counts	2	2	0	0	41	3
clas-clas-CLAS2011-01	1	annual_counts	4	4	0	0	27	6
clas-clas-CLAS2011-02	1	annual_counts	99	99	0	0	27	5
clas-clas-CLAS2012-01	1	children	599	599	0	0	31	7
clas-clas-CLAS2012-01	1	episodes	602	602	0	0	36	5
clas-clas-CLAS2012-01	1	legal_reasons	679	679	0	4	28	3
clas-clas-CLAS2012-01	1	placements	1088	1086	2	7	25	3
clas-clas-CLAS2012-02	1	annual_counts	99	99	0	0	27	5
clas-clas-CLAS2012-02	1	children	599	599	0	0	31	0
clas-clas-CLAS2012-02	1	episodes	602	602	0	0	36	0
clas-clas-CLAS2012-02	1	legal_reasons	679	679	0	4	28	1
clas-clas-CLAS2012-02	1	placements	1088	1086	2	7	25	0
clas-clas-CLAS2013-01	1	children	585	584	1	0	31	0
clas-clas-CLAS2013-01	1	episodes	590	589	1	0	36	4
clas-clas-CLAS2013-01	1	legal_reasons	982	980	2	4	28	0
clas-clas-CLAS2013-01	1	placements	1088	1082	6	2	25	0
clas-clas-CLAS2013-02	1	annual_counts	99	99	0	0	27	6
clas-clas-CLAS2013-02	1	children	585	584	1	0	31	0
clas-clas-CLAS2013-02	1	episodes	590	589	1	0	36	1
clas-clas-CLAS2013-02	1	legal_reasons	982	980	2	4	28	0
clas-clas-CLAS2013-02	1	placements	1088	1082	6	2	25	0
clas-clas-CLAS2014-01	1	annual_counts	1	1	0	0	27	7
clas-clas-CLAS2014-02	1	annual_counts	99	99	0	0	27	5
clas-clas-CLAS2015-01	1	annual_counts	99	99	0	0	27	5
clas-clas-CLAS2016-01	1	annual_counts	99	99	0	0	27	4
clas-clas-CLAS2017-01	1	annual_counts	99	99	0	0	27	5
clas-clas-CLAS2018-01	1	annual_counts	1	1	0	0	27	6
clas-clas-CLAS2018-02	1	annual_counts	99	99	0	0	27	4
clas-clas-CLAS2019-01	1	annual_counts	1	1	0	0	27	7
clas-clas-CLAS2019-02	1	annual_counts	99	99	0	0	27	5
clas-clas-CLAS2020-01	1	annual_counts	99	99	0	0	27	5
STG-councils-2013-07-02	1	carers	130	130	0	1	54	4
STG-councils-2013-07-02	1	children	339	339	0	2	60	1
STG-councils-2013-07-02	1	milestones	1128	1126	2	10	67	7
STG-councils-2013-07-02	1	placements	626	626	0	5	41	1
STG-councils-2013-07-02	1	matches	21	21	0	0	40	3
STG-councils-2013-07-02	1	support_plans	21	21	0	0	27	0
STG-councils-2013-07-02	2	carers	130	0	130	0	54	4
STG-councils-2013-07-02	2	children	339	0	339	0	60	1
STG-councils-2013-07-02	2	milestones	1128	0	1128	0	67	7
STG-councils-2013-07-02	2	placements	626	0	626	0	41	1
STG-councils-2013-07-02	2	matches	21	0	21	0	40	3
STG-councils-2013-07-02	2	support_plans	21	0	21	0	27	0
\.


--
-- Data for Name: listing; Type: TABLE DATA; Schema: ledger; Owner: -
--

COPY ledger.listing (supplier, url, path, bytes, stamp, sha256, read_at) FROM stdin;
\.


--
-- Data for Name: place; Type: TABLE DATA; Schema: ledger; Owner: -
--

COPY ledger.place (supplier, url, first_listed_at, last_listed_at) FROM stdin;
CLK	arrivals/CLK	2026-11-27 14:22:02.539551+00	2026-11-27 14:25:10.021077+00
STG	arrivals/STG	2026-11-27 14:22:02.539551+00	2026-11-27 14:25:10.021077+00
clas	arrivals/clas/0_return	2026-11-27 14:22:02.539551+00	2026-11-27 14:25:10.021077+00
clas	arrivals/clas/1_plan	2026-11-27 14:22:02.539551+00	2026-11-27 14:25:10.021077+00
clas	arrivals/clas/2_first_release	2026-11-27 14:22:02.539551+00	2026-11-27 14:25:10.021077+00
clas	arrivals/clas/3_lgbf	2026-11-27 14:22:02.539551+00	2026-11-27 14:25:10.021077+00
scts	arrivals/scts/applications	2026-11-27 14:22:02.539551+00	2026-11-27 14:25:10.021077+00
scts	arrivals/scts/foi	2026-11-27 14:22:02.539551+00	2026-11-27 14:25:10.021077+00
scts	arrivals/scts/bulletin	2026-11-27 14:22:02.539551+00	2026-11-27 14:25:10.021077+00
\.


--
-- Data for Name: submission; Type: TABLE DATA; Schema: ledger; Owner: -
--

COPY ledger.submission (submission_id, supplier, collection, period, sequence, received_at, registered_at, manifest, contract_version, supersedes) FROM stdin;
CLK-councils-2012-08-01	CLK	councils	2012-08	1	2012-09-13 09:00:00+00	2026-11-27 14:22:02.851087+00	52be3bbd3c830d24d7fc101c4f13e478b03013e9a1693577b9854c9f57f0075d	1.0.0	\N
CLK-councils-2012-09-01	CLK	councils	2012-09	1	2012-10-13 09:00:00+00	2026-11-27 14:22:02.851087+00	e29147e77bd5e5ed130e16b6abd1a94410859f3fdd5245eb7eca391f2f319c54	1.0.0	\N
CLK-councils-2012-10-01	CLK	councils	2012-10	1	2012-11-13 09:00:00+00	2026-11-27 14:22:02.851087+00	bbd688ce4f871a423647f8188549c0c4e10195b3dd36feda07746d4b175c801f	1.0.0	\N
CLK-councils-2012-11-01	CLK	councils	2012-11	1	2012-12-13 09:00:00+00	2026-11-27 14:22:02.851087+00	65f08a29b31eefb7e4bcf67c40cd1792a1c66efb84bb1d5c3dfa847621d857a5	1.0.0	\N
CLK-councils-2012-12-01	CLK	councils	2012-12	1	2013-01-13 09:00:00+00	2026-11-27 14:22:02.851087+00	ce082f7a1d0383bec2d22674292a64064f77cf78ad3f0f1c0316c6af595de334	1.0.0	\N
CLK-councils-2013-01-01	CLK	councils	2013-01	1	2013-02-13 09:00:00+00	2026-11-27 14:22:02.851087+00	af6b550a9f6b8a7d210cd1f53cb0ff49c9b8ccfc77135cdb773df592c11a1e5e	1.0.0	\N
CLK-councils-2013-02-01	CLK	councils	2013-02	1	2013-03-13 09:00:00+00	2026-11-27 14:22:02.851087+00	057498a2f69abc48e05fcb5a16a8f14565eec57954b9b7ad258ff1c13f9341c7	1.0.0	\N
CLK-councils-2013-03-01	CLK	councils	2013-03	1	2013-04-13 09:00:00+00	2026-11-27 14:22:02.851087+00	76f7e910b439434a1094c97505c6232ce64b49296fde5b5e9ceb0953bb35936b	1.0.0	\N
CLK-councils-2013-04-01	CLK	councils	2013-04	1	2013-05-13 09:00:00+00	2026-11-27 14:22:02.851087+00	99fc28b16ba64a585b3b0613b6fd9862aaf8ae9d21ed61385d8ac979404cdabd	1.0.0	\N
CLK-councils-2013-05-01	CLK	councils	2013-05	1	2013-06-13 09:00:00+00	2026-11-27 14:22:02.851087+00	ec70591b4d9e7a4b9b12af173b1d9e611ed81ba0c70c5f5ed6b3e198a3735598	1.0.0	\N
CLK-councils-2013-06-01	CLK	councils	2013-06	1	2013-07-13 09:00:00+00	2026-11-27 14:22:02.851087+00	ace20a65d3e46ad225a2ca5d35b4b315b5d7accb31c0839d7e42a8192478f9c3	1.0.0	\N
CLK-councils-2013-07-01	CLK	councils	2013-07	1	2013-08-13 09:00:00+00	2026-11-27 14:22:02.851087+00	352075820733a1442842df2804b47717a38d2504997f9829af1544a357bd1d93	1.0.0	\N
STG-councils-2012-08-01	STG	councils	2012-08	1	2012-09-12 09:00:00+00	2026-11-27 14:22:02.851087+00	e095c46deec4a90477481c1f9ddf023b929e09aea94ff0fcfc53404edcf2eb41	1.0.0	\N
STG-councils-2012-09-01	STG	councils	2012-09	1	2012-10-12 09:00:00+00	2026-11-27 14:22:02.851087+00	bbb07f8178e0dd2a8862ece6f4d526a351434799b1e326415f794f1e1a232db3	1.0.0	\N
STG-councils-2012-10-01	STG	councils	2012-10	1	2012-11-12 09:00:00+00	2026-11-27 14:22:02.851087+00	fe0d7bfcc9a4cb023f2221932c93fb1a51252fbe6ad80253e74b6d059051a560	1.0.0	\N
STG-councils-2012-11-01	STG	councils	2012-11	1	2012-12-12 09:00:00+00	2026-11-27 14:22:02.851087+00	6cc340b20e11251327e5d7fba19680210993d5b435c389e6dbe657e90dad81ef	1.0.0	\N
STG-councils-2012-12-01	STG	councils	2012-12	1	2013-01-12 09:00:00+00	2026-11-27 14:22:02.851087+00	f4247cf70ddbf05856712a3671b08cb1a3d71503a4ed42edc179c75aa0452efb	1.0.0	\N
STG-councils-2013-01-01	STG	councils	2013-01	1	2013-02-12 09:00:00+00	2026-11-27 14:22:02.851087+00	09b3952ddae7b5a9d786aed33834701e616d87315f7530fe3011aa1cb9e10cdb	1.0.0	\N
STG-councils-2013-02-01	STG	councils	2013-02	1	2013-04-10 09:00:00+00	2026-11-27 14:22:02.851087+00	b79ccd5a787e7e865346ace207bcbf74a395f56f680833ff8f4001dfcf12e49f	1.0.0	\N
STG-councils-2013-03-01	STG	councils	2013-03	1	2013-04-12 09:00:00+00	2026-11-27 14:22:02.851087+00	ffc64d4409f45863f6e605005a4c2c1989d4d8e3bc6082e2d07b0819fd3186a6	1.0.0	\N
STG-councils-2013-04-01	STG	councils	2013-04	1	2013-05-12 09:00:00+00	2026-11-27 14:22:02.851087+00	5a478303e8c5f8aca352d7b8b001c035f43a9ccca3801845aa32d90c31092125	1.0.0	\N
STG-councils-2013-05-01	STG	councils	2013-05	1	2013-06-12 09:00:00+00	2026-11-27 14:22:02.851087+00	cea74511baecc785f57a620831863d4d7e87a8d1d52c750c52573132185f5876	1.0.0	\N
STG-councils-2013-06-01	STG	councils	2013-06	1	2013-07-12 09:00:00+00	2026-11-27 14:22:02.851087+00	a6d19044d3fe3d590ea308798d2aa25a34099621241da731acc67820073391ad	1.0.0	\N
STG-councils-2013-07-01	STG	councils	2013-07	1	2013-08-12 09:00:00+00	2026-11-27 14:22:02.851087+00	c56de6e90cbef2e1c7ea63af70248e069b0bd11c830fdda2e1786af06671d92b	1.0.0	\N
clas-clas-CLAS2011-01	clas	clas	CLAS2011	1	2013-06-03 09:00:00+00	2026-11-27 14:22:02.851087+00	affb87406e916aec1fd9b59d7eaf7844c36ac154e549e29da1766724376e580a	1.0.0	\N
clas-clas-CLAS2011-02	clas	clas	CLAS2011	2	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00	1b84d7bdc9bae382fe0149058e7d7d0c1395e90cd95c25f3392fae8096c5682c	1.0.0	clas-clas-CLAS2011-01
clas-clas-CLAS2012-01	clas	clas	CLAS2012	1	2012-11-18 09:00:00+00	2026-11-27 14:22:02.851087+00	60e252a08395a1bb92dd2d97db9e7932d04007a3a62d892309525fc9c0f59dc4	1.0.0	\N
clas-clas-CLAS2012-02	clas	clas	CLAS2012	2	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00	1937012e98d95f799b8a02f8c748e93c01031a0b5e72f6f92e838a9b8c9b0a79	1.0.0	clas-clas-CLAS2012-01
clas-clas-CLAS2013-01	clas	clas	CLAS2013	1	2013-11-18 09:00:00+00	2026-11-27 14:22:02.851087+00	0b331d6e92beaf73a67198e66c5c14a586687a3accd91caea647eda3e1b477c6	1.0.0	\N
clas-clas-CLAS2013-02	clas	clas	CLAS2013	2	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00	3b29cd3a45c0ae1d4afae729a3bc5d13ee02e9e07effab876f7f45271e9af546	1.0.0	clas-clas-CLAS2013-01
clas-clas-CLAS2014-01	clas	clas	CLAS2014	1	2015-03-31 09:00:00+00	2026-11-27 14:22:02.851087+00	7876d3ffbf1ca656a620594b6c1993a0b53212a62ac7332368ea28bb950db420	1.0.0	\N
clas-clas-CLAS2014-02	clas	clas	CLAS2014	2	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00	ea272d61b242371061603216837b40554b1a8c35e5ac8107c0cc279e1a3a5fd4	1.0.0	clas-clas-CLAS2014-01
clas-clas-CLAS2015-01	clas	clas	CLAS2015	1	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00	a1e1cc05ed38b4c35031d80e002603681952c065748cbf0e58a0ba888852d327	1.0.0	\N
clas-clas-CLAS2016-01	clas	clas	CLAS2016	1	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00	c0c3a48e71fea2276443f5a9f9eae5edf27d00bfa4cd6c85c3c6addccd9b5f18	1.0.0	\N
clas-clas-CLAS2017-01	clas	clas	CLAS2017	1	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00	2fd7b6e98cd1d3bbded9fb301ff2f9c5090b526d2981ac71006e5fd770471b61	1.0.0	\N
clas-clas-CLAS2018-01	clas	clas	CLAS2018	1	2019-03-26 09:00:00+00	2026-11-27 14:22:02.851087+00	1c5705b8c3a58d0d8b9ca51fe1c5d1b4e7b6c37c3cdd68364677fa817f34bc5d	1.0.0	\N
clas-clas-CLAS2018-02	clas	clas	CLAS2018	2	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00	c13460f388c51c889b7593e7642db84823404fde2f66214e6a554f35cbbdafde	1.0.0	clas-clas-CLAS2018-01
clas-clas-CLAS2019-01	clas	clas	CLAS2019	1	2021-03-01 09:00:00+00	2026-11-27 14:22:02.851087+00	fb08aa9131414ad4996bc61d75324a24128f3fd6f1c70d328b0e64ff230a553b	1.0.0	\N
clas-clas-CLAS2019-02	clas	clas	CLAS2019	2	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00	af340be3ebdcc2603fdc122f41ca749b963cff2156f0e06e22fd66f9cd54faf6	1.0.0	clas-clas-CLAS2019-01
clas-clas-CLAS2020-01	clas	clas	CLAS2020	1	2022-01-01 09:00:00+00	2026-11-27 14:22:02.851087+00	d34d3070c170344059c1343b0a556e69dde1c1c1bc8a5985d798fa321886f112	1.0.0	\N
scts-courts-FY2011-12-01	scts	courts	FY2011-12	1	2013-06-03 09:00:00+00	2026-11-27 14:22:02.851087+00	e3298523c8ecf2353229bbb58b09f87b101a3639eebe45d72335bf6c99dceab4	1.0.0	\N
scts-courts-2012-Q3-01	scts	courts	2012-Q3	1	2012-11-09 09:00:00+00	2026-11-27 14:22:02.851087+00	e61c22edc02d8b0a79bccecd792ad3ab7441a2b287fde4ca0a6e7a5064f61ef6	1.0.0	\N
scts-courts-2012-Q4-01	scts	courts	2012-Q4	1	2013-02-09 09:00:00+00	2026-11-27 14:22:02.851087+00	0fa5dadf426029cbf5f84ecc6586d4f8f2e1ceef4826e9875c2ffa2048a07990	1.0.0	\N
scts-courts-2013-Q1-01	scts	courts	2013-Q1	1	2013-05-10 09:00:00+00	2026-11-27 14:22:02.851087+00	b70984fe2f3340555fbc814f281ad89fbf4672bf04cfbaee961e343bafbb69b0	1.0.0	\N
scts-courts-2013-Q2-01	scts	courts	2013-Q2	1	2013-08-09 09:00:00+00	2026-11-27 14:22:02.851087+00	ef7607002ba6b01ffbe101e5ab0dc7d45a49e5fb3986e2811346d3ba839351cf	1.0.0	\N
scts-courts-FY2014-15-01	scts	courts	FY2014-15	1	2016-03-01 09:00:00+00	2026-11-27 14:22:02.851087+00	045fabc6859c7e873a69f31ac124b642ad20b8a512ec960a5cf3b25012229389	1.0.0	\N
STG-councils-2013-07-02	STG	councils	2013-07	2	2026-11-27 14:24:57.321576+00	2026-11-27 14:25:10.089302+00	a6d19044d3fe3d590ea308798d2aa25a34099621241da731acc67820073391ad	1.0.0	STG-councils-2013-07-01
\.


--
-- Data for Name: submission_table; Type: TABLE DATA; Schema: ledger; Owner: -
--

COPY ledger.submission_table (submission_id, table_name, sha256, file_name, carried_over) FROM stdin;
CLK-councils-2012-08-01	children	6fcc7fe1c7fd9d127e44c27291a1a9d72a5facf49abedafda7fcc8a1083aa365	CLK permanence return Aug 2012.xlsx	f
CLK-councils-2012-08-01	milestones	6fcc7fe1c7fd9d127e44c27291a1a9d72a5facf49abedafda7fcc8a1083aa365	CLK permanence return Aug 2012.xlsx	f
CLK-councils-2012-08-01	placements	6fcc7fe1c7fd9d127e44c27291a1a9d72a5facf49abedafda7fcc8a1083aa365	CLK permanence return Aug 2012.xlsx	f
CLK-councils-2012-08-01	carers	6fcc7fe1c7fd9d127e44c27291a1a9d72a5facf49abedafda7fcc8a1083aa365	CLK permanence return Aug 2012.xlsx	f
CLK-councils-2012-08-01	matches	6fcc7fe1c7fd9d127e44c27291a1a9d72a5facf49abedafda7fcc8a1083aa365	CLK permanence return Aug 2012.xlsx	f
CLK-councils-2012-08-01	support_plans	6fcc7fe1c7fd9d127e44c27291a1a9d72a5facf49abedafda7fcc8a1083aa365	CLK permanence return Aug 2012.xlsx	f
CLK-councils-2012-09-01	children	e79b50ce6f0e5c42f546429ab5437cf3fd046cc77c754774d9d288f976726cdb	CLK permanence return Sep 2012.xlsx	f
CLK-councils-2012-09-01	milestones	e79b50ce6f0e5c42f546429ab5437cf3fd046cc77c754774d9d288f976726cdb	CLK permanence return Sep 2012.xlsx	f
CLK-councils-2012-09-01	placements	e79b50ce6f0e5c42f546429ab5437cf3fd046cc77c754774d9d288f976726cdb	CLK permanence return Sep 2012.xlsx	f
CLK-councils-2012-09-01	carers	e79b50ce6f0e5c42f546429ab5437cf3fd046cc77c754774d9d288f976726cdb	CLK permanence return Sep 2012.xlsx	f
CLK-councils-2012-09-01	matches	e79b50ce6f0e5c42f546429ab5437cf3fd046cc77c754774d9d288f976726cdb	CLK permanence return Sep 2012.xlsx	f
CLK-councils-2012-09-01	support_plans	e79b50ce6f0e5c42f546429ab5437cf3fd046cc77c754774d9d288f976726cdb	CLK permanence return Sep 2012.xlsx	f
CLK-councils-2012-10-01	children	fd2451313e16dc16da5ed1f061823b6eb5751f61cf69b055bf9da774fc05e3d6	CLK permanence return Oct 2012.xlsx	f
CLK-councils-2012-10-01	milestones	fd2451313e16dc16da5ed1f061823b6eb5751f61cf69b055bf9da774fc05e3d6	CLK permanence return Oct 2012.xlsx	f
CLK-councils-2012-10-01	placements	fd2451313e16dc16da5ed1f061823b6eb5751f61cf69b055bf9da774fc05e3d6	CLK permanence return Oct 2012.xlsx	f
CLK-councils-2012-10-01	carers	fd2451313e16dc16da5ed1f061823b6eb5751f61cf69b055bf9da774fc05e3d6	CLK permanence return Oct 2012.xlsx	f
CLK-councils-2012-10-01	matches	fd2451313e16dc16da5ed1f061823b6eb5751f61cf69b055bf9da774fc05e3d6	CLK permanence return Oct 2012.xlsx	f
CLK-councils-2012-10-01	support_plans	fd2451313e16dc16da5ed1f061823b6eb5751f61cf69b055bf9da774fc05e3d6	CLK permanence return Oct 2012.xlsx	f
CLK-councils-2012-11-01	children	3fcbee75ebe9bcb68b6bb759351afd6d5e4d8d1112937235469c419832272d5e	CLK permanence return Nov 2012.xlsx	f
CLK-councils-2012-11-01	milestones	3fcbee75ebe9bcb68b6bb759351afd6d5e4d8d1112937235469c419832272d5e	CLK permanence return Nov 2012.xlsx	f
CLK-councils-2012-11-01	placements	3fcbee75ebe9bcb68b6bb759351afd6d5e4d8d1112937235469c419832272d5e	CLK permanence return Nov 2012.xlsx	f
CLK-councils-2012-11-01	carers	3fcbee75ebe9bcb68b6bb759351afd6d5e4d8d1112937235469c419832272d5e	CLK permanence return Nov 2012.xlsx	f
CLK-councils-2012-11-01	matches	3fcbee75ebe9bcb68b6bb759351afd6d5e4d8d1112937235469c419832272d5e	CLK permanence return Nov 2012.xlsx	f
CLK-councils-2012-11-01	support_plans	3fcbee75ebe9bcb68b6bb759351afd6d5e4d8d1112937235469c419832272d5e	CLK permanence return Nov 2012.xlsx	f
CLK-councils-2012-12-01	children	6a7ab91ea5ff6cbcc1db5eb8080c21a934566357ce3719f5297f895e73f47a4f	CLK permanence return Dec 2012.xlsx	f
CLK-councils-2012-12-01	milestones	6a7ab91ea5ff6cbcc1db5eb8080c21a934566357ce3719f5297f895e73f47a4f	CLK permanence return Dec 2012.xlsx	f
CLK-councils-2012-12-01	placements	6a7ab91ea5ff6cbcc1db5eb8080c21a934566357ce3719f5297f895e73f47a4f	CLK permanence return Dec 2012.xlsx	f
CLK-councils-2012-12-01	carers	6a7ab91ea5ff6cbcc1db5eb8080c21a934566357ce3719f5297f895e73f47a4f	CLK permanence return Dec 2012.xlsx	f
CLK-councils-2012-12-01	matches	6a7ab91ea5ff6cbcc1db5eb8080c21a934566357ce3719f5297f895e73f47a4f	CLK permanence return Dec 2012.xlsx	f
CLK-councils-2012-12-01	support_plans	6a7ab91ea5ff6cbcc1db5eb8080c21a934566357ce3719f5297f895e73f47a4f	CLK permanence return Dec 2012.xlsx	f
CLK-councils-2013-01-01	children	7c4c368bc97384fb3b1badfb9fb7d27c6f32e885596ee5ece8e9df2467599dd9	CLK permanence return Jan 2013.xlsx	f
CLK-councils-2013-01-01	milestones	7c4c368bc97384fb3b1badfb9fb7d27c6f32e885596ee5ece8e9df2467599dd9	CLK permanence return Jan 2013.xlsx	f
CLK-councils-2013-01-01	placements	7c4c368bc97384fb3b1badfb9fb7d27c6f32e885596ee5ece8e9df2467599dd9	CLK permanence return Jan 2013.xlsx	f
CLK-councils-2013-01-01	carers	7c4c368bc97384fb3b1badfb9fb7d27c6f32e885596ee5ece8e9df2467599dd9	CLK permanence return Jan 2013.xlsx	f
CLK-councils-2013-01-01	matches	7c4c368bc97384fb3b1badfb9fb7d27c6f32e885596ee5ece8e9df2467599dd9	CLK permanence return Jan 2013.xlsx	f
CLK-councils-2013-01-01	support_plans	7c4c368bc97384fb3b1badfb9fb7d27c6f32e885596ee5ece8e9df2467599dd9	CLK permanence return Jan 2013.xlsx	f
CLK-councils-2013-02-01	children	ad53f41a2c51bd6f21a01de29f839e787a8bd735810aa72831fca9fa818eee86	CLK permanence return Feb 2013.xlsx	f
CLK-councils-2013-02-01	milestones	ad53f41a2c51bd6f21a01de29f839e787a8bd735810aa72831fca9fa818eee86	CLK permanence return Feb 2013.xlsx	f
CLK-councils-2013-02-01	placements	ad53f41a2c51bd6f21a01de29f839e787a8bd735810aa72831fca9fa818eee86	CLK permanence return Feb 2013.xlsx	f
CLK-councils-2013-02-01	carers	ad53f41a2c51bd6f21a01de29f839e787a8bd735810aa72831fca9fa818eee86	CLK permanence return Feb 2013.xlsx	f
CLK-councils-2013-02-01	matches	ad53f41a2c51bd6f21a01de29f839e787a8bd735810aa72831fca9fa818eee86	CLK permanence return Feb 2013.xlsx	f
CLK-councils-2013-02-01	support_plans	ad53f41a2c51bd6f21a01de29f839e787a8bd735810aa72831fca9fa818eee86	CLK permanence return Feb 2013.xlsx	f
CLK-councils-2013-03-01	children	157938b9ce311aa60031120fa89c0cd80187fa2639568633eb546a11b457a50f	CLK permanence return Mar 2013.xlsx	f
CLK-councils-2013-03-01	milestones	157938b9ce311aa60031120fa89c0cd80187fa2639568633eb546a11b457a50f	CLK permanence return Mar 2013.xlsx	f
CLK-councils-2013-03-01	placements	157938b9ce311aa60031120fa89c0cd80187fa2639568633eb546a11b457a50f	CLK permanence return Mar 2013.xlsx	f
CLK-councils-2013-03-01	carers	157938b9ce311aa60031120fa89c0cd80187fa2639568633eb546a11b457a50f	CLK permanence return Mar 2013.xlsx	f
CLK-councils-2013-03-01	matches	157938b9ce311aa60031120fa89c0cd80187fa2639568633eb546a11b457a50f	CLK permanence return Mar 2013.xlsx	f
CLK-councils-2013-03-01	support_plans	157938b9ce311aa60031120fa89c0cd80187fa2639568633eb546a11b457a50f	CLK permanence return Mar 2013.xlsx	f
CLK-councils-2013-04-01	children	de76e3555448d5704d4b4b8cdb65b3ecc0ec0a20ffa6a2d8338c2ca08e4666ed	CLK permanence return Apr 2013.xlsx	f
CLK-councils-2013-04-01	milestones	de76e3555448d5704d4b4b8cdb65b3ecc0ec0a20ffa6a2d8338c2ca08e4666ed	CLK permanence return Apr 2013.xlsx	f
CLK-councils-2013-04-01	placements	de76e3555448d5704d4b4b8cdb65b3ecc0ec0a20ffa6a2d8338c2ca08e4666ed	CLK permanence return Apr 2013.xlsx	f
CLK-councils-2013-04-01	carers	de76e3555448d5704d4b4b8cdb65b3ecc0ec0a20ffa6a2d8338c2ca08e4666ed	CLK permanence return Apr 2013.xlsx	f
CLK-councils-2013-04-01	matches	de76e3555448d5704d4b4b8cdb65b3ecc0ec0a20ffa6a2d8338c2ca08e4666ed	CLK permanence return Apr 2013.xlsx	f
CLK-councils-2013-04-01	support_plans	de76e3555448d5704d4b4b8cdb65b3ecc0ec0a20ffa6a2d8338c2ca08e4666ed	CLK permanence return Apr 2013.xlsx	f
CLK-councils-2013-05-01	children	4a8abe37585a858c9c3e5924e89c67801104ad497ac31ddcf71538a6683fd719	CLK permanence return May 2013.xlsx	f
CLK-councils-2013-05-01	milestones	4a8abe37585a858c9c3e5924e89c67801104ad497ac31ddcf71538a6683fd719	CLK permanence return May 2013.xlsx	f
CLK-councils-2013-05-01	placements	4a8abe37585a858c9c3e5924e89c67801104ad497ac31ddcf71538a6683fd719	CLK permanence return May 2013.xlsx	f
CLK-councils-2013-05-01	carers	4a8abe37585a858c9c3e5924e89c67801104ad497ac31ddcf71538a6683fd719	CLK permanence return May 2013.xlsx	f
CLK-councils-2013-05-01	matches	4a8abe37585a858c9c3e5924e89c67801104ad497ac31ddcf71538a6683fd719	CLK permanence return May 2013.xlsx	f
CLK-councils-2013-05-01	support_plans	4a8abe37585a858c9c3e5924e89c67801104ad497ac31ddcf71538a6683fd719	CLK permanence return May 2013.xlsx	f
CLK-councils-2013-06-01	children	fa3cedca7f4db5f5e730767f7042ccb190ce6186bffc8a7db217253471e7cc00	CLK permanence return Jun 2013.xlsx	f
CLK-councils-2013-06-01	milestones	fa3cedca7f4db5f5e730767f7042ccb190ce6186bffc8a7db217253471e7cc00	CLK permanence return Jun 2013.xlsx	f
CLK-councils-2013-06-01	placements	fa3cedca7f4db5f5e730767f7042ccb190ce6186bffc8a7db217253471e7cc00	CLK permanence return Jun 2013.xlsx	f
CLK-councils-2013-06-01	carers	fa3cedca7f4db5f5e730767f7042ccb190ce6186bffc8a7db217253471e7cc00	CLK permanence return Jun 2013.xlsx	f
CLK-councils-2013-06-01	matches	fa3cedca7f4db5f5e730767f7042ccb190ce6186bffc8a7db217253471e7cc00	CLK permanence return Jun 2013.xlsx	f
CLK-councils-2013-06-01	support_plans	fa3cedca7f4db5f5e730767f7042ccb190ce6186bffc8a7db217253471e7cc00	CLK permanence return Jun 2013.xlsx	f
CLK-councils-2013-07-01	children	9f594d30420ba83d97a93b78f63a7d72a30216cab320b260c9ece556c7935638	CLK permanence return Jul 2013.xlsx	f
CLK-councils-2013-07-01	milestones	9f594d30420ba83d97a93b78f63a7d72a30216cab320b260c9ece556c7935638	CLK permanence return Jul 2013.xlsx	f
CLK-councils-2013-07-01	placements	9f594d30420ba83d97a93b78f63a7d72a30216cab320b260c9ece556c7935638	CLK permanence return Jul 2013.xlsx	f
CLK-councils-2013-07-01	carers	9f594d30420ba83d97a93b78f63a7d72a30216cab320b260c9ece556c7935638	CLK permanence return Jul 2013.xlsx	f
CLK-councils-2013-07-01	matches	9f594d30420ba83d97a93b78f63a7d72a30216cab320b260c9ece556c7935638	CLK permanence return Jul 2013.xlsx	f
CLK-councils-2013-07-01	support_plans	9f594d30420ba83d97a93b78f63a7d72a30216cab320b260c9ece556c7935638	CLK permanence return Jul 2013.xlsx	f
STG-councils-2012-08-01	carers	575fab0a47b7c58810e6a574c2fe1b7b5999692c17b51ca41c4b9c3a1f400da9	STG_carers_2012-08.csv	f
STG-councils-2012-08-01	children	ca385e9474174ac73663d3144203e283f744a1c6b99b188dc2527bdac24f302f	STG_children_2012-08.csv	f
STG-councils-2012-08-01	matches	24c4fdba44b324d97770e1085278bfb42e09894b8fc2c51d5ba6a35de25aef8a	STG_matches_2012-08.csv	f
STG-councils-2012-08-01	milestones	de5ede16b221531748a7891b4f615613b9e52d138200d18d0187df1afbd72bef	STG_milestones_2012-08.csv	f
STG-councils-2012-08-01	placements	746a90f302ae1a2d0e3327281022b2168aa78dea73ee1d31a71900349c9bc972	STG_placements_2012-08.csv	f
STG-councils-2012-08-01	support_plans	96236604fe5d10a51165729cdfd9e24574228d3193920bdc889cb348396d5274	STG_support_plans_2012-08.csv	f
STG-councils-2012-09-01	carers	c197180c14b0cacc764779914939a9af1f282152fc6b8a858efe10d83d9e13fe	STG_carers_2012-09.csv	f
STG-councils-2012-09-01	children	51af98e1092d20512a5684ac60754b14bc7706b91fe7b6959563dee8b3629e91	STG_children_2012-09.csv	f
STG-councils-2012-09-01	matches	862e3413c9a2cf51114386725d3f9cf5ebb8e04b93c05339148ce1d8ec3ae51c	STG_matches_2012-09.csv	f
STG-councils-2012-09-01	milestones	d7528c3e98e083273a7db560624d5600cedaf1d11f174dc9dfc4f640e579bc73	STG_milestones_2012-09.csv	f
STG-councils-2012-09-01	placements	e21d9c5dda031e8974265e487af0f3bf2207ae21a7ac2df79f340ce147eb455d	STG_placements_2012-09.csv	f
STG-councils-2012-09-01	support_plans	96236604fe5d10a51165729cdfd9e24574228d3193920bdc889cb348396d5274	STG_support_plans_2012-09.csv	f
STG-councils-2012-10-01	carers	eb3a4ffdd31012a05d5dfe2b8f2d0d3e5511f7c06011279d3cfb825447078db8	STG_carers_2012-10.csv	f
STG-councils-2012-10-01	children	c44bf238d9e5f042059dde4affc474d1d66d7e744ab5943d405e950d171098cc	STG_children_2012-10.csv	f
STG-councils-2012-10-01	matches	d1287d46b406233e8ecbf9a19f6417058b9471af34fa0350d0bd236b4d632da5	STG_matches_2012-10.csv	f
STG-councils-2012-10-01	milestones	f6c88da68a9f4cfc0ab6ad2fb4dd92d8d3c1ad9d431a2de7c058f556a8eac832	STG_milestones_2012-10.csv	f
STG-councils-2012-10-01	placements	0302d391f83f47da5e20c7e7331f723ac9937c5e4f991ba0c625deceb0f2ec20	STG_placements_2012-10.csv	f
STG-councils-2012-10-01	support_plans	49e91a46eeab39684f2cee94350108eac45c9e93098cb8e03cd096425729961a	STG_support_plans_2012-10.csv	f
STG-councils-2012-11-01	carers	59a56473eed9209541cd57975fcb8c647c464759bf0315943f7f1479ac2df662	STG_carers_2012-11.csv	f
STG-councils-2012-11-01	children	a2d2a8410cae9a8d1a45ee7b8d828d08d6b9bb43e1d8599bc43668ebb8e25a56	STG_children_2012-11.csv	f
STG-councils-2012-11-01	matches	8c06ca6005b810ecba6fcd8c98423af9a4e73b9bd0f2bc7bbc4f27f66514325e	STG_matches_2012-11.csv	f
STG-councils-2012-11-01	milestones	b743b77bcd14e02b7b45a6f301e9ff5e2a315fc8785fc561ce139af7aacabdbb	STG_milestones_2012-11.csv	f
STG-councils-2012-11-01	placements	c7fece6a44069c034afd3daf373494c2d5642b772a81cd1bde3cc55a88b01f9e	STG_placements_2012-11.csv	f
STG-councils-2012-11-01	support_plans	49e91a46eeab39684f2cee94350108eac45c9e93098cb8e03cd096425729961a	STG_support_plans_2012-11.csv	f
STG-councils-2012-12-01	carers	7558bc20fa82c90dd830dcdb899e0b272cb71bca3141b7ddf84f4f08adeeadcf	STG_carers_2012-12.csv	f
STG-councils-2012-12-01	children	68a27a8791b9a8d2ed92b673fb1ed203148418e61f4f2990bbbe5a905eb21b62	STG_children_2012-12.csv	f
STG-councils-2012-12-01	matches	8d0d496d8ab129e8351ce72ee1f488d94a918bde36a5c220511d3d8018fd195d	STG_matches_2012-12.csv	f
STG-councils-2012-12-01	milestones	6e3895eccdb095d049f631c55e525a8b0a81163b0d5bf82bf73a73d927d79bed	STG_milestones_2012-12.csv	f
STG-councils-2012-12-01	placements	d0ce1128e84cd971bee289e6d6381dad47b079e4085587cfcb57984ceafe03ce	STG_placements_2012-12.csv	f
STG-councils-2012-12-01	support_plans	49e91a46eeab39684f2cee94350108eac45c9e93098cb8e03cd096425729961a	STG_support_plans_2012-12.csv	f
STG-councils-2013-01-01	carers	b5e5b5cdb3bb1b41dfd24a676a830e3e6fd58d8a8e7ceca1745735787cd1bded	STG_carers_2013-01.csv	f
STG-councils-2013-01-01	children	0069d214db8012e36b7e0f956984afae437419a3f673167471f527d4926e5e74	STG_children_2013-01.csv	f
STG-councils-2013-01-01	matches	779a4256f849efbbd34aced42eb172d05ff7fbb01e79fd8b13fd341f5fb6ab5b	STG_matches_2013-01.csv	f
STG-councils-2013-01-01	milestones	bc3ac8c2ee22c43e363117c77260b7e50a614163bdebb0eff08bad67b1905c6b	STG_milestones_2013-01.csv	f
STG-councils-2013-01-01	placements	9eee91a2a3ee00e09d55184f546f30794fbc5b959da5d12889ce066b7afcd9b3	STG_placements_2013-01.csv	f
STG-councils-2013-01-01	support_plans	49e91a46eeab39684f2cee94350108eac45c9e93098cb8e03cd096425729961a	STG_support_plans_2013-01.csv	f
STG-councils-2013-02-01	carers	f4e4bd0e41e5c21b3b4f3b08f12500b412c29f60d3562f1546cfe2a72c991311	STG_carers_2013-02.csv	f
STG-councils-2013-02-01	children	ced21e580ddf9dccf54f0287250f34771954b41fd1d24eaf349c96930bd7db15	STG_children_2013-02.csv	f
STG-councils-2013-02-01	matches	779a4256f849efbbd34aced42eb172d05ff7fbb01e79fd8b13fd341f5fb6ab5b	STG_matches_2013-02.csv	f
STG-councils-2013-02-01	milestones	9e16eba0c6b015573c94d380dd148574bc85e3ac2b06685556a0da46be4ea958	STG_milestones_2013-02.csv	f
STG-councils-2013-02-01	placements	7e716db96dc5c3cbf38033323a059c4dd1a50722669ddc4f3dec57b6c14cd6ff	STG_placements_2013-02.csv	f
STG-councils-2013-02-01	support_plans	52dc6e36b7654242ea630a7dacbb68b845020c6b1f370bb36596c95dda692d44	STG_support_plans_2013-02.csv	f
STG-councils-2013-03-01	carers	32a799620f73a926275944bb0bf528306ca6edcef534770d4418862d48b28c45	STG_carers_2013-03.csv	f
STG-councils-2013-03-01	children	625c364bd8a81affc4f34aeb425a35fb124e87530abb9a9c8ff9ed6cb993f17b	STG_children_2013-03.csv	f
STG-councils-2013-03-01	matches	53d92a269c0725ad961df1a2d23c97d4c8cb8cbe96afe5fa7a8ea714a8c0ba55	STG_matches_2013-03.csv	f
STG-councils-2013-03-01	milestones	0643db93d2bd11a370a8b1ae84222e959aebae620c51b8be8215a5736e5f3631	STG_milestones_2013-03.csv	f
STG-councils-2013-03-01	placements	e4314ebfdb413f09112088450813de540b7d0fd779771341ffbd3f921fa8e1f8	STG_placements_2013-03.csv	f
STG-councils-2013-03-01	support_plans	55c3e5e8d74002b987e72697bde9516f88fb844d2ecb5a152f789fa92fd7112b	STG_support_plans_2013-03.csv	f
STG-councils-2013-04-01	carers	fdd8fed0a19e1b7fc682f3a4550b874732b4e2fdb55608c4793782c8e8b55256	STG_carers_2013-04.csv	f
STG-councils-2013-04-01	children	b417f16057d5327a953ba388a0c8ff1b15e4a6907c0809ba1430a0c028c1b301	STG_children_2013-04.csv	f
STG-councils-2013-04-01	matches	cc38c9703ff318f304c60c6dbbfe90e0831e58ea3d0515b36b015cea486e48db	STG_matches_2013-04.csv	f
STG-councils-2013-04-01	milestones	604c0bd4493b73b6795400a308e3dfdbbd080c17869d9f69e6670948da9b9612	STG_milestones_2013-04.csv	f
STG-councils-2013-04-01	placements	13bf53b10837aca44306c19e0f4943590e8f9e4ac2aa59bc703c31af7642d138	STG_placements_2013-04.csv	f
STG-councils-2013-04-01	support_plans	d4092a9ccb2024924578a34c85221f510c802e24a4b339039c568d53c86250aa	STG_support_plans_2013-04.csv	f
STG-councils-2013-05-01	carers	19021c1e4f35401d9e6ff6e04a23aaa8a266c7b181f973b30e5bde20249039e1	STG_carers_2013-05.csv	f
STG-councils-2013-05-01	children	f4644d8b6b50e5c0b143dc33c69cceecae66250a2c19dc02845700be7eac059a	STG_children_2013-05.csv	f
STG-councils-2013-05-01	matches	384ced924431bf82bd867c0526d43f35644f44a5cc1d4e81397c24f8e7e1471f	STG_matches_2013-05.csv	f
STG-councils-2013-05-01	milestones	f0f20bb4a47ebc4d96e3dcd778f662a1c7a8ac1b68676bd182c1d34378bc3a98	STG_milestones_2013-05.csv	f
STG-councils-2013-05-01	placements	522837cd133c0ddb6192e846e8b2257eece7f59890f75e465f8a8fa6bc341cce	STG_placements_2013-05.csv	f
STG-councils-2013-05-01	support_plans	d540cd031681a4cc7eacf3d2d7358ac7d3dcc95edbe3984c40cb84f1b85a74b9	STG_support_plans_2013-05.csv	f
STG-councils-2013-06-01	carers	41a3f148408c8eb33d1160dea059ac9cb539deb34c2ae96c857e58c12859a735	STG_carers_2013-06.csv	f
STG-councils-2013-06-01	children	75e01a181ea8fcdbe6665aa2339c5092baab473150e1f3e01451778e1c61ed82	STG_children_2013-06.csv	f
STG-councils-2013-06-01	matches	384ced924431bf82bd867c0526d43f35644f44a5cc1d4e81397c24f8e7e1471f	STG_matches_2013-06.csv	f
STG-councils-2013-06-01	milestones	995e3a05302265b2144825117aec517857edfce1ed11ef788f91029e7611c784	STG_milestones_2013-06.csv	f
STG-councils-2013-06-01	placements	5f806026bf0403e5bdbde93d1c23a60feaf1a7acc43756df9c9d970e7f531033	STG_placements_2013-06.csv	f
STG-councils-2013-06-01	support_plans	c179f580ac8966a434f255b6213a3843f4e75da0f97bafde21c8c979395521f8	STG_support_plans_2013-06.csv	f
STG-councils-2013-07-01	carers	0be8fdaad2b396c512b2266be44b0054013294e88711caf33a2d0f8820ef1619	STG_carers_2013-07.csv	f
STG-councils-2013-07-01	children	6bc2d6e2271b77aa425249bd8cd3627e3e1501d08dffc7fae2dea9d68c934142	STG_children_2013-07.csv	f
STG-councils-2013-07-01	matches	ccfb5cce2b200b7c61f7fb3ccfdd6ff13df74374a98767d1aebb59c8e2074ea6	STG_matches_2013-07.csv	f
STG-councils-2013-07-01	milestones	3674f18a416b65bbbd8161179d3d2c5945247b8200e674273bd74499602ec862	STG_milestones_2013-07.csv	f
STG-councils-2013-07-01	placements	5f959e6f844f8c7aafbcd5bfe004c58c63c56627617b41201d8c0505fc47d130	STG_placements_2013-07.csv	f
STG-councils-2013-07-01	support_plans	aca98af743a8a6317bda65630ba5ae5a24f28f5c40094916151605594d748a8a	STG_support_plans_2013-07.csv	f
clas-clas-CLAS2011-01	annual_counts	e99f52c69922e18f6a334bbbcad4904f14019baf8a038541b8553d83fff3c22f	PaCT_plan_CLAS2011.csv	f
clas-clas-CLAS2011-02	annual_counts	3f23b140028859fd9dc3a3092759c50c1347de89d31e7496390ae52314828c27	LGBF_2022-01_CLAS2011.csv	f
clas-clas-CLAS2012-01	children	1c73c614d52b63969a7a7200e300102b7677077138afe0efd5acd62a2a292e7d	CLAS_CHILD_2012.csv	f
clas-clas-CLAS2012-01	episodes	e99eab51ccaec544501ef2b35fe5f7e0e376ee3bff2d4f73d4a760d5ad5c5a6d	CLAS_EPISODE_2012.csv	f
clas-clas-CLAS2012-01	legal_reasons	6ea7055a0015bb206d38d32418e8bfb2b9646b58809488c504f02a3028177402	CLAS_LEGAL_REASON_2012.csv	f
clas-clas-CLAS2012-01	placements	18128155a57d7136d4fc4f71d313277b6aa8d9c3d2cc2e8266bfd67e670a901f	CLAS_PLACEMENT_2012.csv	f
clas-clas-CLAS2012-02	children	1c73c614d52b63969a7a7200e300102b7677077138afe0efd5acd62a2a292e7d	CLAS_CHILD_2012.csv	t
clas-clas-CLAS2012-02	episodes	e99eab51ccaec544501ef2b35fe5f7e0e376ee3bff2d4f73d4a760d5ad5c5a6d	CLAS_EPISODE_2012.csv	t
clas-clas-CLAS2012-02	legal_reasons	6ea7055a0015bb206d38d32418e8bfb2b9646b58809488c504f02a3028177402	CLAS_LEGAL_REASON_2012.csv	t
clas-clas-CLAS2012-02	placements	18128155a57d7136d4fc4f71d313277b6aa8d9c3d2cc2e8266bfd67e670a901f	CLAS_PLACEMENT_2012.csv	t
clas-clas-CLAS2012-02	annual_counts	c38a17531b5418c42f807782ab40c4127372caf945dc0c161a5cac69a0414cff	LGBF_2022-01_CLAS2012.csv	f
clas-clas-CLAS2013-01	children	09c942454353afeec11fbe25ddd9ebe7c963ffcbd150870ec767e28cbeaa53f7	CLAS_CHILD_2013.csv	f
clas-clas-CLAS2013-01	episodes	fd314895f800f995011c6772e4ff97cc7b9fba92d849a5df99e924a7c0047cce	CLAS_EPISODE_2013.csv	f
clas-clas-CLAS2013-01	legal_reasons	0f7024f41a781a73b5e5638e382bc43b3c643a95bb3204f5e3142ecbc74ad3d6	CLAS_LEGAL_REASON_2013.csv	f
clas-clas-CLAS2013-01	placements	3c25b23ddad1f86be93a3332761ba9c5199bccc9fdd5f1c7ec9ac104e59de83b	CLAS_PLACEMENT_2013.csv	f
clas-clas-CLAS2013-02	children	09c942454353afeec11fbe25ddd9ebe7c963ffcbd150870ec767e28cbeaa53f7	CLAS_CHILD_2013.csv	t
clas-clas-CLAS2013-02	episodes	fd314895f800f995011c6772e4ff97cc7b9fba92d849a5df99e924a7c0047cce	CLAS_EPISODE_2013.csv	t
clas-clas-CLAS2013-02	legal_reasons	0f7024f41a781a73b5e5638e382bc43b3c643a95bb3204f5e3142ecbc74ad3d6	CLAS_LEGAL_REASON_2013.csv	t
clas-clas-CLAS2013-02	placements	3c25b23ddad1f86be93a3332761ba9c5199bccc9fdd5f1c7ec9ac104e59de83b	CLAS_PLACEMENT_2013.csv	t
clas-clas-CLAS2013-02	annual_counts	2f8bba6ad4bab4edc3c2c725c7668f0d8a03a8cd49930c86c1b420e2e36f1b06	LGBF_2022-01_CLAS2013.csv	f
clas-clas-CLAS2014-01	annual_counts	9cf5b970953a0b09f0534c47ce134af1846f942e0c63dfa86412b8ecc9406c96	CSWS_first_release_CLAS2014.csv	f
clas-clas-CLAS2014-02	annual_counts	5160b5ad0f035f688826c9e9f22eee9bf250c86847f18a816b7267b4d0e39699	LGBF_2022-01_CLAS2014.csv	f
clas-clas-CLAS2015-01	annual_counts	c51fea8c9acebf14e30f427f6b4f908126ae1209d10c00ffd1b18e136d8ff1b3	LGBF_2022-01_CLAS2015.csv	f
clas-clas-CLAS2016-01	annual_counts	57c3f70ef999d91ec9be6a0e42616d4f70c06c881da90cf600642397fc8d0163	LGBF_2022-01_CLAS2016.csv	f
clas-clas-CLAS2017-01	annual_counts	87a9a016bb3e008e2bc564ef3fcd93cfc39d531085d0da19d71c7d18b01581d8	LGBF_2022-01_CLAS2017.csv	f
clas-clas-CLAS2018-01	annual_counts	a527700f8ab2aaf2e0e00ae01c87a9c71d6f2bc77af26cba4284d7d907c6941d	CSWS_first_release_CLAS2018.csv	f
clas-clas-CLAS2018-02	annual_counts	6d1754eae830a79f1b8d5a97cbfe23d8ff74f61e2983e880e205c15f6df2895d	LGBF_2022-01_CLAS2018.csv	f
clas-clas-CLAS2019-01	annual_counts	26ec615b8d829817febfb3e6be89fd80f65bfe304ca125cde83557802cf68cc8	CSWS_first_release_CLAS2019.csv	f
clas-clas-CLAS2019-02	annual_counts	97598a86b4da07e768e2ee3ef559997ebfecaaed8c38155f347b9994bbc5d990	LGBF_2022-01_CLAS2019.csv	f
clas-clas-CLAS2020-01	annual_counts	9a9a00eb4f76a46c3d39a296297d8a5efe93af2ac2bef45fe73b16f429ca4006	LGBF_2022-01_CLAS2020.csv	f
scts-courts-FY2011-12-01	annual_counts	9624e3179b609a4a8c51f4326a04ce8f01ee41462f48d34cbc4525ac386cbd3e	SCS_FOI_permanence_FY2011-12.csv	f
scts-courts-2012-Q3-01	applications	cbb46b1899a885d1924ef7e1c39154e6234f9c84630343a3e5a30a7316d0ad44	SCTS_applications_2012Q3.csv	f
scts-courts-2012-Q4-01	applications	a5e627c794de7bc530c699d1287ea1b8d4f1ce25c44885de3269b0e849b0873d	SCTS_applications_2012Q4.csv	f
scts-courts-2013-Q1-01	applications	2316b5580ea12f1a9d89743b31e99444867ac4b7e768641cb686c5bc2be60509	SCTS_applications_2013Q1.csv	f
scts-courts-2013-Q2-01	applications	08ef09dfd93fec0a54c9b2a59f29b13594bc79050fabe81f1dc39b40dd9cb722	SCTS_applications_2013Q2.csv	f
scts-courts-FY2014-15-01	annual_counts	7910d4c66dc1ad7206ebda5d92b637ebd7943c53d393263fa4a5d606411ccb92	CJS_Table8_FY2014-15.csv	f
STG-councils-2013-07-02	carers	41a3f148408c8eb33d1160dea059ac9cb539deb34c2ae96c857e58c12859a735	STG_carers_2013-07_v2.csv	f
STG-councils-2013-07-02	children	75e01a181ea8fcdbe6665aa2339c5092baab473150e1f3e01451778e1c61ed82	STG_children_2013-07_v2.csv	f
STG-councils-2013-07-02	matches	384ced924431bf82bd867c0526d43f35644f44a5cc1d4e81397c24f8e7e1471f	STG_matches_2013-07_v2.csv	f
STG-councils-2013-07-02	milestones	995e3a05302265b2144825117aec517857edfce1ed11ef788f91029e7611c784	STG_milestones_2013-07_v2.csv	f
STG-councils-2013-07-02	placements	5f806026bf0403e5bdbde93d1c23a60feaf1a7acc43756df9c9d970e7f531033	STG_placements_2013-07_v2.csv	f
STG-councils-2013-07-02	support_plans	c179f580ac8966a434f255b6213a3843f4e75da0f97bafde21c8c979395521f8	STG_support_plans_2013-07_v2.csv	f
\.


--
-- Data for Name: trouble; Type: TABLE DATA; Schema: ledger; Owner: -
--

COPY ledger.trouble (trouble_id, supplier, url, path, code, since, last_seen, ended_at) FROM stdin;
\.


--
-- Name: decision_decision_id_seq; Type: SEQUENCE SET; Schema: ledger; Owner: -
--

SELECT pg_catalog.setval('ledger.decision_decision_id_seq', 1, true);


--
-- Name: trouble_trouble_id_seq; Type: SEQUENCE SET; Schema: ledger; Owner: -
--

SELECT pg_catalog.setval('ledger.trouble_trouble_id_seq', 1, false);


--
-- Name: arrival arrival_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.arrival
    ADD CONSTRAINT arrival_pkey PRIMARY KEY (sha256, supplier, collection, file_name);


--
-- Name: arrivals_calendar arrivals_calendar_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.arrivals_calendar
    ADD CONSTRAINT arrivals_calendar_pkey PRIMARY KEY (supplier, collection, period);


--
-- Name: decision decision_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (decision_id);


--
-- Name: decision decision_submission_id_judging_key; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.decision
    ADD CONSTRAINT decision_submission_id_judging_key UNIQUE (submission_id, judging);


--
-- Name: finding_count finding_count_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.finding_count
    ADD CONSTRAINT finding_count_pkey PRIMARY KEY (submission_id, judging, table_name, rule, column_name);


--
-- Name: judging judging_lake_name_key; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.judging
    ADD CONSTRAINT judging_lake_name_key UNIQUE (lake_name);


--
-- Name: judging judging_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.judging
    ADD CONSTRAINT judging_pkey PRIMARY KEY (submission_id, judging);


--
-- Name: judging_table judging_table_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.judging_table
    ADD CONSTRAINT judging_table_pkey PRIMARY KEY (submission_id, judging, table_name);


--
-- Name: listing listing_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.listing
    ADD CONSTRAINT listing_pkey PRIMARY KEY (supplier, url, path);


--
-- Name: place place_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.place
    ADD CONSTRAINT place_pkey PRIMARY KEY (supplier, url);


--
-- Name: submission submission_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.submission
    ADD CONSTRAINT submission_pkey PRIMARY KEY (submission_id);


--
-- Name: submission submission_supplier_collection_period_sequence_key; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.submission
    ADD CONSTRAINT submission_supplier_collection_period_sequence_key UNIQUE (supplier, collection, period, sequence);


--
-- Name: submission_table submission_table_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.submission_table
    ADD CONSTRAINT submission_table_pkey PRIMARY KEY (submission_id, table_name);


--
-- Name: trouble trouble_pkey; Type: CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.trouble
    ADD CONSTRAINT trouble_pkey PRIMARY KEY (trouble_id);


--
-- Name: one_trouble_at_a_time; Type: INDEX; Schema: ledger; Owner: -
--

CREATE UNIQUE INDEX one_trouble_at_a_time ON ledger.trouble USING btree (supplier, url, path, code) WHERE (ended_at IS NULL);


--
-- Name: submission_in_force; Type: INDEX; Schema: ledger; Owner: -
--

CREATE INDEX submission_in_force ON ledger.submission USING btree (supplier, collection, period, sequence);


--
-- Name: arrival facts_never_change; Type: TRIGGER; Schema: ledger; Owner: -
--

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.arrival FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();


--
-- Name: decision facts_never_change; Type: TRIGGER; Schema: ledger; Owner: -
--

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.decision FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();


--
-- Name: finding_count facts_never_change; Type: TRIGGER; Schema: ledger; Owner: -
--

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.finding_count FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();


--
-- Name: judging facts_never_change; Type: TRIGGER; Schema: ledger; Owner: -
--

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.judging FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();


--
-- Name: judging_table facts_never_change; Type: TRIGGER; Schema: ledger; Owner: -
--

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.judging_table FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();


--
-- Name: submission facts_never_change; Type: TRIGGER; Schema: ledger; Owner: -
--

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.submission FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();


--
-- Name: submission_table facts_never_change; Type: TRIGGER; Schema: ledger; Owner: -
--

CREATE TRIGGER facts_never_change BEFORE DELETE OR UPDATE ON ledger.submission_table FOR EACH ROW EXECUTE FUNCTION ledger.facts_never_change();


--
-- Name: decision decision_submission_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.decision
    ADD CONSTRAINT decision_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES ledger.submission(submission_id);


--
-- Name: finding_count finding_count_submission_id_judging_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.finding_count
    ADD CONSTRAINT finding_count_submission_id_judging_fkey FOREIGN KEY (submission_id, judging) REFERENCES ledger.judging(submission_id, judging);


--
-- Name: judging judging_decision_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.judging
    ADD CONSTRAINT judging_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES ledger.decision(decision_id);


--
-- Name: judging judging_submission_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.judging
    ADD CONSTRAINT judging_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES ledger.submission(submission_id);


--
-- Name: judging_table judging_table_submission_id_judging_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.judging_table
    ADD CONSTRAINT judging_table_submission_id_judging_fkey FOREIGN KEY (submission_id, judging) REFERENCES ledger.judging(submission_id, judging);


--
-- Name: submission submission_supersedes_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.submission
    ADD CONSTRAINT submission_supersedes_fkey FOREIGN KEY (supersedes) REFERENCES ledger.submission(submission_id);


--
-- Name: submission_table submission_table_submission_id_fkey; Type: FK CONSTRAINT; Schema: ledger; Owner: -
--

ALTER TABLE ONLY ledger.submission_table
    ADD CONSTRAINT submission_table_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES ledger.submission(submission_id);


--
-- PostgreSQL database dump complete
--

\unrestrict 9ueRFr0hdnzVvuYgi52kfDGeTCASSAMWsvhvYbDn9WuPLVyPiwNzyLFfJfHSi3o

