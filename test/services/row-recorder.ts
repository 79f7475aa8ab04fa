/** Notes which tables' rows are changed in a database, by whomever, with triggers of its own. */
import { sql } from 'drizzle-orm'
import type { Database } from '../../services/database/connection.ts'

export class RowRecorder {
  readonly #database: Database

  static async start(database: Database): Promise<RowRecorder> {
    await database.execute(
      sql.raw(`
      create schema recorder;
      create table recorder.changed (name text primary key);
      create function recorder.note() returns trigger language plpgsql as $$
      begin
        insert into recorder.changed values (tg_table_name) on conflict do nothing;
        return null;
      end $$;
      do $$
      declare name text;
      begin
        for name in select tablename from pg_tables where schemaname = 'public' loop
          execute format('create trigger recorded after insert or update or delete on %I
            for each row execute function recorder.note()', name);
        end loop;
      end $$;`),
    )
    return new RowRecorder(database)
  }

  private constructor(database: Database) {
    this.#database = database
  }

  /** Tables whose rows were changed since the last call, sorted. */
  async take(): Promise<string[]> {
    const { rows } = await this.#database.execute<{ name: string }>(
      sql`delete from recorder.changed returning name`,
    )
    return rows.map(({ name }) => name).toSorted()
  }
}
