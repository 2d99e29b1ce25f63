// A figure leads to what it rests on (traces.py): a link or a part of a drawing says by `data-sets`,
// as a query, what the fields of the place that it leads to are set to. Drawings lead to transcripts.
sections.push((root) => {
  const TRIALS = "#transcripts";

  function set(form, name, value) {
    const field = form.elements[name];
    if (!field || field.value === value) return;
    field.value = value;
    const changed = field.form ? field : [...field].find(({ checked }) => checked);
    changed.dispatchEvent(new Event("input", { bubbles: true }));
    changed.dispatchEvent(new Event("change", { bubbles: true }));
  }

  root.addEventListener("click", ({ target }) => {
    const from = target.closest("[data-sets]");
    if (!from) return;
    const form = root.querySelector(from.hash || TRIALS)?.closest("section").querySelector("form");
    for (const [name, value] of new URLSearchParams(from.dataset.sets)) set(form, name, value);
    if (!from.matches("a")) location.hash = TRIALS;  // a link goes there by itself
  });
});
