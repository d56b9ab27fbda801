/** One line of a message: line breaks and runs of spaces become one space. */
export const oneLine = (text: string): string => text.replace(/\s+/gu, " ").trim();

/** As it stands inside a sentence; what begins with an abbreviation keeps its capitals. */
export const insideSentence = (text: string): string =>
  /^\p{Lu}\p{Lu}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
