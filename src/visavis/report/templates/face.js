// A measured figure leads to the trials behind it: their benchmark is chosen among the transcripts.
sections.push((root) => {
  root.querySelector("#face")?.addEventListener("click", ({ target }) => {
    const link = target.closest("[data-show-benchmark]"), filters = root.querySelector("#filters");
    if (!link || !filters) return;
    filters.reset();
    filters.elements.benchmark.value = link.dataset.showBenchmark;
    filters.elements.benchmark.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
