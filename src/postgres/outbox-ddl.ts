/**
 * The outbox as SQL. Per declared table one function, which writes the declared columns as
 * text, and two triggers: one for rows, one for TRUNCATE. They fire `ALWAYS`, so also for
 * rows that replication applies, and the function runs with the rights of its owner, so that
 * writers need none. The text of a trigger follows from the mapping alone.
 *
 * A row without a table means "changes may have been lost". It is written when the outbox is
 * made, when the mapping has changed, and when anybody but the relay removes rows; so a relay
 * that lost its place reads so in the outbox itself.
 */
import { literal, quoted } from './quoting.ts'
import type { TableMap, TableRule } from './table-map.ts'

/** Set by the relay on its session, so that its own deletes are not taken for a loss. */
export const RELAY_SETTING = 'staleproof.relay'

/** Tables and columns as they were installed: a relay compares its own mapping with it. */
export function signatureOf(map: TableMap): Readonly<Record<string, readonly string[]>> {
  const entries = [...map.tables].map(([name, { columns }]) => [name, Object.keys(columns).sort()])
  return Object.fromEntries(
    entries.sort(([left], [right]) => (String(left) < String(right) ? -1 : 1)),
  )
}

/** Schema, tables and the guard against lost rows; idempotent. */
export function schemaStatements(schema: string): readonly string[] {
  const at = quoted(schema)
  return [
    `create schema if not exists ${at}`,
    `create table if not exists ${at}.outbox (
      id bigserial primary key,
      relation text,
      operation text not null,
      old_row jsonb,
      new_row jsonb,
      transaction_id xid8 not null default pg_current_xact_id(),
      created_at timestamptz not null default clock_timestamp()
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`,
    `create table if not exists ${at}.installation (
      is_only boolean primary key default true check (is_only),
      tables jsonb not null,
      place text
    )`,
    `create or replace function ${at}.outbox_removed() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $guard$
      begin
        if current_setting(${literal(RELAY_SETTING)}, true) is distinct from 'on' then
          insert into ${at}.outbox (operation) values ('LOST');
        end if;
        return null;
      end $guard$`,
    `create or replace trigger outbox_removed after delete or truncate on ${at}.outbox
      for each statement execute function ${at}.outbox_removed()`,
  ]
}

export interface TriggerOptions {
  readonly schema: string
  readonly notify: boolean
  /** The name of the function, unique in the schema. */
  readonly functionName: string
}

/** Function and triggers of one table; the caller has dropped those that were there. */
export function tableStatements(rule: TableRule, options: TriggerOptions): readonly string[] {
  const table = `${quoted(rule.schema)}.${quoted(rule.table)}`
  const name = `${quoted(options.schema)}.${quoted(options.functionName)}`
  const row = quoted(`${options.schema}_row`)
  const truncate = quoted(`${options.schema}_truncate`)
  return [
    functionStatement(rule, name, options),
    `create trigger ${row} after insert or update or delete on ${table}
      for each row execute function ${name}()`,
    `create trigger ${truncate} after truncate on ${table}
      for each statement execute function ${name}()`,
    `alter table ${table} enable always trigger ${row}`,
    `alter table ${table} enable always trigger ${truncate}`,
  ]
}

function functionStatement(rule: TableRule, name: string, options: TriggerOptions): string {
  const outbox = `${quoted(options.schema)}.outbox`
  const into = `insert into ${outbox} (relation, operation, old_row, new_row)`
  const relation = literal(`${rule.schema}.${rule.table}`)
  // The server joins equal notifications of a transaction into one.
  const notify = options.notify ? `perform pg_notify(${literal(options.schema)}, '');` : ''
  const body = `
    begin
      case tg_op
        when 'INSERT' then ${into} values (${relation}, tg_op, null, ${rowSql(rule, 'new')});
        when 'DELETE' then ${into} values (${relation}, tg_op, ${rowSql(rule, 'old')}, null);
        when 'UPDATE' then ${into}
          values (${relation}, tg_op, ${rowSql(rule, 'old')}, ${rowSql(rule, 'new')});
        else ${into} values (${relation}, tg_op, null, null);
      end case;
      ${notify}
      return null;
    end`
  return `create function ${name}() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
    as ${literal(body)}`
}

/** In pieces: a call takes at most a hundred arguments. */
function rowSql({ columns }: TableRule, row: 'old' | 'new'): string {
  const names = Object.keys(columns)
  if (names.length === 0) return "'{}'::jsonb"
  const pairs = names.map((name) => `${literal(name)}, ${row}.${quoted(name)}::text`)
  const pieces: string[] = []
  for (let from = 0; from < pairs.length; from += pairsMax) {
    pieces.push(`jsonb_build_object(${pairs.slice(from, from + pairsMax).join(', ')})`)
  }
  return pieces.join(' || ')
}

const pairsMax = 40
