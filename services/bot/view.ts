/** A message of the bot: HTML text and buttons beneath it. */
import { InlineKeyboard } from 'grammy'
import { type Action, encodeAction } from './actions.ts'

export interface View {
  readonly text: string
  readonly rows: readonly (readonly Button[])[]
}

export interface Button {
  readonly label: string
  readonly action: Action
}

export function keyboardOf(view: View): InlineKeyboard {
  const keyboard = new InlineKeyboard()
  for (const row of view.rows) {
    for (const { label, action } of row) {
      const data = encodeAction(action)
      if (data !== undefined) keyboard.text(label, data)
    }
    keyboard.row()
  }
  return keyboard
}
