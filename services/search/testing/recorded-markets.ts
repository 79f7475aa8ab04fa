/** For tests: the recorded markets as a search sees them, named as the import names them. */
import { recordedDataFolder } from '../../data/repository.ts'
import type { Searchable } from '../../domain/search.ts'
import { listingOf } from '../../upstream/listing.ts'
import { readRecording } from '../../upstream/recording.ts'
import { magnitudeOf } from '../magnitude.ts'

export async function recordedMarkets(): Promise<Searchable[]> {
  const { markets } = listingOf(await readRecording(recordedDataFolder()))
  return markets.map(({ id, slug, question, choice, category, opening, volumeFactor }) => ({
    id,
    slug,
    question: question.includes(choice) ? question : `${question} (${choice})`,
    category,
    magnitude: magnitudeOf(opening.volume24h * volumeFactor),
  }))
}
