"use strict";
// What the scripts of a page share. A section's script registers itself by
// `sections.push((root, lang, state) => …)`: it is called once for each language, when the view in
// that language is first shown; `root` is that view, `state` is one object for the whole page.
// Whenever a view is shown, for the first time or again, `root` gets the event "live".
const sections = [];

// What the page holds for scripts, once for all languages; null where it holds nothing.
const dataFor = (() => {
  const read = new Map();
  return (name) => {
    if (!read.has(name)) {
      const held = document.querySelector(`script[data-for="${name}"]`);
      read.set(name, held && JSON.parse(held.textContent));
    }
    return read.get(name);
  };
})();

// What a section's script says in the language of its view.
const wordsFor = (root, name) =>
  JSON.parse(root.querySelector(`script[data-words="${name}"]`).textContent);

// Shows what others wrote: always as text nodes, never as markup, and with unseen characters seen.
function texts(hidden, more, first, lang = document.documentElement.lang) {
  const MORE = 50000;
  const count = new Intl.NumberFormat(lang);
  const point = (code) => `\\u{${code.toString(16)}}`;
  const range = ([low, high]) => `${point(low)}-${point(high)}`;
  const unseen = new RegExp(`[${hidden.map(range).join("")}]`, "gu");

  // A value that holds `%s` itself is no place for the next one.
  const fill = (text, ...values) =>
    text.split("%s").reduce((so_far, part, nth) => so_far + (values[nth - 1] ?? "%s") + part);

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) write(element, text);
    return element;
  }

  // Text as it is, but for the characters that nobody would see.
  function write(element, text) {
    let at = 0;
    for (const found of text.matchAll(unseen)) {
      element.append(text.slice(at, found.index));
      const mark = document.createElement("span");
      mark.className = "unseen";
      mark.textContent = "U+" + found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      element.append(mark);
      at = found.index + found[0].length;
    }
    element.append(text.slice(at));
  }

  // A piece of a text that does not cut a surrogate pair in two.
  function piece(text, from, length) {
    let end = Math.min(text.length, from + length);
    const unit = text.charCodeAt(end - 1);
    if (end < text.length && unit >= 0xd800 && unit < 0xdc00) end += 1;
    return text.slice(from, end);
  }

  // The part of a text that begins at `from`, with what lies in `ranges` of the text marked.
  function marked(element, part, from, ranges) {
    let at = 0;
    for (const [begin, end] of ranges) {
      const low = Math.max(begin - from, 0), high = Math.min(end - from, part.length);
      if (low >= high) continue;
      write(element, part.slice(at, low));
      element.append(make("mark", "", part.slice(low, high)));
      at = high;
    }
    write(element, part.slice(at));
  }

  // A long text, its beginning first: two megabytes on one line must not stop the page.
  function lengthy(text, className, ranges = []) {
    const block = document.createDocumentFragment(), pre = make("pre", className);
    pre.dir = "auto";
    let at = 0;
    const add = (length) => {
      const part = piece(text, at, length);
      marked(pre, part, at, ranges);
      at += part.length;
    };
    add(first);
    block.append(pre);
    if (at >= text.length) return block;
    const button = make("button");
    button.type = "button";
    const label = () => { button.textContent = fill(more, count.format(text.length - at)); };
    button.addEventListener("click", () => {
      add(MORE);
      if (at >= text.length) button.remove(); else label();
    });
    label();
    block.append(button);
    return block;
  }

  // What another room told, as transcripts_packed.py has it: a text, and the language that it is in.
  const told = (held) =>
    typeof held === "string" ? [held, "en"] : [held[lang] ?? held.en, lang in held ? lang : "en"];

  // An element that says in which language it speaks, where that is not the page's.
  function tongue(element, spoken) {
    if (spoken !== lang) element.lang = spoken;
    return element;
  }

  return { count, fill, make, piece, lengthy, told, tongue };
}
