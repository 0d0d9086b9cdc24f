-- SPDX-FileCopyrightText: Brewline contributors
-- SPDX-License-Identifier: GPL-3.0-or-later
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE orders (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    owner TEXT NOT NULL,
    bucket TEXT NOT NULL,
    execution TEXT NOT NULL,
    state TEXT NOT NULL,
    phase INTEGER NOT NULL, -- of the state: 0 open (started, submitted, making), 1 ready, 2 ended
    number INTEGER,
    item TEXT NOT NULL,
    options TEXT NOT NULL, -- JSON array
    drink_name TEXT NOT NULL,
    note TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    barista TEXT NOT NULL,
    barista_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    uncollected INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    submitted_at INTEGER,
    claimed_at INTEGER,
    completed_at INTEGER,
    ended_at INTEGER,
    deadline INTEGER,
    sequence INTEGER NOT NULL
) STRICT;
INSERT INTO orders VALUES(1,'0199c3f1-0000-7000-8000-a00000000001','ABC','0199c3f1-0000-7000-8000-b00000000001','0199c3f1-0000-7000-8000-c00000000000','0199c3f1-0000-7000-8000-e00000000001','ready',1,1,'latte','["oat"]','Ada','','Ada','0199c3f1-0000-7000-8000-d00000000001','Mo','',0,1790000000001,1790000000000,1790000000000,1790000000000,NULL,1790000300001,4);
CREATE TABLE order_numbers (
    event TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO order_numbers VALUES('ABC',1);
CREATE TABLE buckets (
    id TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    tokens_total INTEGER NOT NULL,
    tokens_left INTEGER NOT NULL CHECK (tokens_left BETWEEN 0 AND tokens_total)
) STRICT, WITHOUT ROWID;
INSERT INTO buckets VALUES('0199c3f1-0000-7000-8000-c00000000000','ABC','CODE100000',1790000000000,1790000300000,10,9);
CREATE TABLE shops (
    event TEXT PRIMARY KEY,
    open INTEGER NOT NULL,
    paused INTEGER NOT NULL,
    reason TEXT NOT NULL,
    reopens_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO shops VALUES('ABC',1,0,'',NULL);
CREATE TABLE item_states (
    event TEXT NOT NULL,
    item TEXT NOT NULL,
    available INTEGER NOT NULL,
    stock INTEGER,
    PRIMARY KEY (event, item)
) STRICT, WITHOUT ROWID;
INSERT INTO item_states VALUES('ABC','latte',1,7);
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO users VALUES('ada','ABC','barista','Ada',1790000000000);
CREATE TABLE revocations (
    user_id TEXT PRIMARY KEY,
    revoked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO revocations VALUES('gone',1790000000000);
CREATE TABLE pairings (
    code_hash TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    role TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO pairings VALUES('pairing','ABC','display',1790000060000);
CREATE TABLE definitions (
    hash TEXT PRIMARY KEY,
    definition TEXT NOT NULL
) STRICT;
INSERT INTO definitions VALUES('hash','{}');
CREATE TABLE executions (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL,
    definition TEXT NOT NULL,
    state TEXT NOT NULL, -- JSON
    outage_seen INTEGER NOT NULL,
    ended INTEGER NOT NULL
) STRICT;
INSERT INTO executions VALUES('0199c3f1-0000-7000-8000-e00000000001','0199c3f1-0000-7000-8000-a00000000001','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','{"pickup":"xxxxxxxxxxxxxxxxxxxx"}',0,0);
CREATE TABLE waits (
    execution TEXT NOT NULL,
    frame INTEGER NOT NULL,
    token_hash TEXT NOT NULL,
    purpose TEXT NOT NULL,
    deadline INTEGER,
    PRIMARY KEY (execution, frame)
) STRICT, WITHOUT ROWID;
INSERT INTO waits VALUES('0199c3f1-0000-7000-8000-e00000000001',0,'pickup0199c3f1-0000-7000-8000-f0000000000100000000000000000000','pickup',1790000300001);
CREATE TABLE history (
    execution TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    time INTEGER NOT NULL,
    entries TEXT NOT NULL, -- JSON array
    UNIQUE (execution, first_id)
) STRICT;
INSERT INTO history VALUES('0199c3f1-0000-7000-8000-e00000000001',1,1790000000000,'{"type":"xxxxxxxxxxxxxxxxxxxx"}');
INSERT INTO history VALUES('0199c3f1-0000-7000-8000-e00000000001',10,1790000000000,'{"type":"xxxxxxxxxxxxxxxxxxxx"}');
INSERT INTO history VALUES('0199c3f1-0000-7000-8000-e00000000001',20,1790000000000,'{"type":"xxxxxxxxxxxxxxxxxxxx"}');
INSERT INTO history VALUES('0199c3f1-0000-7000-8000-e00000000001',30,1790000000000,'{"type":"xxxxxxxxxxxxxxxxxxxx"}');
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    order_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    body TEXT NOT NULL,
    time INTEGER NOT NULL
) STRICT;
INSERT INTO outbox VALUES(1,'ABC','order','0199c3f1-0000-7000-8000-a00000000001',1,'{"order":"xxxxxxxxxxxxxxxxxxxx"}',1790000000001);
INSERT INTO outbox VALUES(2,'ABC','order','0199c3f1-0000-7000-8000-a00000000001',2,'{"order":"xxxxxxxxxxxxxxxxxxxx"}',1790000000001);
INSERT INTO outbox VALUES(3,'ABC','order','0199c3f1-0000-7000-8000-a00000000001',3,'{"order":"xxxxxxxxxxxxxxxxxxxx"}',1790000000001);
INSERT INTO outbox VALUES(4,'ABC','order','0199c3f1-0000-7000-8000-a00000000001',4,'{"order":"xxxxxxxxxxxxxxxxxxxx"}',1790000000001);
CREATE TABLE idempotency (
    scope TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    answer TEXT NOT NULL, -- JSON
    expires_at INTEGER NOT NULL
) STRICT;
INSERT INTO idempotency VALUES('scope','request','{}',1790000060000);
CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;
INSERT INTO heartbeat VALUES(1,1790000000000);
CREATE TABLE outages (
    id INTEGER PRIMARY KEY,
    started_at INTEGER NOT NULL,
    length INTEGER NOT NULL
) STRICT;
INSERT INTO outages VALUES(1,1790000000000,5);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('outbox',4);
CREATE INDEX orders_by_event ON orders (event, created_at);
CREATE INDEX orders_by_owner ON orders (owner, created_at);
CREATE INDEX orders_unfinished ON orders (event) WHERE phase < 2;
CREATE INDEX orders_open ON orders (event, number) WHERE phase = 0;
CREATE INDEX orders_open_by_owner ON orders (owner, event) WHERE phase = 0;
CREATE INDEX buckets_by_event ON buckets (event, ends_at);
CREATE UNIQUE INDEX waits_by_token ON waits (token_hash) WHERE token_hash <> '';
CREATE INDEX waits_by_deadline ON waits (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
COMMIT;
PRAGMA user_version = 1;
