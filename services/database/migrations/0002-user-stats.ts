/** What each user's trades have come to; whoever changes positions writes it anew. */
export const userStats = `
create table user_stats (
  user_id integer primary key references users,
  open_positions integer not null default 0,
  closed_positions integer not null default 0,
  won_positions integer not null default 0,
  realised_profit numeric(18, 6) not null default 0,
  unrealised_profit numeric(18, 6) not null default 0,
  volume numeric(18, 6) not null default 0,
  last_trade_at timestamptz
);
create index user_stats_by_last_trade on user_stats (last_trade_at desc);
`
