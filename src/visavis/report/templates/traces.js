// A figure leads to the trials behind it: a link or a part of a drawing says by `data-show-benchmark`,
// `data-show-kind` and `data-show-pair` which of the transcripts' filters to set.
sections.push((root) => {
  const filters = root.querySelector("#filters");
  if (!filters) return;

  function set(name, value) {
    const field = filters.elements[name];
    if (!field || field.value === value) return;
    field.value = value;
    const changed = field.form ? field : [...field].find(({ checked }) => checked);
    changed.dispatchEvent(new Event("input", { bubbles: true }));
    changed.dispatchEvent(new Event("change", { bubbles: true }));
  }

  root.querySelector("main").addEventListener("click", ({ target }) => {
    const from = target.closest("[data-show-benchmark]");
    if (!from) return;
    const { showBenchmark, showKind = "all", showPair = "" } = from.dataset;
    set("search", "");
    set("benchmark", showBenchmark);
    set("pair", showKind === "all" ? "" : showPair);
    set("kind", showKind);
    if (!from.matches("a")) location.hash = "#transcripts";  // a link goes there by itself
  });
});
