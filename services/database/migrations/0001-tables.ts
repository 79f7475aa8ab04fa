/** The first tables: users, markets, prices, positions, leaders, their trades, copies of them. */
export const tables = `
create table users (
  id integer generated always as identity primary key,
  telegram_id bigint not null unique,
  name text not null,
  balance numeric(18, 6) not null check (balance >= 0),
  created_at timestamptz not null default now()
);

create table markets (
  id text primary key,
  condition_id text not null unique,
  slug text not null,
  question text not null,
  category text not null,
  group_id text,
  yes_token_id text not null unique,
  no_token_id text not null unique,
  volume numeric(18, 2) not null,
  liquidity numeric(18, 2) not null,
  ends_at timestamptz,
  is_active boolean not null,
  created_at timestamptz not null
);
create index markets_by_volume on markets (volume desc, id) where is_active;
create index markets_by_liquidity on markets (liquidity desc, id) where is_active;
create index markets_by_age on markets (created_at desc, id) where is_active;
create index markets_by_end on markets (ends_at, id) where is_active;

create table prices (
  market_id text primary key references markets on delete cascade,
  bid numeric(8, 6) not null check (bid between 0 and 1),
  ask numeric(8, 6) not null check (ask between 0 and 1),
  seq bigint not null,
  quoted_at timestamptz not null
);

create table positions (
  id integer generated always as identity primary key,
  user_id integer not null references users,
  market_id text not null references markets,
  outcome text not null check (outcome in ('yes', 'no')),
  size numeric(18, 6) not null check (size > 0),
  entry_price numeric(8, 6) not null,
  current_price numeric(8, 6) not null,
  take_profit numeric(8, 6),
  stop_loss numeric(8, 6),
  status text not null default 'open' check (status in ('open', 'closed')),
  exit_price numeric(8, 6),
  copied_from text,
  idempotency_key text,
  created_at timestamptz not null default now(),
  closed_at timestamptz,
  unique (user_id, idempotency_key)
);
create index positions_open_by_user on positions (user_id, id desc) where status = 'open';
create index positions_open_by_market on positions (market_id) where status = 'open';

create table watched_addresses (
  address text primary key,
  label text not null,
  created_at timestamptz not null default now()
);
create table copiers (
  address text not null references watched_addresses on delete cascade,
  user_id integer not null references users,
  amount numeric(18, 6) not null check (amount > 0),
  created_at timestamptz not null default now(),
  primary key (address, user_id)
);

create table trades (
  id integer generated always as identity primary key,
  seq bigint not null unique,
  transaction_hash text not null,
  address text not null,
  market_id text not null references markets,
  outcome text not null check (outcome in ('yes', 'no')),
  side text not null check (side in ('buy', 'sell')),
  size numeric(18, 6) not null,
  price numeric(8, 6) not null,
  traded_at timestamptz not null
);
create index trades_by_address on trades (address, market_id, outcome);

create table copy_trades (
  idempotency_key text primary key,
  trade_id integer not null references trades,
  user_id integer not null references users,
  amount numeric(18, 6) not null,
  status text not null default 'pending'
    check (status in ('pending', 'done', 'refused', 'failed')),
  attempts integer not null default 0,
  retry_at timestamptz not null default now(),
  note text
);
create index copy_trades_pending on copy_trades (retry_at) where status = 'pending';

create table indexer_places (
  address text primary key,
  seq bigint not null
);
`
