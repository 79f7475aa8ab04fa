/** The settings of the application in the database; one row, once somebody has changed them. */
import { eq } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../database/connection.ts'
import { type AppSettings, appSettingsDefault } from '../app-settings.ts'
import { settings } from '../tables.ts'

export const appSettingsName = 'app'

export async function readAppSettings(database: Queryable): Promise<AppSettings> {
  const [row] = await database.select().from(settings).where(eq(settings.name, appSettingsName))
  return row?.value ?? appSettingsDefault
}

export async function saveAppSettings(transaction: Transaction, value: AppSettings): Promise<void> {
  await transaction
    .insert(settings)
    .values({ name: appSettingsName, value })
    .onConflictDoUpdate({ target: settings.name, set: { value } })
}
