CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.answers (
    workspace_id character varying(32) NOT NULL,
    channel_id character varying(32) NOT NULL,
    question_ts character varying(20) NOT NULL,
    answerer_id character varying(32) NOT NULL,
    ts character varying(20) NOT NULL,
    at timestamp without time zone NOT NULL,
    replies integer NOT NULL,
    thanked_at timestamp without time zone
);
CREATE TABLE public.asks (
    workspace_id character varying(32) NOT NULL,
    suggestion_id bigint NOT NULL,
    user_id character varying(32) NOT NULL,
    channel_id character varying(32),
    ts character varying(20),
    answer character varying(16),
    answered_at timestamp without time zone
);
CREATE TABLE public.channels (
    workspace_id character varying(32) NOT NULL,
    id character varying(32) NOT NULL,
    name character varying NOT NULL,
    purpose character varying NOT NULL,
    is_private boolean NOT NULL,
    is_archived boolean NOT NULL,
    is_general boolean NOT NULL,
    is_external boolean NOT NULL,
    is_joined boolean NOT NULL,
    version_ts character varying(20) NOT NULL
);
CREATE TABLE public.communities (
    id bigint NOT NULL,
    workspace_id character varying(32) NOT NULL,
    suggestion_id bigint NOT NULL,
    topic_id bigint NOT NULL,
    name character varying(80) NOT NULL,
    purpose character varying(250) NOT NULL,
    channel_id character varying(32),
    started_by character varying(32) NOT NULL,
    state character varying(16) NOT NULL,
    created_at timestamp without time zone NOT NULL,
    retired_at timestamp without time zone
);
CREATE SEQUENCE public.communities_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.communities_id_seq OWNED BY public.communities.id;
CREATE TABLE public.daily_posts (
    workspace_id character varying(32) NOT NULL,
    channel_id character varying(32) NOT NULL,
    day date NOT NULL,
    number integer NOT NULL,
    question_key character varying(120) NOT NULL,
    claimed_at timestamp without time zone NOT NULL,
    ts character varying(20)
);
CREATE TABLE public.events (
    id bigint NOT NULL,
    workspace_id character varying(32) NOT NULL,
    event_id character varying(64) NOT NULL,
    kind character varying(80) NOT NULL,
    channel_id character varying(32),
    payload text,
    state character varying(16) NOT NULL,
    received_at timestamp without time zone NOT NULL,
    due_at timestamp without time zone NOT NULL,
    attempts integer NOT NULL,
    digested_at timestamp without time zone,
    error character varying(200)
);
CREATE SEQUENCE public.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.events_id_seq OWNED BY public.events.id;
CREATE TABLE public.evidence (
    workspace_id character varying(32) NOT NULL,
    channel_id character varying(32) NOT NULL,
    ts character varying(20) NOT NULL,
    user_id character varying(32) NOT NULL,
    kind character varying(16) NOT NULL,
    root_ts character varying(20) NOT NULL,
    at timestamp without time zone NOT NULL,
    topic_id bigint
);
CREATE TABLE public.import_runs (
    workspace_id character varying(32) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    name character varying(255) NOT NULL,
    started_at timestamp without time zone NOT NULL,
    finished_at timestamp without time zone
);
CREATE TABLE public.invitations (
    workspace_id character varying(32) NOT NULL,
    community_id bigint NOT NULL,
    user_id character varying(32) NOT NULL,
    is_host boolean NOT NULL,
    state character varying(16) NOT NULL,
    channel_id character varying(32),
    ts character varying(20),
    answered_at timestamp without time zone
);
CREATE TABLE public.memberships (
    workspace_id character varying(32) NOT NULL,
    channel_id character varying(32) NOT NULL,
    user_id character varying(32) NOT NULL,
    is_member boolean NOT NULL,
    version_ts character varying(20) NOT NULL
);
CREATE TABLE public.messages (
    workspace_id character varying(32) NOT NULL,
    channel_id character varying(32) NOT NULL,
    ts character varying(20) NOT NULL,
    root_ts character varying(20) NOT NULL,
    user_id character varying(32),
    at timestamp without time zone NOT NULL,
    version_ts character varying(20) NOT NULL,
    is_deleted boolean NOT NULL,
    is_question boolean NOT NULL,
    question_score double precision NOT NULL,
    is_thanks boolean NOT NULL,
    mentions json NOT NULL,
    words bytea NOT NULL,
    counts bytea NOT NULL,
    vector bytea,
    vector_model character varying(64)
);
CREATE TABLE public.people (
    workspace_id character varying(32) NOT NULL,
    id character varying(32) NOT NULL,
    name character varying NOT NULL,
    zone character varying NOT NULL,
    is_bot boolean NOT NULL,
    is_deactivated boolean NOT NULL,
    is_guest boolean NOT NULL,
    is_external boolean NOT NULL,
    is_admin boolean NOT NULL,
    version_ts character varying(20) NOT NULL
);
CREATE TABLE public.posts (
    id bigint NOT NULL,
    workspace_id character varying(32) NOT NULL,
    key character varying(200) NOT NULL,
    method character varying(40) NOT NULL,
    channel_id character varying(32),
    payload json,
    state character varying(16) NOT NULL,
    attempts integer NOT NULL,
    created_at timestamp without time zone NOT NULL,
    due_at timestamp without time zone NOT NULL,
    sent_at timestamp without time zone,
    ts character varying(20),
    error character varying(200)
);
CREATE SEQUENCE public.posts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.posts_id_seq OWNED BY public.posts.id;
CREATE TABLE public.preferences (
    workspace_id character varying(32) NOT NULL,
    user_id character varying(32) NOT NULL,
    is_opted_out boolean NOT NULL,
    snoozed_until timestamp without time zone,
    wants_suggestions boolean NOT NULL,
    unasked_at timestamp without time zone
);
CREATE TABLE public.questions (
    workspace_id character varying(32) NOT NULL,
    channel_id character varying(32) NOT NULL,
    ts character varying(20) NOT NULL,
    asker_id character varying(32) NOT NULL,
    at timestamp without time zone NOT NULL,
    topic_id bigint
);
CREATE TABLE public.reactions (
    workspace_id character varying(32) NOT NULL,
    channel_id character varying(32) NOT NULL,
    ts character varying(20) NOT NULL,
    user_id character varying(32) NOT NULL,
    name character varying(100) NOT NULL,
    is_present boolean NOT NULL,
    at timestamp without time zone NOT NULL,
    version_ts character varying(20) NOT NULL
);
CREATE TABLE public.schedules (
    id bigint NOT NULL,
    workspace_id character varying(32) NOT NULL,
    channel_id character varying(32) NOT NULL,
    "time" character varying(5) NOT NULL,
    days character varying(27) NOT NULL,
    zone character varying(64) NOT NULL,
    pack character varying(80) NOT NULL,
    is_paused boolean NOT NULL,
    created_by character varying(32) NOT NULL,
    created_at timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.schedules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.schedules_id_seq OWNED BY public.schedules.id;
CREATE TABLE public.suggestions (
    id bigint NOT NULL,
    workspace_id character varying(32) NOT NULL,
    topic_id bigint NOT NULL,
    state character varying(16) NOT NULL,
    existing_channel_id character varying(32),
    gates json NOT NULL,
    created_at timestamp without time zone NOT NULL,
    settled_at timestamp without time zone,
    settled_by character varying(32),
    ask_again_at timestamp without time zone
);
CREATE SEQUENCE public.suggestions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.suggestions_id_seq OWNED BY public.suggestions.id;
CREATE TABLE public.topic_aliases (
    workspace_id character varying(32) NOT NULL,
    topic_id bigint NOT NULL,
    alias character varying(80) NOT NULL
);
CREATE TABLE public.topic_preferences (
    workspace_id character varying(32) NOT NULL,
    user_id character varying(32) NOT NULL,
    topic_id bigint NOT NULL,
    choice character varying(16) NOT NULL
);
CREATE TABLE public.topics (
    id bigint NOT NULL,
    workspace_id character varying(32) NOT NULL,
    label character varying NOT NULL,
    is_locked boolean NOT NULL,
    is_hidden boolean NOT NULL,
    strength double precision NOT NULL,
    rank integer,
    created_at timestamp without time zone NOT NULL,
    retired_at timestamp without time zone,
    merged_into_id bigint
);
CREATE SEQUENCE public.topics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.topics_id_seq OWNED BY public.topics.id;
CREATE TABLE public.words (
    workspace_id character varying(32) NOT NULL,
    hash bigint NOT NULL,
    surface_hash bigint NOT NULL,
    first_user_id character varying(32) NOT NULL,
    surface character varying(100),
    uses integer NOT NULL
);
CREATE TABLE public.workspaces (
    id character varying(32) NOT NULL,
    enterprise_id character varying(32),
    name character varying NOT NULL,
    domain character varying NOT NULL,
    bot_user_id character varying(32),
    word_key bytea NOT NULL,
    revision integer NOT NULL,
    topics_at timestamp without time zone,
    topics_revision integer NOT NULL,
    created_at timestamp without time zone NOT NULL
);
ALTER TABLE ONLY public.communities ALTER COLUMN id SET DEFAULT nextval('public.communities_id_seq'::regclass);
ALTER TABLE ONLY public.events ALTER COLUMN id SET DEFAULT nextval('public.events_id_seq'::regclass);
ALTER TABLE ONLY public.posts ALTER COLUMN id SET DEFAULT nextval('public.posts_id_seq'::regclass);
ALTER TABLE ONLY public.schedules ALTER COLUMN id SET DEFAULT nextval('public.schedules_id_seq'::regclass);
ALTER TABLE ONLY public.suggestions ALTER COLUMN id SET DEFAULT nextval('public.suggestions_id_seq'::regclass);
ALTER TABLE ONLY public.topics ALTER COLUMN id SET DEFAULT nextval('public.topics_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.answers VALUES ('T1', 'CPUB', '1772000000.000000', 'UBERT', '1772000001.000000', '2026-02-25 06:13:21', 1, '2026-02-25 06:13:21');
INSERT INTO public.answers VALUES ('T1', 'CPUB', '1772000010.000000', 'UBERT', '1772000011.000000', '2026-02-25 06:13:31', 1, '2026-02-25 06:13:31');
INSERT INTO public.answers VALUES ('T1', 'CPUB', '1772000020.000000', 'UBERT', '1772000021.000000', '2026-02-25 06:13:41', 1, '2026-02-25 06:13:41');
INSERT INTO public.answers VALUES ('T1', 'CPUB', '1772000030.000000', 'UBERT', '1772000031.000000', '2026-02-25 06:13:51', 1, '2026-02-25 06:13:51');
INSERT INTO public.asks VALUES ('T1', 1, 'UBERT', 'D1', '1771920001.000100', 'yes', '2026-02-23 09:00:00');
INSERT INTO public.channels VALUES ('T1', 'CPUB', 'public', '', false, false, false, false, true, '1');
INSERT INTO public.channels VALUES ('T1', 'CPRIV', 'secret-plans', '', true, false, false, false, true, '1');
INSERT INTO public.channels VALUES ('T1', 'CTWO', 'second', '', false, false, false, false, true, '1');
INSERT INTO public.communities VALUES (1, 'T1', 1, 1, 'hand-planes', 'Everything flat', 'CTWO', 'UBERT', 'open', '2026-02-23 09:00:00', NULL);
INSERT INTO public.daily_posts VALUES ('T1', 'CTWO', '2026-02-24', 1, 'learning-together:1', '2026-02-23 09:00:00', '1771920000.000100');
INSERT INTO public.events VALUES (1, 'T1', 'Ev25', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (2, 'T1', 'Ev26', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (3, 'T1', 'Ev27', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (4, 'T1', 'Ev28', 'reaction_added', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (5, 'T1', 'Ev29', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (6, 'T1', 'Ev30', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (7, 'T1', 'Ev31', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (8, 'T1', 'Ev32', 'reaction_added', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (9, 'T1', 'Ev33', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (10, 'T1', 'Ev34', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (11, 'T1', 'Ev35', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (12, 'T1', 'Ev36', 'reaction_added', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (13, 'T1', 'Ev37', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (14, 'T1', 'Ev38', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (15, 'T1', 'Ev39', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (16, 'T1', 'Ev40', 'reaction_added', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (17, 'T1', 'Ev41', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (18, 'T1', 'Ev42', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (19, 'T1', 'Ev43', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (20, 'T1', 'Ev44', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (21, 'T1', 'Ev45', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (22, 'T1', 'Ev46', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (23, 'T1', 'Ev47', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (24, 'T1', 'Ev48', 'message', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (25, 'T1', 'Ev49', 'member_joined_channel', NULL, NULL, 'done', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, '2026-03-02 09:00:00', NULL);
INSERT INTO public.events VALUES (26, 'T1', 'EvWAITING', 'message', 'CPUB', '{"type":"event_callback","team_id":"T1","event":{"type":"message","channel":"CPUB","channel_type":"channel","user":"UDAVE","text":"How do I sharpen a chisel?","ts":"1772000090.000000"}}', 'waiting', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 0, NULL, NULL);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000000.000000', 'UANNA', 'asked', '1772000000.000000', '2026-02-25 06:13:20', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000001.000000', 'UBERT', 'answered', '1772000000.000000', '2026-02-25 06:13:21', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000001.000000', 'UBERT', 'thanked', '1772000000.000000', '2026-02-25 06:13:21', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000010.000000', 'UANNA', 'asked', '1772000010.000000', '2026-02-25 06:13:30', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000011.000000', 'UBERT', 'answered', '1772000010.000000', '2026-02-25 06:13:31', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000011.000000', 'UBERT', 'thanked', '1772000010.000000', '2026-02-25 06:13:31', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000020.000000', 'UANNA', 'asked', '1772000020.000000', '2026-02-25 06:13:40', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000021.000000', 'UBERT', 'answered', '1772000020.000000', '2026-02-25 06:13:41', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000021.000000', 'UBERT', 'thanked', '1772000020.000000', '2026-02-25 06:13:41', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000030.000000', 'UANNA', 'asked', '1772000030.000000', '2026-02-25 06:13:50', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000031.000000', 'UBERT', 'answered', '1772000030.000000', '2026-02-25 06:13:51', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000031.000000', 'UBERT', 'thanked', '1772000030.000000', '2026-02-25 06:13:51', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPRIV', '1772000060.000000', 'UINSIDE', 'asked', '1772000060.000000', '2026-02-25 06:14:20', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000077.000000', 'UCORA', 'asked', '1772000077.000000', '2026-02-25 06:14:37', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000082.000000', 'UCORA', 'asked', '1772000082.000000', '2026-02-25 06:14:42', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000075.000000', 'UCORA', 'asked', '1772000075.000000', '2026-02-25 06:14:35', 1);
INSERT INTO public.evidence VALUES ('T1', 'CPUB', '1772000078.000000', 'UCORA', 'asked', '1772000078.000000', '2026-02-25 06:14:38', 1);
INSERT INTO public.import_runs VALUES ('T1', 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 'export.zip', '2026-02-23 09:00:00', NULL);
INSERT INTO public.invitations VALUES ('T1', 1, 'UANNA', false, 'sent', NULL, NULL, NULL);
INSERT INTO public.memberships VALUES ('T1', 'CPRIV', 'UINSIDE', true, '1');
INSERT INTO public.memberships VALUES ('T1', 'CPRIV', 'UASKER2', true, '1');
INSERT INTO public.memberships VALUES ('T1', 'CTWO', 'UANNA', true, '1772000080.000000');
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000001.000000', '1772000000.000000', 'UBERT', '2026-02-25 06:13:21', '1772000001.000000', false, false, 0, false, '[]', '\xf8a083e79d759d174859c63d4421a827392ca78040a8402fa86b43753203744050edc51d33ec2c29', '\x0101010101', NULL, NULL);
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000002.000000', '1772000000.000000', 'UANNA', '2026-02-25 06:13:22', '1772000002.000000', false, false, 0, true, '["UBERT"]', '\xb8c3eac7ed10ee71', '\x01', NULL, NULL);
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000011.000000', '1772000010.000000', 'UBERT', '2026-02-25 06:13:31', '1772000011.000000', false, false, 0, false, '[]', '\xf8a083e79d759d174859c63d4421a827392ca78040a8402fa86b43753203744050edc51d33ec2c29', '\x0101010101', NULL, NULL);
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000012.000000', '1772000010.000000', 'UANNA', '2026-02-25 06:13:32', '1772000012.000000', false, false, 0, true, '["UBERT"]', '\xb8c3eac7ed10ee71', '\x01', NULL, NULL);
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000021.000000', '1772000020.000000', 'UBERT', '2026-02-25 06:13:41', '1772000021.000000', false, false, 0, false, '[]', '\xf8a083e79d759d174859c63d4421a827392ca78040a8402fa86b43753203744050edc51d33ec2c29', '\x0101010101', NULL, NULL);
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000022.000000', '1772000020.000000', 'UANNA', '2026-02-25 06:13:42', '1772000022.000000', false, false, 0, true, '["UBERT"]', '\xb8c3eac7ed10ee71', '\x01', NULL, NULL);
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000031.000000', '1772000030.000000', 'UBERT', '2026-02-25 06:13:51', '1772000031.000000', false, false, 0, false, '[]', '\xf8a083e79d759d174859c63d4421a827392ca78040a8402fa86b43753203744050edc51d33ec2c29', '\x0101010101', NULL, NULL);
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000032.000000', '1772000030.000000', 'UANNA', '2026-02-25 06:13:52', '1772000032.000000', false, false, 0, true, '["UBERT"]', '\xb8c3eac7ed10ee71', '\x01', NULL, NULL);
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000050.000000', '1772000050.000000', NULL, '2026-02-25 06:14:10', '1772000050.000000', true, false, 0, false, '[]', '\x', '\x', NULL, NULL);
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000000.000000', '1772000000.000000', 'UANNA', '2026-02-25 06:13:20', '1772000000.000000', false, true, 0.988592373912251, false, '[]', '\x901e835d370b132cf8a083e79d759d170131b6895a642e1ff010b41c2476563e203156eecd72be6f692cead1f315e93d', '\x010101010101', '\x000102030405060708090a0b0c0d0e0f', 'invented');
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000010.000000', '1772000010.000000', 'UANNA', '2026-02-25 06:13:30', '1772000010.000000', false, true, 0.988592373912251, false, '[]', '\x901e835d370b132cf8a083e79d759d170131b6895a642e1ff010b41c2476563e203156eecd72be6f692cead1f315e93d', '\x010101010101', '\x000102030405060708090a0b0c0d0e0f', 'invented');
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000020.000000', '1772000020.000000', 'UANNA', '2026-02-25 06:13:40', '1772000020.000000', false, true, 0.988592373912251, false, '[]', '\x901e835d370b132cf8a083e79d759d170131b6895a642e1ff010b41c2476563e203156eecd72be6f692cead1f315e93d', '\x010101010101', '\x000102030405060708090a0b0c0d0e0f', 'invented');
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000030.000000', '1772000030.000000', 'UANNA', '2026-02-25 06:13:50', '1772000030.000000', false, true, 0.988592373912251, false, '[]', '\x901e835d370b132cf8a083e79d759d170131b6895a642e1ff010b41c2476563e203156eecd72be6f692cead1f315e93d', '\x010101010101', '\x000102030405060708090a0b0c0d0e0f', 'invented');
INSERT INTO public.messages VALUES ('T1', 'CPRIV', '1772000060.000000', '1772000060.000000', 'UINSIDE', '2026-02-25 06:14:20', '1772000060.000000', false, true, 0.9713351518130804, false, '[]', '\x80036379612fd306a008d6842b0e934c', '\x0101', '\x000102030405060708090a0b0c0d0e0f', 'invented');
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000077.000000', '1772000077.000000', 'UCORA', '2026-02-25 06:14:37', '1772000077.000000', false, true, 0.9689916658746924, false, '[]', '\x58c6575d0e5a6569', '\x01', '\x000102030405060708090a0b0c0d0e0f', 'invented');
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000082.000000', '1772000082.000000', 'UCORA', '2026-02-25 06:14:42', '1772000082.000000', false, true, 0.9713351518130804, false, '[]', '\xd891c0dcdd905b25a051746dbd7e012f497105008308267c', '\x010101', '\x000102030405060708090a0b0c0d0e0f', 'invented');
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000075.000000', '1772000075.000000', 'UCORA', '2026-02-25 06:14:35', '1772000075.000000', false, true, 0.9689916658746924, false, '[]', '\xc8a7af27afcdba25', '\x01', '\x000102030405060708090a0b0c0d0e0f', 'invented');
INSERT INTO public.messages VALUES ('T1', 'CPUB', '1772000078.000000', '1772000078.000000', 'UCORA', '2026-02-25 06:14:38', '1772000078.000000', false, true, 0.9689916658746924, false, '[]', '\xa06d59041a1d7929', '\x01', '\x000102030405060708090a0b0c0d0e0f', 'invented');
INSERT INTO public.people VALUES ('T1', 'UANNA', 'ANNA', '', false, false, false, false, false, '1');
INSERT INTO public.people VALUES ('T1', 'UBERT', 'BERT', '', false, false, false, false, false, '1');
INSERT INTO public.people VALUES ('T1', 'UCORA', 'CORA', '', false, false, false, false, false, '1');
INSERT INTO public.people VALUES ('T1', 'UINSIDE', 'INSIDE', '', false, false, false, false, false, '1');
INSERT INTO public.posts VALUES (1, 'T1', 'daily:CTWO:2026-02-24', 'chat.postMessage', 'CTWO', NULL, 'sent', 1, '2026-02-23 09:00:00', '2026-02-23 09:00:00', '2026-02-23 09:00:00', '1771920000.000100', NULL);
INSERT INTO public.preferences VALUES ('T1', 'UDAVE', false, '2026-03-01 09:00:00', false, '2026-02-23 09:00:00');
INSERT INTO public.questions VALUES ('T1', 'CPUB', '1772000000.000000', 'UANNA', '2026-02-25 06:13:20', 1);
INSERT INTO public.questions VALUES ('T1', 'CPUB', '1772000010.000000', 'UANNA', '2026-02-25 06:13:30', 1);
INSERT INTO public.questions VALUES ('T1', 'CPUB', '1772000020.000000', 'UANNA', '2026-02-25 06:13:40', 1);
INSERT INTO public.questions VALUES ('T1', 'CPUB', '1772000030.000000', 'UANNA', '2026-02-25 06:13:50', 1);
INSERT INTO public.questions VALUES ('T1', 'CPRIV', '1772000060.000000', 'UINSIDE', '2026-02-25 06:14:20', 1);
INSERT INTO public.questions VALUES ('T1', 'CPUB', '1772000077.000000', 'UCORA', '2026-02-25 06:14:37', 1);
INSERT INTO public.questions VALUES ('T1', 'CPUB', '1772000082.000000', 'UCORA', '2026-02-25 06:14:42', 1);
INSERT INTO public.questions VALUES ('T1', 'CPUB', '1772000075.000000', 'UCORA', '2026-02-25 06:14:35', 1);
INSERT INTO public.questions VALUES ('T1', 'CPUB', '1772000078.000000', 'UCORA', '2026-02-25 06:14:38', 1);
INSERT INTO public.reactions VALUES ('T1', 'CPUB', '1772000001.000000', 'UANNA', 'pray', true, '2026-02-25 06:13:23', '1772000003.000000');
INSERT INTO public.reactions VALUES ('T1', 'CPUB', '1772000011.000000', 'UANNA', 'pray', true, '2026-02-25 06:13:33', '1772000013.000000');
INSERT INTO public.reactions VALUES ('T1', 'CPUB', '1772000021.000000', 'UANNA', 'pray', true, '2026-02-25 06:13:43', '1772000023.000000');
INSERT INTO public.reactions VALUES ('T1', 'CPUB', '1772000031.000000', 'UANNA', 'pray', true, '2026-02-25 06:13:53', '1772000033.000000');
INSERT INTO public.schedules VALUES (1, 'T1', 'CTWO', '09:30', 'mon,tue', 'Europe/Paris', 'learning-together', true, 'UANNA', '2026-02-23 09:00:00');
INSERT INTO public.suggestions VALUES (1, 'T1', 1, 'accepted', NULL, '[{"name": "people", "value": 8, "needed": 8, "met": true}]', '2026-02-23 09:00:00', '2026-02-23 09:00:00', 'UBERT', NULL);
INSERT INTO public.topic_aliases VALUES ('T1', 1, 'plane');
INSERT INTO public.topic_preferences VALUES ('T1', 'UCORA', 1, 'hidden');
INSERT INTO public.topics VALUES (1, 'T1', 'Hand plane', false, false, 0.5, NULL, '2026-02-23 09:00:00', NULL, NULL);
INSERT INTO public.words VALUES ('T1', 3175894494646312592, 7822515871949399622, 'UANNA', NULL, 4);
INSERT INTO public.words VALUES ('T1', 4461121042830208105, 7883719820468227341, 'UANNA', NULL, 4);
INSERT INTO public.words VALUES ('T1', 4491907575821111536, 4450082940061368997, 'UANNA', NULL, 4);
INSERT INTO public.words VALUES ('T1', 8051999412577513760, 252870060523725360, 'UANNA', NULL, 4);
INSERT INTO public.words VALUES ('T1', 2246843604124709121, 4597905887914007807, 'UANNA', NULL, 4);
INSERT INTO public.words VALUES ('T1', 3404906313281907769, 5543113893866026699, 'UBERT', NULL, 4);
INSERT INTO public.words VALUES ('T1', 2967005958817312080, 7499585195679617316, 'UBERT', NULL, 4);
INSERT INTO public.words VALUES ('T1', 4644340630976424872, 4485405815219209801, 'UBERT', NULL, 4);
INSERT INTO public.words VALUES ('T1', 2857570540544481608, 865860999136609336, 'UBERT', NULL, 4);
INSERT INTO public.words VALUES ('T1', 1701645555270394104, 485262641838959144, 'UANNA', 'plane', 8);
INSERT INTO public.words VALUES ('T1', 8209517784190337976, 2825706709097149556, 'UANNA', NULL, 4);
INSERT INTO public.words VALUES ('T1', 264466879592562776, 4823358202998121160, 'UCORA', NULL, 1);
INSERT INTO public.words VALUES ('T1', 5509720682629560385, 7792170342759487457, 'UCORA', NULL, 1);
INSERT INTO public.words VALUES ('T1', 1890092058345206736, 6763599979799341144, 'UCORA', NULL, 1);
INSERT INTO public.words VALUES ('T1', 8284005971878852545, 87888276127142663, 'UCORA', NULL, 1);
INSERT INTO public.words VALUES ('T1', 8717418309997710000, 6309296850095563171, 'UCORA', NULL, 1);
INSERT INTO public.words VALUES ('T1', 7594575364372285016, 4807618015961442043, 'UCORA', NULL, 1);
INSERT INTO public.words VALUES ('T1', 2691904484849783256, 1067039749492765016, 'UCORA', NULL, 1);
INSERT INTO public.words VALUES ('T1', 3387127746809581984, 1787094952083434631, 'UCORA', NULL, 1);
INSERT INTO public.words VALUES ('T1', 8945847068552163657, 371880713845141497, 'UCORA', NULL, 1);
INSERT INTO public.words VALUES ('T1', 2718711477240309704, 8185455597369041169, 'UCORA', NULL, 1);
INSERT INTO public.words VALUES ('T1', 2988451825316359584, 2179091059623220867, 'UCORA', NULL, 1);
INSERT INTO public.workspaces VALUES ('T1', NULL, 'Test', 't', 'UBOT', '\x6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b', 24, '2026-03-02 09:00:00', -1, '2026-03-02 09:00:00');
SELECT pg_catalog.setval('public.communities_id_seq', 1, true);
SELECT pg_catalog.setval('public.events_id_seq', 26, true);
SELECT pg_catalog.setval('public.posts_id_seq', 1, true);
SELECT pg_catalog.setval('public.schedules_id_seq', 1, true);
SELECT pg_catalog.setval('public.suggestions_id_seq', 1, true);
SELECT pg_catalog.setval('public.topics_id_seq', 1, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.answers
    ADD CONSTRAINT pk_answers PRIMARY KEY (workspace_id, channel_id, question_ts, answerer_id);
ALTER TABLE ONLY public.asks
    ADD CONSTRAINT pk_asks PRIMARY KEY (workspace_id, suggestion_id, user_id);
ALTER TABLE ONLY public.channels
    ADD CONSTRAINT pk_channels PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY public.communities
    ADD CONSTRAINT pk_communities PRIMARY KEY (id);
ALTER TABLE ONLY public.daily_posts
    ADD CONSTRAINT pk_daily_posts PRIMARY KEY (workspace_id, channel_id, day);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT pk_events PRIMARY KEY (id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT pk_evidence PRIMARY KEY (workspace_id, channel_id, ts, user_id, kind);
ALTER TABLE ONLY public.import_runs
    ADD CONSTRAINT pk_import_runs PRIMARY KEY (workspace_id, fingerprint);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT pk_invitations PRIMARY KEY (workspace_id, community_id, user_id);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT pk_memberships PRIMARY KEY (workspace_id, channel_id, user_id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT pk_messages PRIMARY KEY (workspace_id, channel_id, ts);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT pk_people PRIMARY KEY (workspace_id, id);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT pk_posts PRIMARY KEY (id);
ALTER TABLE ONLY public.preferences
    ADD CONSTRAINT pk_preferences PRIMARY KEY (workspace_id, user_id);
ALTER TABLE ONLY public.questions
    ADD CONSTRAINT pk_questions PRIMARY KEY (workspace_id, channel_id, ts);
ALTER TABLE ONLY public.reactions
    ADD CONSTRAINT pk_reactions PRIMARY KEY (workspace_id, channel_id, ts, user_id, name);
ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT pk_schedules PRIMARY KEY (id);
ALTER TABLE ONLY public.suggestions
    ADD CONSTRAINT pk_suggestions PRIMARY KEY (id);
ALTER TABLE ONLY public.topic_aliases
    ADD CONSTRAINT pk_topic_aliases PRIMARY KEY (workspace_id, topic_id, alias);
ALTER TABLE ONLY public.topic_preferences
    ADD CONSTRAINT pk_topic_preferences PRIMARY KEY (workspace_id, user_id, topic_id);
ALTER TABLE ONLY public.topics
    ADD CONSTRAINT pk_topics PRIMARY KEY (id);
ALTER TABLE ONLY public.words
    ADD CONSTRAINT pk_words PRIMARY KEY (workspace_id, hash, surface_hash);
ALTER TABLE ONLY public.workspaces
    ADD CONSTRAINT pk_workspaces PRIMARY KEY (id);
ALTER TABLE ONLY public.communities
    ADD CONSTRAINT uq_communities_suggestion_id UNIQUE (suggestion_id);
ALTER TABLE ONLY public.daily_posts
    ADD CONSTRAINT uq_daily_posts_workspace_id_channel_id_number UNIQUE (workspace_id, channel_id, number);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT uq_events_workspace_id_event_id UNIQUE (workspace_id, event_id);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT uq_posts_workspace_id_key UNIQUE (workspace_id, key);
ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT uq_schedules_workspace_id_channel_id UNIQUE (workspace_id, channel_id);
CREATE INDEX ix_answers_workspace_id_answerer_id ON public.answers USING btree (workspace_id, answerer_id);
CREATE INDEX ix_communities_workspace_id_topic_id ON public.communities USING btree (workspace_id, topic_id);
CREATE INDEX ix_events_state_due_at ON public.events USING btree (state, due_at);
CREATE INDEX ix_evidence_workspace_id_channel_id_root_ts ON public.evidence USING btree (workspace_id, channel_id, root_ts);
CREATE INDEX ix_evidence_workspace_id_topic_id ON public.evidence USING btree (workspace_id, topic_id);
CREATE INDEX ix_evidence_workspace_id_user_id ON public.evidence USING btree (workspace_id, user_id);
CREATE INDEX ix_messages_workspace_id_channel_id_root_ts ON public.messages USING btree (workspace_id, channel_id, root_ts);
CREATE INDEX ix_messages_workspace_id_user_id ON public.messages USING btree (workspace_id, user_id);
CREATE INDEX ix_posts_state_due_at ON public.posts USING btree (state, due_at);
CREATE INDEX ix_questions_workspace_id_asker_id ON public.questions USING btree (workspace_id, asker_id);
CREATE INDEX ix_questions_workspace_id_topic_id ON public.questions USING btree (workspace_id, topic_id);
CREATE INDEX ix_schedules_workspace_id ON public.schedules USING btree (workspace_id);
CREATE INDEX ix_suggestions_workspace_id_topic_id ON public.suggestions USING btree (workspace_id, topic_id);
CREATE INDEX ix_topics_workspace_id ON public.topics USING btree (workspace_id);
ALTER TABLE ONLY public.answers
    ADD CONSTRAINT fk_answers_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.asks
    ADD CONSTRAINT fk_asks_suggestion_id_suggestions FOREIGN KEY (suggestion_id) REFERENCES public.suggestions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.asks
    ADD CONSTRAINT fk_asks_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.channels
    ADD CONSTRAINT fk_channels_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.communities
    ADD CONSTRAINT fk_communities_suggestion_id_suggestions FOREIGN KEY (suggestion_id) REFERENCES public.suggestions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.communities
    ADD CONSTRAINT fk_communities_topic_id_topics FOREIGN KEY (topic_id) REFERENCES public.topics(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.communities
    ADD CONSTRAINT fk_communities_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.daily_posts
    ADD CONSTRAINT fk_daily_posts_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT fk_evidence_topic_id_topics FOREIGN KEY (topic_id) REFERENCES public.topics(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT fk_evidence_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.import_runs
    ADD CONSTRAINT fk_import_runs_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT fk_invitations_community_id_communities FOREIGN KEY (community_id) REFERENCES public.communities(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT fk_invitations_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT fk_memberships_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT fk_messages_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.people
    ADD CONSTRAINT fk_people_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT fk_posts_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.preferences
    ADD CONSTRAINT fk_preferences_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.questions
    ADD CONSTRAINT fk_questions_topic_id_topics FOREIGN KEY (topic_id) REFERENCES public.topics(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.questions
    ADD CONSTRAINT fk_questions_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.reactions
    ADD CONSTRAINT fk_reactions_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.suggestions
    ADD CONSTRAINT fk_suggestions_topic_id_topics FOREIGN KEY (topic_id) REFERENCES public.topics(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.suggestions
    ADD CONSTRAINT fk_suggestions_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.topic_aliases
    ADD CONSTRAINT fk_topic_aliases_topic_id_topics FOREIGN KEY (topic_id) REFERENCES public.topics(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.topic_aliases
    ADD CONSTRAINT fk_topic_aliases_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.topic_preferences
    ADD CONSTRAINT fk_topic_preferences_topic_id_topics FOREIGN KEY (topic_id) REFERENCES public.topics(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.topic_preferences
    ADD CONSTRAINT fk_topic_preferences_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.topics
    ADD CONSTRAINT fk_topics_merged_into_id_topics FOREIGN KEY (merged_into_id) REFERENCES public.topics(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.topics
    ADD CONSTRAINT fk_topics_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.words
    ADD CONSTRAINT fk_words_workspace_id_workspaces FOREIGN KEY (workspace_id) REFERENCES public.workspaces(id) ON DELETE CASCADE;
