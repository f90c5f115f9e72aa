// Picks the reader's language and puts its labels onto the page. Imported by every module that
// says something; a further language is a file in languages/ and its code here.

const languages = ['en', 'de'];

export const language = navigator.languages
  .map((tag) => tag.split('-')[0].toLowerCase())
  .find((code) => languages.includes(code)) ?? 'en';

/** All texts of that language, as languages/en.js has them. */
export const words = await import(`../languages/${language}.js`);

export function labelPage() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = words.labels[element.dataset.text];
  }
}
