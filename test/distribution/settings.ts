/** The settings of every service, from the schemas by which they check their environment. */
import { z } from 'zod'
import { sourceFiles } from '../tidy/source-files.ts'

export interface Setting {
  readonly name: string
  readonly services: readonly string[]
  /** As text; `undefined`: it has to be set, or may be absent. */
  readonly fallback: string | undefined
  readonly isOptional: boolean
  /** `1 to 100`, `on or off`; empty where any text will do. */
  readonly bounds: string
}

export type Schemas = ReadonlyMap<string, z.ZodObject>

const module = z.object({ schema: z.instanceof(z.ZodObject) })
const shown = z.object({
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  minLength: z.number().optional(),
})

/** By service: what each `environment.ts` exports as `schema`. */
export async function settingSchemas(): Promise<Schemas> {
  const paths = sourceFiles()
    .map(({ path }) => path)
    .filter((path) => /^services\/(?!process|launcher)\w+\/environment\.ts$/.test(path))
  const entries = paths.map(async (path): Promise<[string, z.ZodObject]> => {
    const loaded: unknown = await import(new URL(`../../${path}`, import.meta.url).href)
    return [path.split('/')[1] ?? '', module.parse(loaded).schema]
  })
  return new Map(await Promise.all(entries))
}

/** Each setting with its services; where two services differ, it is there twice. */
export function settingsOf(schemas: Schemas): readonly Setting[] {
  const found = new Map<string, Setting>()
  for (const [service, schema] of schemas) {
    for (const [name, type] of Object.entries(schema.shape)) {
      const setting = settingOf(name, z.instanceof(z.ZodType).parse(type))
      const text = JSON.stringify(setting)
      const services = [...(found.get(text)?.services ?? []), service]
      found.set(text, { ...setting, services })
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function settingOf(name: string, type: z.ZodType): Omit<Setting, 'services'> {
  const output = z.toJSONSchema(type, { io: 'output', unrepresentable: 'any' })
  const form = shown.parse(output)
  return {
    name,
    fallback: form.default === undefined ? undefined : fallbackText(form.default),
    isOptional: type.safeParse(undefined).success,
    bounds: boundsText(form),
  }
}

function fallbackText(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function boundsText(form: z.output<typeof shown>): string {
  const { enum: names, minimum, exclusiveMinimum, maximum, minLength } = form
  if (names !== undefined) return names.join(', ')
  const least =
    minimum ?? (exclusiveMinimum === undefined ? undefined : `above ${exclusiveMinimum}`)
  if (least !== undefined && maximum !== undefined) return `${least} to ${maximum}`
  if (minLength === 1) return 'not empty'
  return minLength === undefined ? '' : `${minLength} characters at least`
}
