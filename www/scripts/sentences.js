// What ups-server itself says: { text, sentence } of an event, an answer or a problem, in the
// reader's language where that has the sentence, else in English.

import { number } from './format.js';
import { words } from './language.js';

/** As an element, so that a screen reader knows English by its mark. */
export function said({ text, sentence }) {
  const part = document.createElement('span');
  const own = translated(sentence);
  if (own === null) part.lang = 'en';
  part.textContent = own ?? text;
  return part;
}

/** Null: this language has it not, or not all of what stands in it. */
function translated(sentence) {
  const pattern = words.sentences[sentence?.key];
  if (pattern === undefined) return null;
  const values = new Map(Object.entries(sentence.values).map(([name, value]) => (
    [name, typeof value === 'object' ? translated(value) : number(value)])));
  if ([...values.values()].includes(null)) return null;
  return pattern.replace(/\{(\w+)\}/g, (_, name) => values.get(name));
}
