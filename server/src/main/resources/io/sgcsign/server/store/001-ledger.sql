-- SPDX-License-Identifier: Apache-2.0
-- The log: the exact bytes of every leaf, what leaves only commit to, and the tree over them.
create table event(
  seq integer primary key,
  leaf blob not null,
  body blob not null
) strict;

create table detail(
  seq integer not null,
  kind text not null check (kind in ('personal', 'state')),
  salt blob not null,
  body blob not null,
  primary key (seq, kind)
) strict, without rowid;

create table head(
  id integer primary key check (id = 1),
  frontier blob not null
) strict;

insert into head values (1, x'0000000000000000');

create table tile(
  level integer not null,
  n integer not null,
  hashes blob not null,
  primary key (level, n)
) strict;

-- Beside the log: secrets it commits to, answers kept for replays, rows of views.
create table secret(
  name text primary key,
  salt blob not null,
  value blob not null
) strict, without rowid;

create index secret_value on secret(value);

create table answer(
  intent integer primary key,
  seq integer not null,
  expires text not null,
  info blob not null,
  block blob not null
) strict;

create index answer_expires on answer(expires);

create table view_row(
  view text not null,
  key text not null,
  value blob not null,
  primary key (view, key)
) strict, without rowid;
