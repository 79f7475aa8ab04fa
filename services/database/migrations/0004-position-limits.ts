/** What the watch over limits looks through; without the price, so new marks cost it nothing. */
export const positionLimits = `
create index positions_open_with_limit on positions (id)
  where status = 'open' and (take_profit is not null or stop_loss is not null);
`
