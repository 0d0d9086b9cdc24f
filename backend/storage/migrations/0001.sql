-- SPDX-FileCopyrightText: Brewline contributors
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Times and durations are whole milliseconds, ids and words are text, flags are 0 or 1. There are no foreign keys:
-- rows are written together in one transaction, and checking them again on each order costs more than it finds.

-- Rows are wide, so the table keeps a rowid: position is the order of creation and what its indexes carry.
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
CREATE INDEX orders_by_event ON orders (event, created_at);
CREATE INDEX orders_by_owner ON orders (owner, created_at);
-- The three below hold the few orders that are under way, however many there have been. They ask for the phase, since
-- SQLite builds a temporary table for each row that it compares with a list of states.
CREATE INDEX orders_unfinished ON orders (event) WHERE phase < 2;
CREATE INDEX orders_open ON orders (event, number) WHERE phase = 0;
CREATE INDEX orders_open_by_owner ON orders (owner, event) WHERE phase = 0;

CREATE TABLE order_numbers (
    event TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Buckets of one event do not overlap, so the one that ends last also started last.
CREATE TABLE buckets (
    id TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    tokens_total INTEGER NOT NULL,
    tokens_left INTEGER NOT NULL CHECK (tokens_left BETWEEN 0 AND tokens_total)
) STRICT, WITHOUT ROWID;
CREATE INDEX buckets_by_event ON buckets (event, ends_at);

CREATE TABLE shops (
    event TEXT PRIMARY KEY,
    open INTEGER NOT NULL,
    paused INTEGER NOT NULL,
    reason TEXT NOT NULL,
    reopens_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE item_states (
    event TEXT NOT NULL,
    item TEXT NOT NULL,
    available INTEGER NOT NULL,
    stock INTEGER,
    PRIMARY KEY (event, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE revocations (
    user_id TEXT PRIMARY KEY,
    revoked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pairings (
    code_hash TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    role TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE definitions (
    hash TEXT PRIMARY KEY,
    definition TEXT NOT NULL
) STRICT;

CREATE TABLE executions (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL,
    definition TEXT NOT NULL,
    state TEXT NOT NULL, -- JSON
    outage_seen INTEGER NOT NULL,
    ended INTEGER NOT NULL
) STRICT;

CREATE TABLE waits (
    execution TEXT NOT NULL,
    frame INTEGER NOT NULL,
    token_hash TEXT NOT NULL,
    purpose TEXT NOT NULL,
    deadline INTEGER,
    PRIMARY KEY (execution, frame)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX waits_by_token ON waits (token_hash) WHERE token_hash <> '';
CREATE INDEX waits_by_deadline ON waits (deadline) WHERE deadline IS NOT NULL;

-- Append-only: with a rowid all steps of a batch land on the table's last page.
CREATE TABLE history (
    execution TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    time INTEGER NOT NULL,
    entries TEXT NOT NULL, -- JSON array
    UNIQUE (execution, first_id)
) STRICT;

-- AUTOINCREMENT, since published rows are deleted and an id must never come back.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    order_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    body TEXT NOT NULL,
    time INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotency (
    scope TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    answer TEXT NOT NULL, -- JSON
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE outages (
    id INTEGER PRIMARY KEY,
    started_at INTEGER NOT NULL,
    length INTEGER NOT NULL
) STRICT;
