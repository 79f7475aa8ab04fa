/** The products that the repository ships: a sample of Open Food Facts, and who is to be named. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { productDataFolder } from '../data/repository.ts'

const fileName = 'openfoodfacts-products-2020.jsonl.gz'

export const attribution = {
  products:
    'Contains information from Open Food Facts (https://openfoodfacts.org), made available ' +
    'under the Open Database License 1.0 (https://opendatacommons.org/licenses/odbl/1-0/).',
  pictures:
    'Addresses only; the pictures are by contributors of Open Food Facts, CC BY-SA 3.0 ' +
    '(https://creativecommons.org/licenses/by-sa/3.0/).',
  code2asin: 'Synthetic: made up by a hash of the EAN. No ASIN here is one of a real shop.',
} as const

/** As JSON Lines. */
export async function readSample(): Promise<string> {
  const packed = await readFile(join(productDataFolder(), fileName))
  return (await promisify(gunzip)(packed)).toString('utf8')
}
