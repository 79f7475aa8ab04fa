/** Templates as processes publish them: they are text of others, and may be anything. */
import { compileTemplate, type Template } from '../core/template.ts'
import { parseTemplate } from '../core/template-syntax.ts'

/** Undefined: it is none. What else its process tells is still of use. */
export function declaredTemplate(text: string, family: string): Template | undefined {
  try {
    return compileTemplate(parseTemplate(text), family)
  } catch {
    return undefined
  }
}
